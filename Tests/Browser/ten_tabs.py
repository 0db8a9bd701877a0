"""What ten tabs on one bench cost while a flash is backed up and written: processor, memory, and how long an event takes to
each of them.

    python3 Tests/Browser/ten_tabs.py [TABS] [--idle]

The built-in flasher reads 2 MB and writes 1.7 MB; the WebSockets take everything that happens, as the page does.
An event that everybody is told of is timed from its cause: one tab plugs a wire that matters to nobody, and each tab notes
when it hears of it. So the figure includes the request, the emulation's turn and the way to each tab.
"""

import json
import random
import statistics
import struct
import sys
import threading
import time

from raw_bench import Bench, Tab


class Listener(threading.Thread):
    def __init__(self, bench):
        super().__init__(daemon=True)
        self.tab = Tab(bench, 300)
        self.heard = []
        self.kinds = {}
        self.byte_count = 0
        self.ending = threading.Event()
        assert self.tab.message()["event"] == "welcome"
        assert self.tab.ask(verb="events", also=["story", "waves", "flash"])["ok"]
        self.start()

    def run(self):
        try:
            while True:
                kind, payload = self.tab.frame()
                now = time.monotonic()
                self.byte_count += len(payload)
                if kind != 1:
                    return
                # Ten readers in one interpreter: what need not be parsed is not.
                name = payload[payload.find(b'"event":"') + 9:][:12].split(b'"')[0].decode()
                self.kinds[name] = self.kinds.get(name, 0) + 1
                if name == "hookup":
                    self.heard.append(now)
                elif name == "flasher" and b'"ending"' in payload:
                    self.last = json.loads(payload)
                    self.ending.set()
        except EOFError:
            pass


def image():
    """An all-in-one image with one part, as large as the partition that it goes to (ECR6600 facts §2, §6)."""
    data = random.Random(1).randbytes(0x1B0000)
    return b"oneb\x01" + struct.pack("<BII", 2, 0x7000, len(data)) + data


def main():
    count = int(sys.argv[1]) if len(sys.argv) > 1 and sys.argv[1].isdigit() else 10
    bench = Bench("--wired")
    control = Tab(bench)
    control.message()
    assert control.ask(verb="power", to="on")["ok"]
    status, _, answer = bench.ask("POST", "/image", image())
    assert status == 200, answer
    listeners = [Listener(bench) for _ in range(count)]
    time.sleep(1)
    if "--idle" in sys.argv:
        began, used = time.monotonic(), bench.processor_seconds()
        time.sleep(10)
        print("idle, %d tabs: %.2f %% of a processor, %.1f MB" % (
            count, (bench.processor_seconds() - used) * 100 / (time.monotonic() - began), bench.memory() / 1024))
    delays, missed = [], 0
    began, used = time.monotonic(), bench.processor_seconds()
    assert control.ask(verb="flasher", do="start", program="ours", task="write")["ok"]
    assert control.ask(verb="power", to="cycle", forNanoseconds=1000000000)["ok"]
    asked = 0
    while not listeners[0].ending.wait(0.25):
        is_on = asked % 2 == 0
        sent = time.monotonic()
        answer = control.ask(verb="plug", wire="adapter-rts", to="gpio21") if is_on else control.ask(
            verb="unplug", wire="adapter-rts")
        asked += 1
        assert answer["ok"], answer
        time.sleep(0.25)
        for listener in listeners:
            # Nobody else changes anything: the next one is the answer's.
            heard = [at for at in listener.heard if at > sent]
            delays += [heard[0] - sent] if heard else []
            missed += not heard
        if time.monotonic() - began > 240:
            break
    took = time.monotonic() - began
    print("ending: %s, %.1f s" % (getattr(listeners[0], "last", {}).get("ending"), took))
    print("events a tab: %s" % ", ".join("%s %d" % pair for pair in sorted(listeners[0].kinds.items())))
    print("sent: %.1f MB in all, %.1f KB/s a tab" % (
        sum(l.byte_count for l in listeners) / 1e6, listeners[0].byte_count / took / 1e3))
    print("server: %.1f %% of a processor, %.1f MB resident, %.1f MB at most" % (
        (bench.processor_seconds() - used) * 100 / took, bench.memory() / 1024, bench.memory("VmHWM") / 1024))
    delays.sort()
    if delays:
        print("from a request to the event at a tab: %d of %d, median %.1f ms, 95 %% within %.1f ms, slowest %.1f ms" % (
            len(delays), len(delays) + missed, statistics.median(delays) * 1e3, delays[len(delays) * 95 // 100] * 1e3,
            delays[-1] * 1e3))
    print("exit code and what is left:", bench.end())


if __name__ == "__main__":
    main()
