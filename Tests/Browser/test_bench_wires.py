"""The bench on the workbench's page: wires, the adapter's switch, the supply's button."""

from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import Select

import bench_page
import browser


class BenchWiresTests(bench_page.BenchTests):
    # Wires

    def test_a_wire_is_dragged(self):
        self.openBench()
        ActionChains(self.driver).drag_and_drop(self.plug("adapter-gnd"), self.gold("gnd")).perform()
        self.assertPlugged("adapter-gnd", "gnd")
        ActionChains(self.driver).click_and_hold(self.plug("adapter-tx")).move_by_offset(-120, 60).release().perform()
        self.assertPlugged("adapter-tx", None)

    def test_a_wire_is_dropped_on_a_pads_lettering(self):
        self.openBench()
        lettering = self.one('[data-pad="gpio22"] .small')
        ActionChains(self.driver).drag_and_drop(self.plug("adapter-gnd"), lettering).perform()
        self.assertPlugged("adapter-gnd", "gpio22")

    def test_a_wire_is_clicked_and_then_a_pad(self):
        self.openBench()
        ActionChains(self.driver).click(self.plug("adapter-gnd")).perform()
        browser.within(5, "it is in the hand", lambda: self.all(".carrying .wire.held"))
        self.assertIn("Choose a pad", self.one("#hint").text)
        ActionChains(self.driver).click(self.gold("gnd")).perform()
        self.assertPlugged("adapter-gnd", "gnd")
        # A wire that is on a pad is taken there; beside all pads it is put back.
        ActionChains(self.driver).click(self.plug("adapter-rx")).move_by_offset(-140, 130).click().perform()
        browser.within(5, "it is put back", lambda: not self.all(".carrying"))
        self.assertPlugged("adapter-rx", "gpio6")

    def test_what_nobody_should_do_is_said_under_the_drawing(self):
        self.openBench()
        danger = lambda: self.all("#hint.danger")
        self.bench.say("hookup", hookup=self.bench.hookup(), text="lesson 7 begins")
        self.bench.say("hookup", hookup=self.bench.hookup(), text="that was with the supply on", isWarning=True)
        browser.within(5, "it is said", lambda: danger() and danger()[0].text == "That was with the supply on.")
        ActionChains(self.driver).drag_and_drop(self.plug("adapter-gnd"), self.gold("gnd")).perform()
        self.assertPlugged("adapter-gnd", "gnd")
        self.assertEqual(danger(), [])

    def test_a_wire_is_moved_by_keyboard(self):
        self.openBench()
        self.script("document.querySelector('[role=switch]').focus()")
        focused = lambda: self.script("const { wire, pad } = document.activeElement.dataset; return wire || pad")
        keys = ActionChains(self.driver)
        for _ in range(3):
            keys.send_keys(Keys.TAB)
        keys.perform()
        self.assertEqual(focused(), "adapter-gnd")
        ActionChains(self.driver).send_keys(Keys.ENTER).perform()
        browser.within(5, "a pad is chosen", lambda: focused() == "gnd")
        ActionChains(self.driver).send_keys(Keys.ARROW_DOWN, Keys.ARROW_DOWN).perform()
        self.assertEqual(focused(), "gpio5")
        ActionChains(self.driver).send_keys(Keys.ARROW_UP, Keys.ARROW_UP, Keys.ENTER).perform()
        self.assertPlugged("adapter-gnd", "gnd")
        self.assertEqual(focused(), "adapter-gnd")
        # Esc puts back, Delete pulls off.
        ActionChains(self.driver).send_keys(Keys.ENTER, Keys.ARROW_DOWN, Keys.ESCAPE).perform()
        self.assertPlugged("adapter-gnd", "gnd")
        self.assertEqual(focused(), "adapter-gnd")
        ActionChains(self.driver).send_keys(Keys.DELETE).perform()
        self.assertPlugged("adapter-gnd", None)

    def test_a_wire_is_moved_by_finger(self):
        self.openBench(screen=browser.PHONE)
        self.assertTrue(self.all("svg.bench.tall"))

        def place(element):
            return self.script(
                "const box = arguments[0].getBoundingClientRect();"
                "return [box.x + box.width / 2, box.y + box.height / 2]", element
            )

        def touch(kind, *points):
            points = [{"x": x, "y": y} for x, y in points]
            self.browser.command("Input.dispatchTouchEvent", type=kind, touchPoints=points)

        for element in (self.plug("adapter-gnd"), self.gold("gnd")):
            touch("touchStart", place(element))
            touch("touchEnd")
        self.assertPlugged("adapter-gnd", "gnd")
        start, end = place(self.plug("adapter-gnd")), place(self.gold("gpio22"))
        touch("touchStart", start)
        for step in range(1, 6):
            touch("touchMove", [a + (b - a) * step / 5 for a, b in zip(start, end)])
        touch("touchEnd")
        self.assertPlugged("adapter-gnd", "gpio22")

    def test_wires_are_plugged_in_a_list(self):
        self.openBench()
        self.one("#wiring summary").click()
        self.assertAccessible()
        Select(self.all("#wires select")[2]).select_by_visible_text("GND")
        self.assertPlugged("adapter-gnd", "gnd")
        Select(self.all("#wires select")[0]).select_by_visible_text("loose")
        self.assertPlugged("adapter-tx", None)

    def test_the_adapters_level_is_switched(self):
        self.openBench()
        self.one('[data-level="1800"]').click()
        browser.within(5, "it is 1.8 V", lambda: self.bench.level == 1800)
        browser.within(5, "it shows", lambda: self.one('[data-level="1800"]').get_attribute("aria-checked") == "true")
        self.script("document.querySelector('.level[aria-checked=true]').focus()")
        ActionChains(self.driver).send_keys(Keys.ARROW_RIGHT, Keys.ARROW_RIGHT).perform()
        browser.within(5, "it is 5 V", lambda: self.bench.level == 5000)

    # Power

    def test_power_comes_and_the_window_shuts(self):
        self.openBench()
        output = self.one("svg [role=switch]")
        place = lambda: self.script("return document.getElementById('waves').getBoundingClientRect().top")
        before = place()
        output.click()
        browser.within(5, "the supply shows it", lambda: output.get_attribute("aria-checked") == "true")
        self.assertEqual(self.text(".reading"), "3.30")
        browser.within(5, "the application runs", lambda: "Tuya" in self.stage())
        self.assertIn("from 24 ms to 124 ms after power-on. The host did not ask.", self.one("#startText").text)
        self.assertTrue(self.isDrawn("start", 4))
        self.assertEqual(place(), before, "what is below stays where it is")
        self.assertIn("The application runs: Tuya.", self.text("#said"))
        ActionChains(self.driver).send_keys("p").perform()
        browser.within(5, "it is off", lambda: "no power" in self.stage())
        self.assertEqual(self.text(".reading"), "0.00")

    def test_the_button_without_its_wires(self):
        self.take("unplug", wire="supply-gnd")
        self.openBench()
        self.one("#power").click()
        browser.within(5, "the supply is on", lambda: self.text(".reading") == "3.30")
        self.assertIn("no power", self.stage())
