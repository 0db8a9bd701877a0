"""Lessons taken on the real workbench's page, as a learner takes them: by mouse, by keyboard, with a flasher of one's own."""

import random
import re
import struct
import subprocess
import tempfile

from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.keys import Keys

import browser
import raw_bench
import workbench_page

# How much of a page is in the pictures that docs/workbench.md shows, in CSS pixels.
TOP = {"desktop": 1860, "phone": 1000}
PYTHON = str(raw_bench.ROOT / ".build" / "venv" / "bin" / "python")

# Somebody's own flasher: it asks 20 times a second (ECR6600 facts §1.4) and prints what comes, byte by byte.
ASKING = """
import sys, time, serial
with serial.Serial(sys.argv[1], 115200, timeout=0.05) as port:
    end = time.monotonic() + 60
    print("asking", flush=True)
    while time.monotonic() < end:
        port.write(b"cnys")
        answer = port.read(1)
        if answer:
            print(answer.hex(), flush=True)
        if answer == b"\\1":
            break
"""

# Keeps each wave that the page is given.
LISTENING = """
window.heard = [];
document.addEventListener("bench-event", ({ detail }) => {
    if (detail.event === "wave" && window.heard.length < 400) window.heard.push(detail);
});
"""


class LessonTests(workbench_page.WorkbenchTests):
    # A lesson

    def take(self, name, click=None):
        """Begins a lesson, with the mouse unless it is said how."""
        press = click or (lambda button: button.click())
        press(self.one('[data-key="start-%s"]' % name))
        browser.within(10, "the lesson begins", lambda: self.all('[data-key="begin"]'))
        press(self.one('[data-key="begin"]'))
        browser.within(10, "its first step is shown", lambda: self.all("#lesson .step.now"))

    def assertDone(self, count, limit=20):
        """So many steps are ticked."""
        browser.within(limit, "%d steps are done" % count, lambda: len(self.all("#lesson .step.done .tick")) >= count)
        self.assertEqual(len(self.all("#lesson .step.done")), count)

    def assertMistake(self, words, limit=20):
        browser.within(limit, "a mistake is noticed: " + words, lambda: words in self.text("#lesson .mistake"))

    def answer(self, wrong, right, choose, press):
        """Answers the question, wrongly first."""
        browser.within(20, "a question is asked", lambda: self.all(".choice input"))
        for choice, verdict in ((wrong, "wrong"), (right, "right")):
            choose(choice)
            press(self.one('[data-key="answer"]'))
            browser.within(10, "it is " + verdict, lambda: self.text(".verdict." + verdict))
        browser.within(10, "the lesson is done", lambda: "is done" in self.text(".praise"))

    def assertKept(self, name):
        """The list says that it is done, after a reload as well."""
        self.visit()
        self.one('[data-key="leave"]').click()
        done = lambda: self.all('li.done [data-key="start-%s"] .tick' % name)
        browser.within(10, "the list has it", done)
        self.visit()
        browser.within(10, "the list still has it", done)
        self.assertEqual(len(self.all("#lesson li.done")), 1)

    # The bench

    def drag(self, wire, pad):
        ActionChains(self.driver).drag_and_drop(
            self.one('[data-wire="%s"] .housing' % wire), self.one('[data-pad="%s"] .gold' % pad)).perform()
        self.assertPlugged(wire)

    def assertPlugged(self, wire, place="on pad"):
        label = lambda: self.one('[data-wire="%s"]' % wire).get_attribute("aria-label")
        browser.within(10, "%s is %s" % (wire, place), lambda: place in label())

    def keys(self, *keys):
        ActionChains(self.driver).send_keys(*keys).perform()

    def switch(self, isOn):
        """Presses the supply's button where it stands."""
        self.assertNotEqual(self.isPowered(), isOn)
        self.one("svg [role=switch]").click()
        browser.within(10, "the supply is %s" % ("on" if isOn else "off"), lambda: self.isPowered() == isOn)

    def press(self, isOn):
        """Presses it by its key."""
        self.assertNotEqual(self.isPowered(), isOn)
        self.keys("p")
        browser.within(10, "the supply is %s" % ("on" if isOn else "off"), lambda: self.isPowered() == isOn)

    def enter(self, element):
        """Presses a button by keyboard: it has the focus, and gets Enter."""
        self.script("arguments[0].focus()", element)
        self.keys(Keys.ENTER)

    def told(self):
        return self.text("#rows")

    # The tests

    def test_lesson_2_by_mouse(self):
        self.begin()
        self.take("wiring")
        self.assertEqual(len(self.all("#lesson .step")), 5)
        self.one('[data-level="1800"]').click()
        self.assertMistake("too low")
        self.one('[data-level="3300"]').click()
        self.assertDone(1)
        self.drag("adapter-gnd", "gnd")
        self.drag("supply-gnd", "gnd")
        self.assertDone(2)
        self.drag("adapter-tx", "gpio6")
        self.assertMistake("TX belongs on GPIO5")
        self.drag("adapter-tx", "gpio5")
        self.drag("adapter-rx", "gpio6")
        self.assertDone(3)
        self.drag("supply-3v3", "3v3")
        self.assertDone(4)
        self.start("info")
        self.waitForAsking()
        self.switch(True)
        self.assertDone(5)
        self.waitForEnd()
        self.assertIn("1540C8", self.output())
        self.assertIn("sync answer", self.told())
        self.answer(0, 1, lambda choice: self.all(".choice input")[choice].click(), lambda button: button.click())
        self.assertKept("wiring")

    def test_lesson_4_by_keyboard(self):
        self.begin()
        self.take("power-window", click=self.enter)
        begin = lambda: self.enter(self.one("#startFlasher"))

        # Outside the window: the power first.
        self.press(True)
        self.waitForStage("application")
        begin()
        self.assertDone(1)
        browser.within(10, "the page says why", lambda: "The host began to ask" in self.text("#startText"))
        self.assertNotIn("sync answer", self.told())
        self.press(False)
        self.assertDone(2)
        # Once more, where it is a mistake.
        self.enter(self.one("#stopFlasher"))
        self.waitForEnd()
        self.press(True)
        self.waitForStage("application")
        begin()
        self.assertMistake("The window has passed without a sync word")
        self.assertDone(2)

        # Inside: the flasher still asks.
        self.press(False)
        self.press(True)
        self.assertDone(3)
        self.assertEqual(self.all("#lesson .mistake"), [])
        self.waitForEnd()
        self.assertIn("answered the host at", self.text("#startText"))
        self.waitForStage("stub")
        # The next step is the learner's as well: this flasher's last words have not done it.
        self.assertDone(3)
        begin()
        self.assertDone(4)
        self.waitForEnd()
        self.enter(self.one("#cycle"))
        self.assertDone(5)
        self.waitForStage("application")

        def choose(choice):
            boxes = self.all(".choice input")
            self.script("arguments[0].focus()", boxes[0])
            self.keys(Keys.SPACE, *[Keys.ARROW_DOWN] * choice)
            self.assertTrue(boxes[choice].is_selected())

        self.answer(2, 1, choose, self.enter)
        self.assertKept("power-window")

    def test_lesson_4_with_ones_own_flasher(self):
        self.begin()
        self.take("power-window")
        self.one("#power").click()
        self.waitForStage("application")
        port = self.one("#portPath").get_property("value")
        with subprocess.Popen([PYTHON, "-c", ASKING, port], stdout=subprocess.PIPE, text=True) as flasher:
            self.addCleanup(flasher.kill)
            self.assertEqual(flasher.stdout.readline(), "asking\n")
            # The firmware is deaf; whatever it printed before is no answer.
            self.assertDone(1)
            self.assertIn("sync word", self.told())
            self.assertNotIn("sync answer", self.told())
            self.one("#power").click()
            self.assertDone(2)
            self.one("#power").click()
            said = flasher.stdout.read().split()
            self.assertEqual(flasher.wait(20), 0)
        self.assertEqual(said[-1:], ["01"])
        browser.within(10, "the page tells of it", lambda: "sync answer" in self.told())
        browser.within(10, "the page shows when", lambda: "answered the host at" in self.text("#startText"))
        self.waitForStage("uboot")
        # Nothing has been loaded: the step goes on.
        self.assertDone(2)

    def test_lesson_7_is_seen_and_cured(self):
        self.begin()
        self.script(LISTENING)
        self.take("no-ground")
        self.assertPlugged("adapter-gnd", "loose")
        self.start("info")
        self.waitForAsking()
        self.switch(True)
        self.assertDone(1)
        waves = browser.within(10, "waves are shown", lambda: self.waves("host-to-chip"))
        for wave in waves:
            # A character whose bits are all ones has no level to keep.
            hasArrived = self.isSquare(wave) and wave["received"] == wave["sent"]
            self.assertFalse(hasArrived, "without a ground no level stays: %s" % wave)
        # What the page makes of the one that it shows.
        browser.within(20, "the page says so", lambda: re.match(
            r".* V to .* V, threshold .* The host sent [0-9A-F ]+; what arrived is", self.text("#chipInputText")))
        self.assertTrue(self.one("#chipInput").get_attribute("data-wave"))

        for count in range(2):
            self.one("#cycle").click()
            browser.within(10, "it is off", lambda: not self.isPowered())
            browser.within(10, "it is on", self.isPowered)
            self.waitForStage("application")
        self.assertDone(2)
        self.waitForEnd(90)
        self.assertTrue(self.one("#why").is_displayed())
        self.assertIn("ground", self.text("#why"))
        for text in ("differs", "lost", "garbled"):
            self.assertNotIn(text, [one.text for one in self.all("#rows .kind")], "the story gives it away")
        self.assertTrue(self.one("#whyText > ol").is_displayed())
        self.lookAround("workbench-no-ground")

        # Mended by keyboard.
        self.press(False)
        self.script("document.querySelector('[data-wire=adapter-gnd]').focus()")
        self.keys(Keys.ENTER)
        browser.within(10, "a pad is to be chosen", lambda: self.all(".carrying .wire.held"))
        pad = lambda: self.script("return document.activeElement.dataset.pad")
        for _ in range(7):
            if pad() == "gnd":
                break
            self.keys(Keys.ARROW_DOWN)
        self.assertEqual(pad(), "gnd")
        self.keys(Keys.ENTER)
        self.assertPlugged("adapter-gnd")
        self.assertDone(3)
        self.script("window.heard = []")
        self.enter(self.one("#startFlasher"))
        self.waitForAsking()
        self.press(True)
        self.assertDone(4)
        waves = browser.within(10, "waves are shown", lambda: self.waves("host-to-chip"))
        for wave in waves:
            self.assertTrue(self.isSquare(wave), "with a ground both levels are reached: %s" % wave)
        self.waitForEnd()
        self.assertFalse(self.one("#why").is_displayed())
        self.answer(0, 2, lambda choice: self.all(".choice input")[choice].click(), self.enter)
        self.assertKept("no-ground")

    def test_a_write_that_goes_well(self):
        self.begin("--wired")
        with tempfile.NamedTemporaryFile(suffix=".bin") as file:
            # One part, for the application's partition (ECR6600 facts §2, §6).
            part = random.Random(1).randbytes(0x28000)
            file.write(b"oneb\x01" + struct.pack("<BII", 2, 0x7000, len(part)) + part)
            file.flush()
            self.one("#image").send_keys(file.name)
            browser.within(20, "it is taken", lambda: "is on the bench" in self.text("#imageState"))
        self.start("write")
        self.waitForAsking()
        self.switch(True)
        self.waitForEnd(120)
        self.assertTrue(self.all("#output .ending.success"), self.output())
        self.assertFalse(self.one("#why").is_displayed())
        self.assertNotEqual(self.one("#backup").get_attribute("aria-disabled"), "true")
        self.lookAround("workbench-written")

    # What is seen

    def waves(self, direction):
        return [wave for wave in self.script("return window.heard") if wave["direction"] == direction]

    def isSquare(self, wave):
        """Every sample is taken where the input is promised to read it."""
        taken = [(wave["millivolts"][step], bit) for step, bit in wave["samples"]]
        return bool(taken) and all(level >= wave["high"] if bit else level <= wave["low"] for level, bit in taken)

    def lookAround(self, name):
        """The page on each screen, light and dark: what it looks like, and whether everybody can read it."""
        for screen, size in browser.SCREENS.items():
            for scheme in browser.SCHEMES:
                with self.subTest(screen=screen, scheme=scheme):
                    self.browser.show(size, scheme)
                    self.screen = size
                    browser.within(10, "it is " + scheme, lambda: self.script(
                        "return document.documentElement.dataset.theme") == scheme)
                    drawn = "tall" if screen == "phone" else "wide"
                    browser.within(10, "it is drawn for it", lambda: self.all("svg.bench." + drawn))
                    self.assertFits()
                    self.assertAccessible()
                    self.picture("%s-%s-%s" % (name, screen, scheme))
                    # As docs/figures has it.
                    self.picture("%s-%s-%s-top" % (name, screen, scheme), most=TOP[screen])
        self.browser.show(browser.DESKTOP, "light")
        self.screen = browser.DESKTOP
        browser.within(10, "it is drawn as before", lambda: self.all("svg.bench.wide"))
