#!/usr/bin/env python3
"""Runs the commands that read files of others on mutated files of the repository. Each run must end by itself, with one of
the documented exit codes, within bounds of time and memory; an error of a parser is good, a crash or a hang is not.

  tools/fuzz.py PROGRAM [--minutes N] [--seed S] [--keep FOLDER]

A failure is kept, with the command that repeats it.
"""
import argparse
import os
import random
import resource
import subprocess
import sys
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
SECONDS = 20
MEGABYTES = 2048

TRACE = [["show"], ["show", "--json", "--hex"], ["show", "--stats"], ["show", "--timeline"], ["show", "--end", "chip"],
         ["show", "--csv"], ["show", "--jsonl"], ["show", "--vcd"], ["show", "--perfetto", "-"], ["show", "--html", "-"],
         ["export", "--as", "usbpcap:ftdi", "--overwrite", "-o", "/dev/null"],
         ["lint"], ["lint", "--json", "--strict"],
         ["show", "--faults"], ["show", "--kind", "request", "--grep", "a", "--from", "0.1", "--to", "2"]]
IMAGE = [["image", "show"], ["image", "show", "--json"], ["image", "partitions"], ["image", "nv", "list"]]


def samples():
    """Files of the repository, with the commands that read such files."""
    traces = [os.path.join(ROOT, "traces", name) for name in sorted(os.listdir(os.path.join(ROOT, "traces")))
              if name.endswith(".pcap")]
    golden = os.path.join(ROOT, "Tests", "Golden")
    sessions = [os.path.join(golden, name) for name in sorted(os.listdir(golden)) if name.endswith(".jsonl")]
    folder = os.path.join(ROOT, "emulator", "scenarios")
    scenarios = [os.path.join(folder, name) for name in sorted(os.listdir(folder)) if name.endswith(".yaml")]
    kinds = [(traces, TRACE + [["diff", traces[0]]]), (sessions, [["import"]]), (scenarios, [["scenarios", "check"]])]
    return [(open(path, "rb").read(), path, command) for paths, commands in kinds for path in paths
            for command in commands]


def images(program):
    """A back-up of a made-up plug, made by the program itself."""
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "plug.bin")
        done = subprocess.run([program, "run", "--time", "fast", "--", program, "flash", "read", path, "--port", "{port}"],
                              capture_output=True)
        if done.returncode != 0:
            sys.exit("cannot make a back-up: " + done.stderr.decode(errors="replace")[-300:])
        whole = open(path, "rb").read()
    # The parts that have a structure: bootloader and table, NV, the application's head.
    return [(whole, "a back-up", command) for command in IMAGE]


SOCAT = b"""> 2013/05/01 12:00:00.000123456  length=20 from=0 to=19
 00 01 02 03 04 05 06 07 08 09 0a                 ...........
 0b 0c 0d 0e 0f 10 11 12 13                       .........
--
< 2013/05/01 12:00:00.000999999  length=2 from=0 to=1
 c0 ff                                            ..
--
"""
ESPTOOL = b"""TRACE +0.003 Write 4 bytes: 636e7973
TRACE +0.188 Read 1 bytes: c0
TRACE +0.001 Read 13 bytes: 0108020007071220 0000c0DB7C
Changing baud rate to 921600
TRACE +0.010 Write 2 bytes: c0c0
Changed.
"""


def recordings(program):
    """Recordings of other kinds, made by the program itself, and two texts."""
    source = os.path.join(ROOT, "traces", "efuse.pcap")
    made = [(SOCAT, "socat.txt"), (ESPTOOL, "esptool.txt")]
    for view, name in [("--vcd", "wires.vcd"), ("--jsonl", "session.jsonl")]:
        made.append((subprocess.run([program, "show", view, source], capture_output=True, check=True).stdout, name))
    with tempfile.TemporaryDirectory() as folder:
        for kind in ["usbpcap:ch340", "usbmon:cp210x", "usbpcap:ftdi", "usbmon:pl2303", "usbpcap:cdc-acm"]:
            path = os.path.join(folder, "usb.pcap")
            subprocess.run([program, "export", source, "--as", kind, "-o", path, "--overwrite"], capture_output=True,
                           check=True)
            made.append((open(path, "rb").read(), kind + ".pcap"))
    return [(data, name, ["import"]) for data, name in made]


def mutated(data, chance):
    data = bytearray(data)
    # Most structure is at the front.
    end = len(data) if chance.random() < 0.5 else min(len(data), 4096)
    for _ in range(chance.choice([1, 1, 2, 4, 16, 200])):
        if not data:
            break
        at = chance.randrange(max(1, min(end, len(data))))
        kind = chance.randrange(7)
        if kind == 0:
            data[at] ^= 1 << chance.randrange(8)
        elif kind == 1:
            data[at] = chance.choice([0, 1, 0x7F, 0x80, 0xFF, chance.randrange(256)])
        elif kind == 2:
            word = chance.choice([0, 1, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF, chance.randrange(1 << 32)])
            data[at:at + 4] = word.to_bytes(4, chance.choice(["little", "big"]))
        elif kind == 3:
            del data[at:at + chance.choice([1, 2, 4, 16, 256])]
        elif kind == 4:
            data[at:at] = bytes(chance.randrange(256) for _ in range(chance.choice([1, 2, 4, 16])))
        elif kind == 5:
            other = chance.randrange(len(data))
            count = chance.choice([4, 16, 64, 1024])
            data[at:at + count] = data[other:other + count]
        else:
            del data[at:]
    return bytes(data)


def bounds():
    resource.setrlimit(resource.RLIMIT_AS, (MEGABYTES << 20, MEGABYTES << 20))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def complaint(words):
    """What is wrong with a run; None for nothing."""
    environment = dict(os.environ, SWIFT_BACKTRACE="enable=no")
    try:
        done = subprocess.run(words, capture_output=True, timeout=SECONDS, preexec_fn=bounds, env=environment)
    except subprocess.TimeoutExpired:
        return f"has not ended after {SECONDS} s"
    if done.returncode not in (0, 1, 2, 3):
        return f"ended with {done.returncode}: {done.stderr.decode(errors='replace')[-300:]}"
    return None


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("--minutes", type=float, default=1)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--keep", default=os.path.join(ROOT, ".build", "fuzz"))
    options = parser.parse_args()
    chance = random.Random(options.seed)
    print(f"seed {options.seed}, {options.minutes:g} min", flush=True)
    choices = samples() + images(options.program) + recordings(options.program)
    end = time.monotonic() + options.minutes * 60
    runs = failures = 0
    with tempfile.TemporaryDirectory() as folder:
        while time.monotonic() < end:
            data, source, command = chance.choice(choices)
            path = os.path.join(folder, "input" + os.path.splitext(source)[1])
            with open(path, "wb") as file:
                file.write(mutated(data, chance))
            words = [options.program] + command + [path]
            if command == ["import"]:
                words += ["--overwrite", "-o", os.path.join(folder, "out.pcap")]
            problem = complaint(words)
            runs += 1
            if problem:
                failures += 1
                os.makedirs(options.keep, exist_ok=True)
                kept = os.path.join(options.keep, f"{options.seed}-{runs}" + os.path.splitext(source)[1])
                os.replace(path, kept)
                print(f"FAILED  {' '.join(words).replace(path, kept)}\n        {problem}", flush=True)
    print(f"{runs} runs, {failures} failed", flush=True)
    return failures > 0


sys.exit(main())
