"""What tests of the workbench's page have in common: a simulated bench behind it, and words for what is on it."""

import browser
import mock_server


class BenchTests(browser.PageTests):
    def setUp(self):
        super().setUp()
        self.server = mock_server.Server()
        self.bench = self.server.bench

    def tearDown(self):
        super().tearDown()
        self.server.end()

    # What is asked of the page

    def openBench(self, **how):
        self.open(self.server.address, **how)
        browser.within(10, "it is connected", lambda: self.one("#link").text == "connected")
        browser.within(10, "the bench is drawn", lambda: self.all("svg.bench .wire"))

    def take(self, verb, **members):
        """Something done to the bench by somebody else."""
        with self.bench.lock:
            self.bench.take({"verb": verb, **members})

    def wire(self, name):
        return self.one('[data-wire="%s"]' % name)

    def plug(self, name):
        return self.one('[data-wire="%s"] .housing' % name)

    def pad(self, name):
        return self.one('[data-pad="%s"]' % name)

    def gold(self, name):
        return self.one('[data-pad="%s"] .gold' % name)

    def assertPlugged(self, wire, pad):
        browser.within(5, "%s is on %s" % (wire, pad), lambda: self.bench.wires[wire] == pad)
        place = "loose" if pad is None else "on pad"
        browser.within(5, "the page says so", lambda: place in self.wire(wire).get_attribute("aria-label"))
        self.assertEqual(self.all(".carrying"), [])

    def text(self, selector):
        """What is in the first of these, if there is one yet."""
        return self.script("return document.querySelector(arguments[0])?.textContent || ''", selector)

    def stage(self):
        now = self.all(".stage.now")
        return now[0].text if now else ""

    def isDrawn(self, canvas, least=2):
        """Whether a canvas has so many colours."""
        return self.script(
            """
            const canvas = document.getElementById(arguments[0]);
            if (!canvas.width || !canvas.height) return false;
            const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
            return new Set(new Uint32Array(data.buffer)).size >= arguments[1];
            """,
            canvas, least,
        )
