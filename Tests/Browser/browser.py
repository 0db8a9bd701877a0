"""Pages in a real browser: Debian's Chromium, driven by Selenium.

    class Tests(browser.PageTests):
        def test_it(self):
            page = self.open(address, screen=browser.PHONE, scheme="dark")
            self.assertFits()

A test of `PageTests` fails of itself, whatever else it looks at, when the page says anything on the console, or asks
for anything that is not its own: a file's page asks for nothing, a served page for what its own server has.

By hand, after `make test-browser` has set everything up:

    SOLDERLESS=$PWD/.build/release/solderless PYTHONPATH=Tests/Browser \\
        .build/browser-venv/bin/python -m unittest -v test_check_page
"""

import atexit
import base64
import json
import os
import pathlib
import shutil
import sys
import tempfile
import time
import unittest
import urllib.parse

import axe_core_python
from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By

ROOT = pathlib.Path(__file__).resolve().parents[2]
AXE = pathlib.Path(axe_core_python.__file__).with_name("axe.min.js")
PICTURES = pathlib.Path(os.environ.get("SOLDERLESS_PICTURES", ROOT / ".build" / "pictures"))

# Width and height in CSS pixels, and whether fingers are what points.
DESKTOP = (1280, 860, False)
PHONE = (360, 740, True)
SCREENS = {"desktop": DESKTOP, "phone": PHONE}
SCHEMES = ("light", "dark")


def program():
    """The program under test."""
    return os.environ.get("SOLDERLESS") or str(ROOT / ".build" / "release" / "solderless")


def within(seconds, what, condition):
    """Waits until something is so, and returns what the condition returned."""
    end = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > end:
            raise AssertionError("not within %s s: %s" % (seconds, what))
        time.sleep(0.02)


class Browser:
    """One Chromium with a profile of its own; it serves all tests of a run."""

    shared = None

    @classmethod
    def get(cls):
        if cls.shared is None:
            cls.shared = cls()
            atexit.register(cls.shared.end)
        return cls.shared

    def __init__(self):
        self.profile = tempfile.mkdtemp(prefix="solderless-browser-")
        options = webdriver.ChromeOptions()
        options.binary_location = shutil.which("chromium")
        options.add_argument("--headless=new")
        options.add_argument("--user-data-dir=" + self.profile)
        options.add_argument("--disable-gpu")
        # A small /dev/shm, as in containers, would crash it.
        options.add_argument("--disable-dev-shm-usage")
        options.add_argument("--force-color-profile=srgb")
        if os.geteuid() == 0:
            # For root it has no sandbox.
            options.add_argument("--no-sandbox")
        options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
        # Nothing is looked for elsewhere, and nothing is reported.
        os.environ.update(SE_OFFLINE="true", SE_AVOID_STATS="true")
        self.driver = webdriver.Chrome(options=options, service=Service(shutil.which("chromedriver")))
        self.driver.set_page_load_timeout(30)
        self.driver.set_script_timeout(30)

    def end(self):
        self.driver.quit()
        shutil.rmtree(self.profile, ignore_errors=True)

    def command(self, name, **parameters):
        """A command of the DevTools protocol."""
        return self.driver.execute_cdp_cmd(name, parameters)

    def resize(self, screen):
        width, height, is_touched = screen
        self.command(
            "Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=2 if is_touched else 1,
            mobile=is_touched,
        )

    def show(self, screen, scheme, features=()):
        """What the page believes to be shown on."""
        is_touched = screen[2]
        self.resize(screen)
        self.command("Emulation.setTouchEmulationEnabled", enabled=is_touched)
        wanted = [("prefers-color-scheme", scheme), *features]
        self.command("Emulation.setEmulatedMedia", features=[{"name": name, "value": value} for name, value in wanted])


class PageTests(unittest.TestCase):
    """Tests of pages. See above."""

    maxDiff = None

    def setUp(self):
        self.browser = Browser.get()
        self.driver = self.browser.driver
        self.address = None
        self._forget()

    def tearDown(self):
        # unittest tells its own tests only so; its `success` is of the part that runs, which is this one.
        result = self._outcome.result
        failed = [getattr(test, "test_case", test) for test, _ in result.failures + result.errors]
        if any(test is self for test in failed):
            print("as it looked: %s" % self.picture("failed-" + self.id().rpartition(".")[2]), file=sys.stderr)
        if self.address:
            self.assertQuiet()
            self.driver.get("about:blank")

    # What is shown

    def open(self, address, screen=DESKTOP, scheme="light", features=()):
        """Opens a page: an address, or the path of a file."""
        if "://" not in str(address):
            address = pathlib.Path(address).resolve().as_uri()
        self.browser.show(screen, scheme, features)
        self.screen = screen
        self._forget()
        self.address = address
        self.driver.get(address)

    def all(self, selector):
        return self.driver.find_elements(By.CSS_SELECTOR, selector)

    def one(self, selector):
        found = self.all(selector)
        self.assertEqual(len(found), 1, selector)
        return found[0]

    def script(self, text, *arguments):
        """What a function body returns in the page."""
        return self.driver.execute_script(text, *arguments)

    def picture(self, name, most=None):
        """Keeps what the page looks like from its top, up to three screens high, or `most`. - Returns: where."""
        PICTURES.mkdir(parents=True, exist_ok=True)
        width, height, is_touched = self.screen
        whole = self.browser.command("Page.getLayoutMetrics")["cssContentSize"]["height"]
        tall = min(max(whole, height), most or 3 * height)
        # On a screen as high as the picture: what is captured beyond a screen is scrolled back to its top.
        self.browser.resize((width, tall, is_touched))
        self.script("scrollTo(0, 0)")
        self.script(
            "const sheet = new CSSStyleSheet(); sheet.replaceSync('* { scrollbar-width: none !important; }');"
            "document.adoptedStyleSheets = [sheet];")
        shot = self.browser.command("Page.captureScreenshot", format="png")
        self.script("document.adoptedStyleSheets = [];")
        self.browser.resize(self.screen)
        path = PICTURES / (name + ".png")
        path.write_bytes(base64.b64decode(shot["data"]))
        return path

    # What is demanded

    def assertQuiet(self):
        """Nothing was said on the console, and nothing asked for but what is the page's own."""
        self._hear()
        self.assertEqual(self.console, [], "said on the console")
        own = urllib.parse.urlsplit(self.address)
        others = [url for url in self.requests if not self._is_own(url, own)]
        self.assertEqual(others, [], "asked for")

    def _is_own(self, url, own):
        parts = urllib.parse.urlsplit(url)
        if own.scheme == "file":
            return (parts.scheme, parts.path) == ("file", own.path)
        servers = (own.netloc,)
        return parts.scheme in (own.scheme, "ws", "wss") and parts.netloc in servers

    def assertFits(self):
        """Nothing is wider than the screen, but what scrolls by itself."""
        width = self.screen[0]
        wide = self.script(
            """
            const [width] = arguments, wide = [];
            const scrolls = (element) => {
                for (let one = element.parentElement; one && one !== document.body; one = one.parentElement) {
                    if (["auto", "scroll", "hidden", "clip"].includes(getComputedStyle(one).overflowX)) return true;
                }
                return false;
            };
            for (const element of document.querySelectorAll("body *")) {
                const { left, right, width: own } = element.getBoundingClientRect();
                if (own > 0 && (right > width + 0.5 || left < -0.5) && !scrolls(element)) {
                    wide.push(`${element.tagName} ${element.id || element.className}: ${left}…${right}`);
                }
            }
            if (document.documentElement.scrollWidth > width) {
                wide.push(`the page: ${document.documentElement.scrollWidth}`);
            }
            return wide.slice(0, 10);
            """,
            width,
        )
        self.assertEqual(wide, [], "wider than %d" % width)

    def assertAccessible(self):
        """axe finds nothing wrong."""
        self.script(AXE.read_text(encoding="utf-8"))
        found = self.driver.execute_async_script("axe.run().then(arguments[0])")["violations"]
        lines = ["%s: %s\n  %s" % (one["id"], one["help"], "\n  ".join(
            "%s: %s" % (" ".join(map(str, node["target"])), node["html"][:160]) for node in one["nodes"][:5]
        )) for one in found]
        self.assertEqual(lines, [], "axe's violations")

    # What the browser reports

    def _forget(self):
        self._hear()
        self.console, self.requests = [], []

    def _hear(self):
        if not hasattr(self, "console"):
            self.console, self.requests = [], []
        self.console += ["%s: %s" % (entry["level"], entry["message"]) for entry in self.driver.get_log("browser")]
        for entry in self.driver.get_log("performance"):
            message = json.loads(entry["message"])["message"]
            if message["method"] == "Network.requestWillBeSent":
                self.requests.append(message["params"]["request"]["url"])
            elif message["method"] == "Network.webSocketCreated":
                self.requests.append(message["params"]["url"])
