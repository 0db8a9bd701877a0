"""The workbench's page: what it begins with, whom it suits, and its connection."""

from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.keys import Keys

import bench_page
import browser


class BenchPageTests(bench_page.BenchTests):
    # What it begins with

    def test_what_it_begins_with(self):
        self.openBench()
        self.assertIn("Never on mains", self.one("#safety").text)
        self.assertIn("tnce-plug", self.one("#boardName").text)
        self.assertEqual(self.one("#portPath").get_property("value"), "/run/user/1000/solderless/bench")
        self.assertIn("off", self.stage())
        self.assertEqual(len(self.all(".pad")), 6)
        self.assertEqual(len(self.all("button.lesson")), 3)
        self.assertEqual(len(self.all("#partitions tbody tr")), 9)
        self.assertTrue(self.isDrawn("map"))
        self.assertIn("512 sectors", self.one("#mapText").text)
        self.assertIn("loose", self.wire("adapter-gnd").get_attribute("aria-label"))

    def test_it_fits_and_everybody_can_read_it(self):
        self.take("lesson", do="start", name="wiring")
        self.take("lesson", do="hint")
        self.take("plug", wire="adapter-tx", to="gpio21")
        self.take("flasher", do="start", program="ours", task="info")
        browser.within(15, "it has failed", lambda: not self.bench.flasher)
        for screen, size in browser.SCREENS.items():
            for scheme in browser.SCHEMES:
                with self.subTest(screen=screen, scheme=scheme):
                    self.openBench(screen=size, scheme=scheme)
                    browser.within(5, "the story is told", lambda: self.all("#rows .line"))
                    self.assertFits()
                    self.assertAccessible()
                    self.picture("bench-%s-%s" % (screen, scheme))

    # The connection

    def test_it_connects_again(self):
        self.openBench()
        self.server.refuses = True
        self.server.drop()
        browser.within(5, "it says so", lambda: "Connection lost" in self.one("#link").text)
        self.assertTrue(self.one("#link").is_displayed())
        self.one("#power").click()
        browser.within(5, "a press is not lost in silence", lambda: "No connection" in self.one("#notice").text)
        self.assertAccessible()
        self.one("#noticeClose").click()
        browser.within(5, "it is closed", lambda: not self.one("#notice").is_displayed())
        self.bench.wires["adapter-gnd"] = "gnd"
        self.server.refuses = False
        browser.within(15, "it is connected", lambda: self.one("#link").text == "connected")
        self.assertPlugged("adapter-gnd", "gnd")
        # What the browser says of a refused WebSocket itself.
        self._hear()
        self.console = [line for line in self.console if "WebSocket connection" not in line]

    def test_several_tabs_show_the_same(self):
        self.openBench()
        first = self.driver.current_window_handle
        self.driver.switch_to.new_window("tab")
        second = self.driver.current_window_handle
        try:
            self.driver.get(self.server.address)
            browser.within(10, "it is connected", lambda: self.one("#link").text == "connected")
            self.one("#power").click()
            browser.within(5, "power", lambda: self.text(".reading") == "3.30")
            self.driver.switch_to.window(first)
            browser.within(5, "here as well", lambda: self.text(".reading") == "3.30")
            self.one('[data-level="1800"]').click()
            self.driver.switch_to.window(second)
            level = self.one('[data-level="1800"]')
            browser.within(5, "there as well", lambda: level.get_attribute("aria-checked") == "true")
        finally:
            self.driver.switch_to.window(second)
            self.driver.close()
            self.driver.switch_to.window(first)

    # The reader's wishes

    def test_less_motion(self):
        moves = """
        return Array.from(document.querySelectorAll("*")).filter((element) => {
          const style = getComputedStyle(element);
          return style.animationName !== "none" || style.transitionDuration.split(",").some((time) => parseFloat(time) > 0);
        }).length
        """
        self.openBench(features=[("prefers-reduced-motion", "reduce")])
        self.assertEqual(self.script(moves), 0)
        self.openBench()
        self.assertGreater(self.script(moves), 0)

    def test_colours_follow_the_reader(self):
        ground = lambda: self.script("return getComputedStyle(document.body).backgroundColor")
        self.openBench(scheme="light")
        light = ground()
        self.openBench(scheme="dark")
        dark = ground()
        self.assertNotEqual(light, dark)
        self.one("#theme").click()
        browser.within(5, "it is light", lambda: ground() == light)

    def test_letters_can_be_switched_off(self):
        self.openBench()
        ActionChains(self.driver).send_keys("?").perform()
        browser.within(5, "the keys are listed", lambda: self.one("#help").get_property("open"))
        self.assertAccessible()
        self.one("#lettersOff").click()
        ActionChains(self.driver).send_keys(Keys.ESCAPE).perform()
        browser.within(5, "they are gone", lambda: not self.one("#help").get_property("open"))
        ActionChains(self.driver).send_keys("p").perform()
        # Had the letter done anything, this press would switch off.
        self.one("#power").click()
        browser.within(5, "it is on", lambda: self.text(".reading") == "3.30")
        self.assertTrue(self.bench.is_on)
