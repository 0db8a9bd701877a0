"""A simulated bench for the workbench's page: believable, small, and always the same."""

import copy
import threading
import time

import mock_lessons
from mock_wave import wave

MILLISECOND = 1_000_000
WIRED = {
    "adapter-tx": "gpio5", "adapter-rx": "gpio6", "adapter-gnd": "gnd", "adapter-rts": None, "supply-gnd": "gnd",
    "supply-3v3": "3v3",
}
PARTITIONS = [
    ("partition", 0x0, 0x1000), ("uboot", 0x1000, 0x6000), ("cpu", 0x7000, 0x1B0000), ("ota_status", 0x1B7000, 0x2000),
    ("cfg", 0x1B9000, 0x1C000), ("lfs", 0x1D5000, 0x22000), ("nv_customer", 0x1F7000, 0x4000),
    ("nv_develop", 0x1FB000, 0x3000), ("nv_amt", 0x1FE000, 0x2000),
]
FAULTS = {
    "open-wire": "A wire was never soldered, or has come off: its input stays idle.",
    "swapped-wires": "TX is joined to TX and RX to RX: neither end receives anything.",
    "loose-wire": "A wire has a bad contact: errors come in bursts.",
    "boot-chatter": "Something prints text at 115200 while the host waits for answers.",
    "lose-characters": "Some characters never arrive.",
}
NO_ANSWER = {
    "title": "Nothing came back while the host asked for the chip.",
    "text": "1. Perhaps the chip has no power, or got it too early. Switch it off, start the flasher, then switch it on.\n"
            "2. Perhaps a wire is not where it should be. TX goes to RX (GPIO5), RX to TX (GPIO6).\n"
            "Check: the supply's display, and which pads the wires are on.",
}
NOISE = {
    "title": "A few wrong bytes came where an answer should be.",
    "text": "1. Perhaps the adapter and the supply share no ground. Join the adapter's GND and the board's GND.\n"
            "Check: the waveform at the chip's input. With a common ground it is square.",
}


def sectors():
    full = ["."] * 512
    for _, address, length in PARTITIONS:
        used = length // 4096 if length < 0x20000 else length // 4096 * 65 // 100
        full[address // 4096:address // 4096 + used] = "#" * used
    return full


class Bench:
    """What the page talks to. Its members are changed under its lock alone."""

    def __init__(self):
        self.lock = threading.RLock()
        self.began = time.monotonic()
        self.clients, self.backlog, self.runs = [], [], []
        self.wires = dict(WIRED, **{"adapter-gnd": None})
        self.level, self.is_on, self.program, self.faults = 3300, False, None, []
        self.flash, self.has_image, self.has_backup = sectors(), False, False
        self.flasher, self.lines, self.window, self.stop = None, [], None, threading.Event()
        self.boot = 0
        self.lessons = mock_lessons.Lessons(self)

    def end(self):
        self.stop.set()
        self.boot += 1

    def now(self):
        return int((time.monotonic() - self.began) * 1e9)

    # What it says

    def hookup(self):
        return {
            "wires": self.wires, "adapterMillivolts": self.level, "supply": "on" if self.is_on else "off",
            "chipHasPower": self.has_power(), "faults": self.faults,
        }

    def has_power(self):
        return self.is_on and self.wires["supply-gnd"] == "gnd" and self.wires["supply-3v3"] == "3v3"

    def welcome(self):
        return {
            "event": "welcome", "version": 1,
            "status": {
                "port": "/dev/pts/7", "link": "/run/user/1000/solderless/bench", "lineNanoseconds": self.now(),
                "power": "on" if self.program else "off", "program": self.program, "isHeldInReset": False,
                "chipBaud": 115200, "hostBaud": 115200, "isPortOpen": False,
            },
            "hookup": copy.deepcopy(self.hookup()),
            "board": {
                "name": "tnce-plug", "about": "TNCE smart plug with a BL0937 meter, sold with Tuya's firmware.",
                "pads": ["gpio5", "gpio6", "gpio21", "gpio22", "gnd", "3v3"],
            },
            "flash": {
                "byteCount": 2097152, "sectors": "".join(self.flash),
                "partitions": [{"name": name, "address": at, "length": length} for name, at, length in PARTITIONS],
            },
            "faults": [{"name": name, "about": about} for name, about in FAULTS.items()],
            "flasher": {"isRunning": self.flasher is not None, "program": self.flasher, "lines": self.lines[-50:]},
            "hasImage": self.has_image, "hasBackup": self.has_backup, "lessons": self.lessons.list(),
            "lesson": self.lessons.shown(), "backlog": self.backlog[-200:],
        }

    def say(self, event, **members):
        event = {"event": event, "atNanoseconds": self.now(), "text": "", **members}
        with self.lock:
            if event["event"] in ("story", "power", "program"):
                self.backlog.append(event)
            heavy = {"story": "story", "wave": "waves", "flash": "flash"}.get(event["event"])
            for client in self.clients:
                if not heavy or heavy in client.wanted:
                    client.send(event)
            self.lessons.notice(event)

    def tell(self, kind, text, direction=None, tone="plain", **more):
        self.say("story", kind=kind, direction=direction, tone=tone, text=text, **more)

    # What it is asked

    def take(self, request):
        verb = request["verb"]
        if verb in ("plug", "unplug"):
            if request["wire"] not in self.wires:
                raise ValueError("unknown wire")
            self.wires[request["wire"]] = request.get("to")
        elif verb == "adapter":
            self.level = request["millivolts"]
        elif verb == "fault":
            others = [name for name in self.faults if name != request["fault"]]
            self.faults = others + ([request["fault"]] if request["is"] == "on" else [])
        elif verb == "power":
            self.is_on = request["to"] == "on"
            if request["to"] == "cycle":
                threading.Timer(1, lambda: self.take({"verb": "power", "to": "on"})).start()
        elif verb == "flasher":
            return self.start(request) if request["do"] == "start" else self.stop.set()
        elif verb == "lesson":
            return self.lessons.take(request)
        else:
            raise ValueError("unknown verb %s" % verb)
        self.say("hookup", hookup=copy.deepcopy(self.hookup()))
        self.settle()
        return {"hookup": self.hookup()}

    def settle(self):
        """The chip gets power, or loses it."""
        if self.has_power() == (self.program is not None):
            return
        self.boot += 1
        if not self.has_power():
            self.program, self.window = None, None
            self.say("power", power="off", text="power off")
            self.tell("power", "off")
            return
        self.program = "starting"
        at = self.now()
        self.say("power", power="on", text="power on", atNanoseconds=at)
        self.tell("power", "on")
        threading.Thread(target=self.start_up, args=(self.boot, at), daemon=True).start()

    def start_up(self, boot, at):
        steps = [(4, "mask ROM, flash boot"), (24, "uboot 1.4.0"), (124, "Tuya")]
        for milliseconds, program in steps:
            time.sleep(max(0, (at + milliseconds * MILLISECOND - self.now()) / 1e9))
            with self.lock:
                if self.boot != boot or self.program.startswith("stub"):
                    return
                self.run(program, at + milliseconds * MILLISECOND)

    def run(self, program, at=None):
        at = self.now() if at is None else at
        self.program = program
        self.window = (at, at + 99_996_000) if program.startswith("uboot") else None
        self.say("program", program=program, atNanoseconds=at, text=program + " runs")
        self.tell("chip", program + " runs")

    # The flasher

    def start(self, request):
        if self.flasher:
            raise ValueError("a flasher is running already")
        self.flasher, self.lines, self.stop = request["program"], [], threading.Event()
        self.say("flasher", isRunning=True, program=request["program"], task=request["task"])
        threading.Thread(target=self.flash_it, args=(request["task"], self.stop), daemon=True).start()

    def line(self, text):
        self.lines.append(text)
        self.say("flasher", isRunning=True, line=text)

    def finish(self, ending, diagnosis=None):
        if self.stop.is_set():
            ending, diagnosis = "stopped", None
        self.flasher = None
        self.say("flasher", isRunning=False, ending=ending, diagnosis=diagnosis, hasBackup=self.has_backup)

    def arrives(self):
        return all(self.wires[wire] == WIRED[wire] for wire in ("adapter-tx", "adapter-rx", "adapter-gnd")) \
            and self.level == 3300

    def at_input(self, direction, data, count):
        """The wave of a message, if its wire is where it matters."""
        wire = "adapter-tx" if direction == "host-to-chip" else "adapter-rx"
        if self.wires[wire] != WIRED[wire]:
            return
        is_floating = self.wires["adapter-gnd"] != "gnd"
        event = wave(direction, data, self.now(), self.level, is_floating, phase=count * 2.3)
        self.say(**event)

    def flash_it(self, task, stop):
        self.line("Asking for the chip. Power it now, or cycle its power.")
        self.say("port", isOpen=True, text="the host opened the port")
        for count in range(120):
            if stop.wait(0.05):
                return self.finish("stopped")
            with self.lock:
                # What goes on is told once in a while.
                if count < 2:
                    self.tell("sync-word", "sync word", "host-to-chip")
                elif count % 6 == 0:
                    self.tell("more", "… 6 more sync words", "host-to-chip")
                if count % 2 == 0:
                    self.at_input("host-to-chip", b"cnys", count)
                is_open = self.window and self.window[0] <= self.now() <= self.window[1]
                if is_open and self.arrives():
                    self.run("stub community")
                    break
                if is_open and self.wires["adapter-gnd"] != "gnd":
                    self.tell("header-answer", "header refused", "chip-to-host", "trouble", pitfall={
                        "name": "refusal-is-no-sync-answer", "text": "FF does not answer a sync word; 01 does."})
        else:
            floats = self.wires["adapter-gnd"] != "gnd"
            return self.finish("failure", NOISE if floats else NO_ANSWER)
        self.tell("sync-answer", "sync answer", "chip-to-host")
        self.at_input("chip-to-host", b"\x01", 0)
        self.tell("request", "FLASH ID", "host-to-chip")
        self.tell("answer", "FLASH ID 1540C8 (2 MB)", "chip-to-host")
        self.say("baud", end="chip", baud=921600, text="chip at 921600")
        self.say("baud", end="host", baud=921600, text="host at 921600")
        self.line("Flash: GigaDevice GD25Q16, 2 MB.")
        if task in ("write", "backup", "verify", "erase", "restore"):
            self.work(task, stop)
        self.line("Done.")
        self.finish("success")

    def work(self, task, stop):
        kinds = {"backup": ["read"], "write": ["erase", "program", "verify"], "erase": ["erase"], "verify": ["verify"],
                 "restore": ["erase", "program", "verify"]}[task]
        for kind in kinds:
            for sector in range(0, 512, 16):
                if stop.wait(0.03):
                    return
                operation = {"kind": kind, "address": sector * 4096, "length": 65536}
                if kind in ("erase", "program"):
                    self.flash[sector:sector + 16] = ("#" if kind == "program" else ".") * 16
                self.say("flash", operations=[operation])
                self.tell("request", "%s 0x%X +65536" % (kind.upper(), sector * 4096), "host-to-chip")
                self.tell("answer", "ack status 0", "chip-to-host")
                if sector % 128 == 0:
                    self.at_input("host-to-chip", b"\xa5\x02\x00\x10", sector)
                    self.at_input("chip-to-host", b"\x5a\x02\x01\x00", sector)
        if task == "backup":
            self.has_backup = True


def recorded():
    """A session that was recorded: power that comes late, the answer, a few blocks written."""
    events = []

    def add(milliseconds, event, **members):
        events.append({"event": event, "atNanoseconds": milliseconds * MILLISECOND, "text": "", **members})

    def tell(milliseconds, kind, text, direction=None):
        add(milliseconds, "story", kind=kind, direction=direction, tone="plain", text=text)

    for count in range(10):
        tell(50 * count, "sync-word", "sync word", "host-to-chip")
        events.append(wave("host-to-chip", b"cnys", 50 * count * MILLISECOND))
    add(480, "power", power="on")
    tell(480, "power", "on")
    add(484, "program", program="mask ROM, flash boot")
    add(504, "program", program="uboot 1.4.0")
    tell(520, "sync-word", "sync word", "host-to-chip")
    tell(521, "sync-answer", "sync answer", "chip-to-host")
    events.append(wave("chip-to-host", b"\x01", 521 * MILLISECOND))
    add(600, "program", program="stub community")
    for block in range(32):
        add(700 + 20 * block, "flash", operations=[{"kind": "program", "address": block * 4096, "length": 4096}])
        tell(700 + 20 * block, "request", "write block %d" % (block + 1), "host-to-chip")
    events.sort(key=lambda event: event["atNanoseconds"])
    return {"name": "late-power.pcap", "events": events, "durationNanoseconds": 1400 * MILLISECOND}
