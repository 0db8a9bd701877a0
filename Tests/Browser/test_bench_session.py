"""Sessions on the workbench's page: waves, story, flash, and recordings."""

import tempfile

from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.support.ui import Select

import bench_page
import browser
import mock_bench

PCAP = bytes.fromhex("4d3cb2a1020004000000000000000000000004 00fa000000")


class BenchSessionTests(bench_page.BenchTests):
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
        self.assertEqual(self.text("#whyHeading"), "Why did that fail?")
        self.take("plug", wire="adapter-gnd", to="gnd")
        browser.within(5, "the bench is another one now", lambda: self.text("#whyHeading") == "Why the last run failed")
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

    def test_a_word_that_came_before_the_window_waited(self):
        self.openBench()
        start = self.bench.now()

        def tell(milliseconds, event, **members):
            self.bench.say(event, atNanoseconds=start + milliseconds * mock_bench.MILLISECOND, **members)

        def say(milliseconds, kind, direction):
            tell(milliseconds, "story", kind=kind, direction=direction, tone="plain", text=kind.replace("-", " "))

        def boot(milliseconds, word):
            tell(milliseconds, "power", power="on")
            say(milliseconds + word, "sync-word", "host-to-chip")
            tell(milliseconds + 24, "program", program="uboot 1.4.0")
            say(milliseconds + 40, "sync-answer", "chip-to-host")
            tell(milliseconds + 60, "power", power="off")

        words = lambda: self.text("#startText")
        # A word before the power is none that waited; and what the chip did not send is no answer.
        say(0, "sync-word", "host-to-chip")
        tell(10, "power", power="on")
        tell(34, "program", program="uboot 1.4.0")
        tell(40, "story", kind="sync-answer", direction="chip-to-host", text="sync answer", pitfall={"name": "not-sent"})
        browser.within(5, "it listened", lambda: "uboot listened from 24 ms to 124 ms after power-on." in words())
        say(70, "sync-answer", "chip-to-host")
        browser.within(5, "it answered", lambda: words().endswith("answered the host at 60 ms."))
        start += 1000 * mock_bench.MILLISECOND
        boot(0, 20)
        browser.within(5, "it had waited", lambda: "had come before, and waited in the chip's receiver" in words())
        self.assertIn("answered the host at 40 ms", words())
        boot(200, 30)
        browser.within(5, "this one had not", lambda: words().endswith("answered the host at 40 ms."))

    def test_a_word_shortly_before_the_window_is_no_end_of_asking(self):
        self.openBench()
        start = self.bench.now()
        at = lambda milliseconds: {"atNanoseconds": start + milliseconds * mock_bench.MILLISECOND}
        words = lambda: self.text("#startText")
        self.bench.say("power", power="on", **at(0))
        self.bench.say("story", kind="sync-word", direction="host-to-chip", text="sync word", **at(23))
        # Long enough to be seen by whoever is slow.
        ends = [at(24)["atNanoseconds"], at(4024)["atNanoseconds"]]
        window = dict(zip(("fromNanoseconds", "toNanoseconds"), ends))
        self.bench.say("program", program="uboot 1.4.0", window=window, **at(24))
        browser.within(5, "it listens", lambda: words().startswith("uboot listens from 24 ms to "))
        browser.within(10, "it is over", lambda: words().endswith("The host had asked shortly before; no answer came."))

    def test_an_input_without_its_wire_says_so(self):
        self.openBench()
        self.one("#startFlasher").click()
        browser.within(5, "a wave came", lambda: "sent 63" in self.text("#chipInputText"))
        self.take("unplug", wire="adapter-tx")
        browser.within(5, "it says so", lambda: self.text("#chipInputText") == "not joined to the host's output")
        self.assertEqual(self.text("#hostInputText"), "idle, nothing arrives")
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

    def test_a_divided_clock_is_called_by_its_nominal_rate(self):
        """The chip's divisors of 80 MHz (ECR6600 facts §1.3, §4.3); 8 × 21 is too far from 460800."""
        self.openBench()
        found = self.driver.execute_async_script(
            "const [rates, done] = arguments; import('/page/bench-words.js').then(({ nominal }) => "
            "done(rates.map(nominal)))", [114943, 909091, 1_000_000, 1481481, 476190])
        self.assertEqual(found, [115200, 921600, 1_000_000, 1_500_000, 476190])

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
