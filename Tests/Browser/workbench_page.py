"""What tests of the real workbench have in common: the program behind its own page."""

from selenium.webdriver.support.select import Select

import browser
import raw_bench


class WorkbenchTests(browser.PageTests):
    def begin(self, *options, **how):
        self.bench = raw_bench.Bench(*options)
        self.addCleanup(self.bench.kill)
        self.visit(**how)

    def visit(self, **how):
        """The bench's page, anew."""
        self.open(self.bench.url, **how)
        browser.within(10, "it is connected", lambda: self.one("#link").text == "connected")
        browser.within(10, "the bench is drawn", lambda: self.all("svg.bench .wire"))

    def start(self, task, program="ours"):
        Select(self.one("#program")).select_by_value(program)
        Select(self.one("#task")).select_by_value(task)
        self.one("#startFlasher").click()

    def text(self, selector):
        """What is in the first of these, if there is one."""
        return self.script("return document.querySelector(arguments[0])?.textContent || ''", selector)

    def output(self):
        return self.text("#output")

    def isPowered(self):
        return self.one("svg [role=switch]").get_attribute("aria-checked") == "true"

    def waitForAsking(self):
        """Until the flasher that was just started asks; what the one before it said does not count."""
        runs = lambda: self.one("#startFlasher").get_attribute("disabled")
        browser.within(20, "the flasher asks", lambda: runs() and "switch its power on" in self.output())

    def waitForEnd(self, limit=60):
        browser.within(limit, "the flasher has ended", lambda: not self.one("#startFlasher").get_attribute("disabled"))

    def waitForStage(self, name, limit=20):
        browser.within(limit, "it runs: " + name, lambda: name in self.text(".stage.now"))
