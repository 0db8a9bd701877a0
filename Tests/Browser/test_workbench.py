"""The workbench itself in a browser: the program's own page, with an emulated chip behind it, and a flasher of ours."""

import os
import tempfile

import browser
import raw_bench
import workbench_page


class RealBenchTests(workbench_page.WorkbenchTests):
    def test_a_chip_is_flashed(self):
        self.begin("--wired")
        self.assertIn("tnce-plug", self.one("#boardName").text)
        self.assertEqual(self.one("#portPath").get_property("value"), self.bench.folder + "/solderless/ecr6600")
        # What it is asked for at the wrong moment is not there, and nothing breaks.
        self.start("info")
        self.waitForAsking()
        self.one("#power").click()
        browser.within(20, "the flash is identified", lambda: "1540C8" in self.output())
        self.waitForEnd()
        self.waitForStage("stub")
        rows = self.script("return document.getElementById('rows').textContent")
        for text in ["sync word", "sync answer", "FLASH ID 1540C8 (2 MB)"]:
            self.assertIn(text, rows)
        for canvas in ["chipInput", "hostInput", "map"]:
            self.assertGreater(
                self.script(
                    "const c = document.getElementById(arguments[0]); return new Set(new Uint32Array("
                    "c.getContext('2d').getImageData(0, 0, c.width, c.height).data.buffer)).size", canvas), 2, canvas)
        self.assertFits()
        self.picture("workbench-flashed")

    def test_no_common_ground_is_seen_and_cured(self):
        self.begin("--wired")
        tab = raw_bench.Tab(self.bench)
        self.assertTrue(tab.ask(verb="unplug", wire="adapter-gnd")["ok"])
        browser.within(
            5, "the page says so", lambda: "loose" in self.one('[data-wire="adapter-gnd"]').get_attribute("aria-label"))
        self.start("info")
        self.waitForAsking()
        self.one("#power").click()
        browser.within(90, "it fails, and says why", lambda: self.one("#why").is_displayed())
        self.assertIn("ground", self.one("#whyText").text)
        self.picture("workbench-no-ground")
        self.assertTrue(tab.ask(verb="plug", wire="adapter-gnd", to="gnd")["ok"])
        tab.close()

    def test_the_port_serves_one_at_a_time(self):
        self.begin("--wired")
        port = os.open(self.bench.folder + "/solderless/ecr6600", os.O_RDWR | os.O_NOCTTY)
        try:
            self.start("info")
            browser.within(10, "it says why not", lambda: "another program has the port open" in self.text("#notice"))
        finally:
            os.close(port)
        self.one("#startFlasher").click()
        self.waitForAsking()
        self.one("#stopFlasher").click()
        self.waitForEnd()

    def test_what_was_recorded_plays(self):
        self.begin("--wired")
        trace = raw_bench.ROOT / "traces" / "late-power-community-1.pcap"
        self.one("#session").send_keys(str(trace))
        browser.within(20, "it is shown", lambda: self.one("#player").is_displayed())
        self.one("#play").click()
        browser.within(20, "the story is told", lambda: self.all("#rows .line"))
        self.one("#leaveSession").click()
        browser.within(10, "the bench is there again", lambda: not self.one("#player").is_displayed())
        with tempfile.NamedTemporaryFile(suffix=".pcap") as file:
            file.write(b"this is no trace")
            file.flush()
            self.one("#session").send_keys(file.name)
            browser.within(10, "it says so", lambda: self.one("#notice").is_displayed())
        self.console_of_refusals()

    def test_an_image_is_taken_or_refused(self):
        self.begin("--wired")
        with tempfile.NamedTemporaryFile(suffix=".bin") as file:
            file.write(b"oneb\x01\x02\x00\x70\x00\x00\x04\x00\x00\x00abcd")
            file.flush()
            self.one("#image").send_keys(file.name)
            browser.within(10, "it is taken", lambda: self.one("#imageState").text)
        with tempfile.NamedTemporaryFile(suffix=".bin") as file:
            file.write(b"whatever")
            file.flush()
            self.one("#image").send_keys(file.name)
            browser.within(10, "it says why not", lambda: "nobody knows where it goes" in self.one("#notice").text)
        self.console_of_refusals()

    def console_of_refusals(self):
        """What the browser says itself of an answer that is no success."""
        self._hear()
        self.console = [line for line in self.console if "the server responded with a status of 422" not in line]


if __name__ == "__main__":
    import unittest

    unittest.main()
