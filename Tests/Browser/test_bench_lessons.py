"""Lessons, faults and files on the workbench's page."""

import tempfile

from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.keys import Keys

import bench_page
import browser


class BenchLessonsTests(bench_page.BenchTests):
    # Lessons, faults, files

    def test_a_lesson_from_its_start_to_its_question(self):
        self.openBench()
        self.all("button.lesson")[0].click()
        browser.within(5, "it begins", lambda: "Lesson 2" in self.one("#lessonTitle").text)
        self.assertEqual(self.one(".text strong").text, "two grounds")
        self.assertEqual(self.all(".step"), [], "the introduction is read first")
        ends = "const box = document.querySelector('%s').getBoundingClientRect(); return box.bottom"
        self.assertLessEqual(
            self.script(ends % '[data-key="begin"]'), self.script(ends % "#lessonBody"), "the way on is in sight")
        self.one('[data-key="begin"]').click()
        self.assertEqual(len(self.all(".step")), 3)
        self.assertTrue(self.one(".step.now").is_displayed())
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
        self.one('[data-key="again"]').click()
        browser.within(5, "it begins anew", lambda: self.all(".steps") and not self.all(".praise, .verdict"))
        self.one('[data-key="leave"]').click()
        browser.within(5, "the list has it", lambda: self.all("li.done button.lesson"))

    def test_a_step_stays_beside_what_it_is_about(self):
        self.openBench(screen=(1280, 800, False))
        self.all("button.lesson")[0].click()
        browser.within(5, "it begins", lambda: self.all('[data-key="begin"]'))
        self.one('[data-key="begin"]').click()
        box = "const { top, bottom } = document.querySelector(arguments[0]).getBoundingClientRect(); return [top, bottom]"
        for part in ("#startFlasher", "#lesson"):
            self.assertLessEqual(self.script(box, part)[1], 800, part)
        for part in ("#flasher", "#waves", "#flash", "#faults"):
            self.script("document.querySelector(arguments[0]).scrollIntoView()", part)
            top, bottom = self.script(box, "#lesson")
            self.assertGreaterEqual(top, 0, part)
            self.assertLessEqual(bottom, 800, part)

    def test_a_failure_that_a_step_asked_for_is_no_alarm(self):
        self.openBench()
        self.take("lesson", do="start", name="no-ground")
        self.take("flasher", do="start", program="ours", task="info")
        browser.within(15, "its failure is what the step wanted", lambda: len(self.all(".step.done")) == 1)
        browser.within(5, "it is told", lambda: self.one("#why").is_displayed())
        isPast = lambda: "past" in self.one("#why").get_attribute("class")
        self.assertTrue(isPast())
        self.assertEqual(self.text("#whyHeading"), "Why the last run failed")
        self.take("lesson", do="leave")
        browser.within(5, "the lesson is left", lambda: self.all("button.lesson"))
        self.assertTrue(isPast(), "it stays so")

    def test_a_lesson_does_not_give_its_fault_away(self):
        self.openBench()
        told = lambda: self.text("#rows")
        lit = lambda: "lit" in self.one("#chipLamp").get_attribute("class")
        telltales = ["what arrived differs", "a byte is lost", "a byte was garbled"]

        def tell():
            for kind, text in zip(("differs", "lost", "garbled"), telltales):
                self.bench.tell(kind, text, "chip-to-host", "trouble")
            self.bench.tell("request", "FLASH ID %d" % self.bench.now(), "host-to-chip")
            return self.bench.backlog[-1]["text"]

        last = tell()
        browser.within(5, "it is told", lambda: last in told())
        self.assertTrue(all(text in told() for text in telltales), told())
        self.take("lesson", do="start", name="no-ground")
        browser.within(5, "it is told no more", lambda: not any(text in told() for text in telltales))
        self.assertIn(last, told())
        browser.within(5, "the lamp goes out", lambda: not lit())
        last = tell()
        browser.within(5, "the rest is still told", lambda: last in told())
        self.assertFalse(any(text in told() for text in telltales), told())
        # A tab that comes later keeps quiet as well.
        self.openBench()
        browser.within(5, "the rest is told", lambda: last in told())
        self.assertFalse(any(text in told() for text in telltales), told())
        self.bench.tell("differs", telltales[0], "chip-to-host", "trouble")
        browser.within(5, "the chip has sent, and its lamp shows it", lit)
        self.take("lesson", do="leave")
        browser.within(5, "all of it is told", lambda: all(text in told() for text in telltales))

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
