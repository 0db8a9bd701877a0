"""The page of `solderless check --html`, opened from a file."""

import json
import pathlib
import shutil
import subprocess
import tempfile
import unittest

import browser

CLIENTS = browser.ROOT / "Tests" / "Clients"

# A job that goes well, one whose write believes what it is told, and a program that prints what no page may obey.
FLASHER = """
solderless: 1
kind: flasher
name: three-in-one
commands:
  info: [python3, "{hostile}", "{port}", "</code><img src=x onerror=alert(1)>"]
  read: python3 {client} --port {port} read {out} --address {address} --length {length}
  write: python3 {client} --port {port} --bug believes-retries write {image} --address {address}
settings: {client: %s, hostile: %s}
power-prompt: {text: now power the device}
"""
# A name that is markup, as well.
FILE = "<img src=x onerror=alert(1)>.yaml"


def setUpModule():
    global folder, report
    folder = pathlib.Path(tempfile.mkdtemp(prefix="solderless-pages-"))
    unittest.addModuleCleanup(shutil.rmtree, folder)
    (folder / FILE).write_text(FLASHER % (browser.ROOT / "emulator" / "planted" / "careful.py", CLIENTS / "hostile.py"))
    words = ["check", "good-bench", "lost-ack", "brown-out-in-erase", "--flasher", "./" + FILE]
    words += ["--json", "--html", "check.html"]
    for task in ["info", "read", "write"]:
        words += ["--task", task]
    report = check(words, (1, 3))
    # It breaks rules that have no verdict.
    host = [browser.ROOT / ".build" / "venv" / "bin" / "python", CLIENTS / "frames_host.py", "{port}"]
    check(
        ["check", "good-bench", "--task", "write", "--json", "--html", "rules.html", "--", *host, "write", "{image}",
         "--address", "{address}"], (0, 3),
    )


def check(words, codes):
    result = subprocess.run(
        [browser.program(), *words], cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=200
    )
    if result.returncode not in codes:
        raise AssertionError("check ended with %d: %s" % (result.returncode, result.stderr.decode()))
    return json.loads(result.stdout)


def label(run):
    seed = "" if run["seed"] == "1" else " seed " + run["seed"]
    return "%(scenario)s %(task)s" % run + seed


def word(run):
    """What the table calls a run's verdict (docs/check.md)."""
    if run["outcome"] == "inconclusive":
        return "inconclusive"
    if run["verdicts"]:
        return run["verdicts"][0]["word"]
    return "good" if run["claim"] == "success" else "failed, as it may"


class CheckPageTests(browser.PageTests):
    def openReport(self, **how):
        self.open(folder / "check.html", **how)

    def test_every_run_has_its_row_and_its_verdict(self):
        self.openReport()
        rows = [[cell.text for cell in row.find_elements("css selector", "td")] for row in self.all("#verdicts tbody tr")]
        self.assertEqual(
            [row[:2] for row in rows],
            [[label(run), word(run)] for run in report["runs"]],
        )
        for run, row in zip(report["runs"], rows):
            for verdict in run["verdicts"][:1]:
                self.assertIn(verdict["reason"], row[-1])
        # What this flasher is known for.
        lost = next(run for run in report["runs"] if (run["scenario"], run["task"]) == ("lost-ack", "write"))
        self.assertIn(word(lost), ("lied", "inconclusive"))
        score = report["score"]
        self.assertIn("%d of %d" % (score["points"], score["of"]), self.one(".score").text)

    def test_a_link_opens_the_run(self):
        self.openReport()
        for number, run in enumerate(report["runs"], 1):
            details = self.all("details.run")[number - 1]
            self.assertEqual(details.get_property("open"), run["outcome"] != "passed", run)
            self.one('#verdicts a[href="#run%d"]' % number).click()
            browser.within(5, "run %d is open" % number, lambda: details.get_property("open"))
            browser.within(
                5, "run %d is in sight" % number,
                lambda: self.script(
                    "const box = arguments[0].querySelector('summary').getBoundingClientRect();"
                    "return box.top >= 0 && box.bottom <= innerHeight", details
                ),
            )
            self.assertIn("%s: %s" % (label(run), word(run)), details.find_element("css selector", "summary").text)

    def test_a_run_is_opened_by_keyboard(self):
        self.openReport()
        closed = next(one for one in self.all("details.run") if not one.get_property("open"))
        closed.find_element("css selector", "summary").send_keys("\n")
        browser.within(5, "it is open", lambda: closed.get_property("open"))

    def test_what_belongs_to_a_run_stands_together(self):
        self.openReport()
        self.script("for (const one of document.querySelectorAll('details')) one.open = true")
        for run, details in zip(report["runs"], self.all("details.run")):
            self.assertIn(run["repeat"], details.text)
            if run["trace"]:
                self.assertIn("solderless show " + run["trace"], details.text)
            output = details.find_element("css selector", ".output")
            first = run["output"].split("\n")[0].strip()
            self.assertTrue(output.text.startswith(first), first)
            if run["task"] == "info":
                continue
            # The output is beside the timeline.
            timeline = details.find_element("css selector", "svg")
            self.assertGreater(output.rect["x"], timeline.rect["x"] + timeline.rect["width"] - 1)
            self.assertGreater(timeline.rect["height"], 30)
            self.assertTrue(details.find_elements("css selector", "svg .phase"))

    def test_faults_are_shaded_while_they_last(self):
        self.openReport()
        self.script("for (const one of document.querySelectorAll('details')) one.open = true")
        for run, details in zip(report["runs"], self.all("details.run")):
            if run["task"] == "info":
                continue
            shaded = details.find_elements("css selector", "svg .fault, svg .off")
            self.assertTrue(shaded, run)
            titles = [self.script("return arguments[0].textContent", one) for one in shaded]
            # Each of these benches begins without power, for half a second after the host's first byte.
            self.assertTrue(any("no power" in title for title in titles), titles)
            if any(fault["count"] for fault in run["faults"]):
                self.assertTrue(details.find_elements("css selector", "svg .fault"), run)

    def test_hostile_output_is_inert(self):
        self.openReport()
        self.assertEqual(self.driver.title, "three-in-one: check")
        self.assertEqual(self.all("#owned, script, img, iframe, [onload], [onerror], a[href^=javascript]"), [])
        self.assertIsNone(self.script("return document.body.dataset.owned || null"))
        text = self.all("details.run .output")[0].get_property("textContent")
        for part in [
            '<script>document.title = "owned"', "</pre></div></details></body></html>", "&amp; &#60;b&#62; &nosuch;",
            "control 85: \\u{85}.", "control 09: \t.", "code point 202E: \\u{202E}.", "温度, 🔌", "last words",
        ]:
            self.assertIn(part, text)
        self.assertNotRegex(
            self.script("return document.documentElement.textContent"),
            "[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufffe\uffff]",
        )

    def test_broken_rules_are_listed(self):
        for screen, size in browser.SCREENS.items():
            with self.subTest(screen=screen):
                self.open(folder / "rules.html", screen=size)
                rows = [row.text for row in self.all("#rules tbody tr")]
                # A flag that is made of the length (ECR6600 facts 11.1).
                flags = [row for row in rows if "data-frame-flag" in row]
                self.assertEqual(len(flags), 1, rows)
                for words in ["warning", "1 run", "good-bench write, ", "(record ", "Send 0 for new data"]:
                    self.assertIn(words, flags[0])
                self.assertFits()
                self.assertAccessible()

    def test_it_fits_on_every_screen(self):
        for screen, size in browser.SCREENS.items():
            for scheme in browser.SCHEMES:
                with self.subTest(screen=screen, scheme=scheme):
                    self.openReport(screen=size, scheme=scheme)
                    self.assertFits()
                    self.picture("check-%s-%s" % (screen, scheme))
                    self.script("for (const one of document.querySelectorAll('details')) one.open = true")
                    self.assertFits()

    def test_it_is_accessible(self):
        for scheme in browser.SCHEMES:
            with self.subTest(scheme=scheme):
                self.openReport(scheme=scheme)
                self.script("for (const one of document.querySelectorAll('details')) one.open = true")
                self.assertAccessible()
