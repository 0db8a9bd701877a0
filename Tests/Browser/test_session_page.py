"""The page of `solderless show --html`, opened from a file."""

import pathlib
import shutil
import subprocess
import tempfile
import unittest

from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.keys import Keys

import browser

TRACES = browser.ROOT / "traces"
# Power that comes late; bytes that arrive as others; blocks that are sent again.
NAMES = ["late-power-community-1", "missing-ground-community-1", "lost-ack-vendor-1"]


def setUpModule():
    global folder
    folder = pathlib.Path(tempfile.mkdtemp(prefix="solderless-pages-"))
    unittest.addModuleCleanup(shutil.rmtree, folder)
    for name in NAMES:
        show(TRACES / (name + ".pcap"), name)


def show(trace, name):
    subprocess.run([browser.program(), "show", "--html", folder / (name + ".html"), trace], check=True, timeout=60)


class SessionPageTests(browser.PageTests):
    def openSession(self, name="late-power-community-1", at="", **how):
        self.open((folder / (name + ".html")).as_uri() + at, **how)
        browser.within(10, "the lanes are drawn", lambda: self.isDrawn("chart"))

    def isDrawn(self, canvas):
        """Whether a canvas has more than one colour."""
        return self.script(
            """
            const canvas = document.getElementById(arguments[0]);
            if (!canvas.width || !canvas.height) return false;
            const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
            const pixels = new Uint32Array(data.buffer);
            return pixels.some((pixel) => pixel !== pixels[0]);
            """,
            canvas,
        )

    def test_what_it_begins_with(self):
        self.openSession()
        self.assertTrue(self.isDrawn("overview"))
        self.assertIn("power came", self.one("#summary").text)
        self.assertGreater(len(self.all("#listRows .line")), 5)
        self.assertGreater(len(self.all("#phases tbody tr")), 2)

    def test_a_message_is_explained(self):
        self.openSession()
        line = self.all("#listRows .line")[0]
        words = line.find_element("css selector", ".words").text
        line.click()
        browser.within(5, "it is chosen", lambda: self.all("#listRows .line[aria-selected=true]"))
        self.assertIn(words.split(" ")[0], self.one("#detail h2").text)
        self.assertTrue(self.one("#said").get_property("textContent"))

    def test_keys_lead_through_it(self):
        self.openSession()
        chart = self.one("#chart")
        chart.send_keys(Keys.HOME)
        first = browser.within(5, "the first is chosen", lambda: self.one("#detail").text)
        chart.send_keys(Keys.ARROW_RIGHT)
        browser.within(5, "the next is chosen", lambda: self.one("#detail").text != first)
        chart.send_keys("e")
        browser.within(5, "trouble is chosen", lambda: "power" in self.one("#detail").text)
        chart.send_keys("?")
        browser.within(5, "the keys are listed", lambda: self.one("#help").get_property("open"))
        ActionChains(self.driver).send_keys(Keys.ESCAPE).perform()
        browser.within(5, "they are gone", lambda: not self.one("#help").get_property("open"))

    def test_a_search_finds(self):
        self.openSession()
        self.one("#search").send_keys("kind:sync-word")
        found = browser.within(5, "something is found", lambda: self.one("#found").text)
        self.assertRegex(found, r"^(\d+ of )?\d+")
        self.one("#search").send_keys(" nothing has this name")
        browser.within(5, "nothing is found", lambda: self.one("#found").text != found)

    def test_a_place_in_the_address_is_opened(self):
        self.openSession(at="#from=0&to=0.8&at=0.5100")
        browser.within(5, "something is chosen", lambda: self.all("#detail h2"))
        self.assertIn("800 ms", self.one("#range").text)

    def test_colours_follow_the_reader(self):
        def ground():
            return self.script("return getComputedStyle(document.body).backgroundColor")

        self.openSession(scheme="light")
        light = ground()
        self.openSession(scheme="dark")
        dark = ground()
        self.assertNotEqual(light, dark)
        self.one("#theme").click()
        browser.within(5, "it is light", lambda: ground() == light)

    def test_what_a_trace_says_is_inert(self):
        markup = "</script><script>document.title='owned'</script><img src=x onerror=document.title='owned'>\u202e"
        trace = folder / "hostile.pcap"
        subprocess.run(
            [browser.program(), "run", "--trace", trace, "--overwrite", "--", "true", "{port}", markup],
            check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=60,
        )
        subprocess.run([browser.program(), "show", "--html", folder / "hostile.html", trace], check=True, timeout=60)
        self.open(folder / "hostile.html")
        browser.within(5, "it is ready", lambda: self.one("#summary").text)
        self.assertNotIn("owned", self.driver.title)
        self.assertEqual(self.all("img, [onerror]"), [])
        self.assertNotIn("\u202e", self.script("return document.documentElement.textContent"))

    def test_it_fits_on_every_screen(self):
        for screen, size in browser.SCREENS.items():
            for scheme in browser.SCHEMES:
                with self.subTest(screen=screen, scheme=scheme):
                    self.openSession("missing-ground-community-1", "#from=0.15&to=0.9&at=0.2607", screen=size, scheme=scheme)
                    browser.within(5, "something is chosen", lambda: self.all("#detail h2"))
                    self.assertFits()
                    self.picture("session-%s-%s" % (screen, scheme))

    def test_it_is_accessible(self):
        for name in NAMES:
            for scheme in browser.SCHEMES:
                with self.subTest(name=name, scheme=scheme):
                    self.openSession(name, scheme=scheme)
                    self.one("#chart").send_keys("e")
                    browser.within(5, "something is chosen", lambda: self.all("#detail h2"))
                    self.assertAccessible()
