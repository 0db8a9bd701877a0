"""The workbench's page, served with a simulated bench behind it."""

import tempfile
import time
import unittest

from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import Select

import browser
import mock_bench
import mock_server

PCAP = bytes.fromhex("4d3cb2a1020004000000000000000000000004 00fa000000")


class BenchPageTests(browser.PageTests):
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

    # Wires

    def test_a_wire_is_dragged(self):
        self.openBench()
        ActionChains(self.driver).drag_and_drop(self.plug("adapter-gnd"), self.gold("gnd")).perform()
        self.assertPlugged("adapter-gnd", "gnd")
        ActionChains(self.driver).click_and_hold(self.plug("adapter-tx")).move_by_offset(-120, 60).release().perform()
        self.assertPlugged("adapter-tx", None)

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
        output.click()
        browser.within(5, "the supply shows it", lambda: output.get_attribute("aria-checked") == "true")
        self.assertEqual(self.text(".reading"), "3.30")
        browser.within(5, "the application runs", lambda: "Tuya" in self.stage())
        self.assertIn("from 24 ms to 124 ms after power-on. The host did not ask.", self.one("#startText").text)
        self.assertTrue(self.isDrawn("start", 4))
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

    # A session

    def test_a_missing_ground_shows(self):
        self.take("power", to="on")
        self.openBench()
        self.one("#startFlasher").click()
        browser.within(10, "a wave came", lambda: "sent 63 6E 79;" in self.text("#chipInputText"))
        self.assertNotIn("so it arrived", self.text("#chipInputText"))
        self.assertTrue(self.isDrawn("chipInput", 6))
        self.one("#power").click()
        browser.within(5, "no power", lambda: "no power" in self.stage())
        self.one("#power").click()
        browser.within(5, "the pitfall is explained", lambda: "does not answer a sync word" in self.text("#rows .pitfall"))
        browser.within(5, "the window was missed", lambda: "no answer came" in self.one("#startText").text)
        browser.within(15, "it has failed", lambda: self.one("#why").is_displayed())
        self.assertIn("wrong bytes", self.one("#whyTitle").text)
        self.assertIn("GND", self.one("#whyText").text)
        self.assertIn("It failed.", self.one("#output").text)
        self.one("#startFlasher").click()
        browser.within(5, "the next run has no diagnosis yet", lambda: not self.one("#why").is_displayed())
        self.one("#stopFlasher").click()
        browser.within(5, "it is stopped", lambda: "It was stopped." in self.one("#output").text)

    def test_the_window_is_caught_and_the_flash_written(self):
        self.take("plug", wire="adapter-gnd", to="gnd")
        self.openBench()
        Select(self.one("#task")).select_by_value("write")
        self.one("#startFlasher").click()
        browser.within(5, "the host asks", lambda: len(self.all("#rows .host-to-chip")) >= 3)
        self.one("svg [role=switch]").click()
        browser.within(5, "the stub runs", lambda: "community" in self.stage())
        self.assertIn("answered the host at", self.one("#startText").text)
        self.assertEqual(self.one("#hostBaud").text, "921600 baud")
        browser.within(5, "the chip's answer is a wave", lambda: "so it arrived" in self.text("#hostInputText"))
        browser.within(5, "sectors are erased", lambda: "Last: erased" in self.text("#mapText"))
        browser.within(15, "it ended well", lambda: "It ended well." in self.one("#output").text)
        self.assertIn("512 hold data", self.text("#mapText"))
        self.assertIn("verified", self.text("#mapText"))
        self.assertFalse(self.one("#why").is_displayed())

    def test_an_input_without_its_wire_is_idle(self):
        self.openBench()
        self.one("#startFlasher").click()
        browser.within(5, "a wave came", lambda: "sent 63" in self.text("#chipInputText"))
        self.take("unplug", wire="adapter-tx")
        browser.within(5, "it is idle", lambda: self.text("#chipInputText") == "idle, nothing arrives")
        self.assertTrue(self.isDrawn("chipInput", 3))
        self.take("plug", wire="adapter-tx", to="gpio5")
        browser.within(5, "it is back", lambda: "sent 63" in self.text("#chipInputText"))

    def test_a_wave_is_held(self):
        self.take("plug", wire="adapter-gnd", to="gnd")
        self.openBench()
        self.one("#startFlasher").click()
        shown = lambda: self.one("#chipInput").get_attribute("data-wave")
        first = browser.within(5, "a wave came", shown)
        browser.within(5, "and another one", lambda: shown() != first)
        ActionChains(self.driver).send_keys("h").perform()
        self.assertEqual(self.one("#hold").get_attribute("aria-pressed"), "true")
        held = shown()
        told = len(self.all("#rows .line"))
        browser.within(5, "more was said", lambda: len(self.all("#rows .line")) > told + 1)
        self.assertEqual(shown(), held)
        self.one("#earlier").click()
        browser.within(5, "the one before", lambda: int(shown()) < int(held))
        self.one("#hold").click()
        browser.within(5, "it goes on", lambda: int(shown()) > int(held))

    def test_the_story_follows_its_end_until_somebody_reads(self):
        self.take("plug", wire="adapter-gnd", to="gnd")
        self.take("flasher", do="start", program="ours", task="write")
        time.sleep(0.2)
        self.take("power", to="on")
        self.openBench()
        rows = self.one("#rows")
        isAtEnd = lambda: self.script(
            "const [rows] = arguments; return rows.scrollHeight - rows.scrollTop - rows.clientHeight < 30", rows
        )
        browser.within(10, "it is longer than its card", lambda: len(self.all("#rows .line")) > 30)
        browser.within(5, "it follows", isAtEnd)
        self.script("arguments[0].scrollTop = 0", rows)
        browser.within(5, "it offers the end", lambda: self.one("#storyEnd").is_displayed())
        told = len(self.all("#rows .line"))
        browser.within(5, "more is said", lambda: len(self.all("#rows .line")) > told + 3)
        self.assertEqual(self.script("return arguments[0].scrollTop", rows), 0)
        self.one("#storyEnd").click()
        browser.within(5, "it follows again", isAtEnd)
        Select(self.one("#storyKind")).select_by_value("chip-to-host")
        browser.within(5, "the host is not shown", lambda: not self.all("#rows .host-to-chip"))
        Select(self.one("#storyKind")).select_by_value("all")
        self.one("#storySearch").send_keys("no such words")
        browser.within(5, "nothing is found", lambda: not self.all("#rows .line"))

    def test_much_at_once_costs_little(self):
        self.openBench()
        browser.within(5, "it listens", lambda: any(client.wanted for client in self.bench.clients))
        for count in range(6000):
            self.bench.tell("request", "block %d" % count, "host-to-chip")
        browser.within(10, "the last one is there", lambda: "block 5999" in self.script(
            "return document.querySelector('#rows').lastChild?.textContent || ''"))
        self.assertLessEqual(len(self.all("#rows .line")), 2000)

    # Lessons, faults, files

    def test_a_lesson_from_its_start_to_its_question(self):
        self.openBench()
        self.all("button.lesson")[0].click()
        browser.within(5, "it begins", lambda: "Lesson 2" in self.one("#lessonTitle").text)
        self.assertEqual(len(self.all(".step")), 3)
        self.assertEqual(self.one(".text strong").text, "two grounds")
        self.one('[data-key="hint"]').click()
        browser.within(5, "a hint", lambda: "hang loose" in self.text(".step .hint"))
        for wire, pad in (("supply-gnd", "gnd"), ("supply-3v3", "3v3")):
            ActionChains(self.driver).drag_and_drop(self.plug(wire), self.gold(pad)).perform()
            self.assertPlugged(wire, pad)
        browser.within(5, "a step is done", lambda: len(self.all(".step.done")) == 1)
        ActionChains(self.driver).drag_and_drop(self.plug("adapter-tx"), self.gold("gpio21")).perform()
        browser.within(5, "the mistake is noticed", lambda: "printed twice" in self.text(".mistake"))
        for wire, pad in (("adapter-tx", "gpio5"), ("adapter-rx", "gpio6"), ("adapter-gnd", "gnd")):
            ActionChains(self.driver).drag_and_drop(self.plug(wire), self.gold(pad)).perform()
            self.assertPlugged(wire, pad)
        browser.within(5, "the question", lambda: len(self.all(".choice")) == 2)
        self.all(".choice input")[0].send_keys(Keys.ARROW_DOWN, Keys.ARROW_UP)
        self.assertIsNone(self.bench.lessons.open["chosen"])
        self.one('[data-key="answer"]').click()
        browser.within(5, "it is wrong", lambda: "No." in self.text(".verdict.wrong"))
        self.all(".choice input")[1].click()
        self.one('[data-key="answer"]').click()
        browser.within(5, "it is right", lambda: self.all(".verdict.right"))
        self.assertIn("Lesson 2 is done", self.one(".praise").text)
        self.one('[data-key="leave"]').click()
        browser.within(5, "the list has it", lambda: self.all("li.done button.lesson"))

    def test_a_fault_is_switched_on(self):
        self.openBench()
        box = self.all("#faultList input")[2]
        box.click()
        browser.within(5, "it is on", lambda: self.bench.faults == ["loose-wire"])
        box.click()
        browser.within(5, "it is off", lambda: self.bench.faults == [])

    def test_an_image_is_put_on_the_bench(self):
        self.openBench()
        with tempfile.NamedTemporaryFile(suffix=".bin") as file:
            file.write(b"oneb" * 1000)
            file.flush()
            self.one("#image").send_keys(file.name)
            browser.within(5, "it is there", lambda: "is on the bench" in self.one("#imageState").text)
            self.assertTrue(self.bench.has_image)
            file.truncate((4 << 20) + 1)
            self.one("#image").send_keys(file.name)
            browser.within(5, "it is refused", lambda: "4 MB at most" in self.one("#notice").text)

    def test_a_refusal_is_shown(self):
        self.openBench()
        self.bench.flasher = "ours"
        self.one("#startFlasher").click()
        browser.within(5, "it is shown", lambda: "running already" in self.one("#notice").text)

    def test_what_comes_from_outside_is_inert(self):
        self.openBench()
        markup = "<img src=x onerror=document.title='owned'><b>bold</b>"
        self.bench.tell("note", markup)
        self.bench.line(markup)
        self.bench.say("lesson", lesson={
            "name": "x", "number": 1, "title": markup, "intro": markup + "\n\n```\n" + markup + "\n```\n\n- " + markup,
            "steps": [{"title": markup, "text": markup, "isDone": False}], "current": 0, "hint": markup, "mistake": markup,
            "question": None, "isDone": False,
        })
        browser.within(5, "it is text", lambda: markup in self.text("#lesson .step.now"))
        browser.within(5, "in the story as well", lambda: markup in self.text("#rows"))
        self.assertEqual(self.all("img, [onerror]"), [])
        self.assertNotEqual(self.driver.title, "owned")

    # A recording

    def test_a_recording_plays(self):
        self.openBench()
        with tempfile.NamedTemporaryFile(suffix=".pcap") as file:
            file.write(b"not a trace")
            file.flush()
            self.one("#session").send_keys(file.name)
            browser.within(5, "it is refused", lambda: "not a trace" in self.one("#notice").text)
            # What the browser says of a refused request itself.
            self._hear()
            self.console = [line for line in self.console if "400 (Bad Request)" not in line]
            file.seek(0)
            file.write(PCAP)
            file.flush()
            self.one("#session").send_keys(file.name)
            browser.within(5, "it plays", lambda: self.one("#player").is_displayed())
        self.assertIn("late-power.pcap", self.one("#playerTitle").text)
        browser.within(10, "the stub runs", lambda: "community" in self.stage())
        browser.within(10, "it is at its end", lambda: self.one("#play").text == "Play")
        self.assertIn("32 written", self.text("#mapText"))
        self.assertIn("write block 32", self.text("#rows"))
        self.assertIn("so it arrived", self.text("#hostInputText"))
        # The bench waits meanwhile.
        self.assertFalse(self.one("#power").is_enabled())
        self.script(
            "const [range] = arguments; range.value = 300; range.dispatchEvent(new Event('input'))", self.one("#scrubber")
        )
        browser.within(5, "it is before power-on", lambda: "no power" in self.stage())
        self.assertNotIn("write block", self.text("#rows"))
        self.assertAccessible()
        self.picture("bench-recording")
        self.one("#leaveSession").click()
        browser.within(5, "the bench is back", lambda: not self.one("#player").is_displayed())
        self.assertEqual(self.text("#rows"), "")
        self.assertTrue(self.one("#power").is_enabled())

    def test_live_and_recorded_events_have_one_meaning(self):
        """One by one, or all at once: the same state; and no state is changed by what comes after it."""
        self.openBench()
        events = [{**self.bench.welcome(), "atNanoseconds": 0}, *mock_bench.recorded()["events"]]
        events += [
            {"event": "flasher", "isRunning": True}, {"event": "flasher", "line": "a line"},
            {"event": "flasher", "isRunning": False, "ending": "failure", "diagnosis": {"title": "t", "text": "x"}},
            {"event": "flash", "operations": [{"kind": "erase", "address": 4096, "length": 8192}]},
            {"event": "reset", "isHeld": True}, {"event": "power", "power": "off", "atNanoseconds": 2e9},
            {"event": "toString"}, {"event": "nobody knows this"},
        ]
        found = self.driver.execute_async_script(
            """
            const [events, done] = arguments;
            import("/page/bench-state.js").then(({ initialState, reduce, reduceAll }) => {
              const plain = (key, value) => ArrayBuffer.isView(value) ? [...value].join("") : value;
              const print = (state) => JSON.stringify(state, plain);
              const seen = [];
              let state = initialState();
              for (const event of events) {
                const before = print(state);
                const next = reduce(state, event);
                if (print(state) !== before) seen.push(event.event);
                state = next;
              }
              const atOnce = reduceAll(initialState(), events);
              done({ changed: seen, isSame: print(atOnce) === print(state), ending: state.flasher.ending,
                sectors: [...state.flash.sectors.subarray(0, 4)], told: state.told, power: state.power });
            });
            """,
            events,
        )
        told = sum(event["event"] == "story" for event in events)
        self.assertEqual(found, {
            "changed": [], "isSame": True, "ending": "failure", "sectors": [1, 0, 0, 1], "told": told, "power": "off",
        })

    def test_characters_that_differ_are_found(self):
        self.openBench()
        cases = [([99, 110], [99, 110]), ([99, 110, 121], [99, 121]), ([99], []), ([1, 2, 3], [9, 2, 8, 3]), ([], [255])]
        found = self.driver.execute_async_script(
            "const [cases, done] = arguments; import('/page/bench-words.js').then(({ compare }) => "
            "done(cases.map(([sent, received]) => compare(sent, received))))",
            cases,
        )
        self.assertEqual([(one["isLost"], one["isWrong"]) for one in found], [
            ([False, False], [False, False]), ([False, True, False], [False, False]), ([True], []),
            ([True, False, False], [True, False, True, False]), ([], [True]),
        ])

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
        time.sleep(0.2)
        self.assertFalse(self.bench.is_on)
