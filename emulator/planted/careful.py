#!/usr/bin/env python3
"""The flasher of `solderless check demo`: careful as it is, and with --bug NAME wrong in one way.

Written from the facts alone (sections 1.4, 4, 10), on the standard library.

    careful.py --port PORT [--bug NAME] [--baud 921600] [--sync-seconds 20] read OUT --address A --length N
    careful.py --port PORT ... write IMAGE --address A
    careful.py --port PORT ... verify IMAGE --address A
    careful.py --port PORT ... erase --address A --length N
    careful.py --port PORT ... info

Exit codes: 0 done and verified, 1 not.
"""

import argparse
import binascii
import hashlib
import os
import select
import struct
import sys
import termios
import time

BUGS = {
    "believes-retries": "repeats a block whose ACK was lost, and never compares: the rest lands one block too late",
    "asks-once": "sends the sync word once and gives up",
    "waits-forever": "waits for an answer without a limit",
    "ignores-crc": "takes every block of a read as it comes, and never compares",
    "keeps-nothing": "says that it has read, and writes no file",
    "short-file": "loses the last byte of what it has read",
    "erases-settings": "erases the sector of the settings along with what it writes",
    "erases-on-read": "erases a sector before it reads",
    "crashes": "aborts where an answer is missing",
    "erases-less": "leaves the last sector as it is, and says that it has erased it",
    "compares-nothing": "says of a verify that all is right",
    "exits-zero": "ends with exit code 0 whatever happens",
    "dawdles": "sleeps between blocks",
    "odd-code": "ends with a code that nobody knows",
    "believes-the-head": "writes nothing where the first kilobyte is right already: a write that was cut stays cut",
}
# The emulator recognises a stub by its name, so 4 KiB will do. A real one takes 2.3 s to upload.
STUB_BYTES = 4096


class Failed(Exception):
    """The job cannot be done."""


class LostAck(Exception):
    """Nobody knows whether a block was taken."""


class Port:
    def __init__(self, path):
        self.descriptor = os.open(path, os.O_RDWR | os.O_NOCTTY)
        self.set_rate(115200)

    def set_rate(self, baud):
        mode = termios.tcgetattr(self.descriptor)
        mode[0] = mode[1] = mode[3] = 0
        mode[2] = termios.CS8 | termios.CREAD | termios.CLOCAL
        mode[4] = mode[5] = getattr(termios, "B%d" % baud)
        termios.tcsetattr(self.descriptor, termios.TCSANOW, mode)

    def write(self, data):
        while data:
            data = data[os.write(self.descriptor, data) :]

    def read(self, count, seconds):
        """Up to count bytes; fewer when the time is over. None for seconds waits for ever."""
        data = b""
        end = None if seconds is None else time.monotonic() + seconds
        while len(data) < count:
            left = None if end is None else end - time.monotonic()
            if left is not None and left <= 0:
                break
            if not select.select([self.descriptor], [], [], left)[0]:
                break
            data += os.read(self.descriptor, count - len(data))
        return data

    def discard(self):
        while self.read(4096, 0.02):
            pass


class Flasher:
    def __init__(self, port, bug):
        self.port = port
        self.bug = bug

    def patience(self, seconds):
        return None if self.bug == "waits-forever" else seconds

    # The boot loader (1.4)

    def synchronise(self, seconds):
        print("now power the device", flush=True)
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self.port.write(b"cnys")
            if self.port.read(1, 0.05) == b"\x01":
                return
            if self.bug == "asks-once":
                break
        raise Failed("no loader answers")

    def upload(self):
        # Sync words that are still on their way make a refusal each.
        time.sleep(0.1)
        self.port.discard()
        for _ in range(6):
            self.port.write(struct.pack("<III", 1, 0x10000, STUB_BYTES))
            answer = self.port.read(1, self.patience(0.3))
            if answer == b"\x00":
                break
            # Bytes are lost, or stand before it: up to where the loader has twelve and says so.
            for _ in range(12):
                self.port.write(b"\x00")
                if self.port.read(1, self.patience(0.05)):
                    break
            self.port.discard()
        else:
            raise Failed("the header is refused")
        stub = b"ECR6600F_customstub_V1.0.0".ljust(64, b"\0")
        stub += bytes(index * 7 & 255 for index in range(STUB_BYTES - len(stub)))
        for start in range(0, len(stub), 1024):
            self.port.write(stub[start : start + 1024])
            if self.port.read(1, self.patience(1)) != b"\x00":
                raise Failed("a piece of the stub is not acknowledged")
        time.sleep(0.25)
        self.port.discard()

    # The stub (4)

    def command(self, kind, body=b"", answer=6, seconds=2.0):
        for _ in range(4):
            frame = struct.pack("<BBH", 0xA5, kind, len(body)) + body
            self.port.write(frame + bytes([sum(frame) & 255]))
            got = self.port.read(answer, self.patience(seconds))
            right = len(got) == answer and got[0] == 0x5A and got[1] == kind and got[-1] == sum(got[:-1]) & 255
            if right and got[-2] == 0:
                return got[4:-2]
            self.port.discard()
        if self.bug == "crashes":
            os.abort()
        raise Failed("command %02X is not answered" % kind)

    def set_baud(self, baud):
        body = struct.pack("<I", baud)
        frame = struct.pack("<BBH", 0xA5, 0x07, 4) + body
        self.port.write(frame + bytes([sum(frame) & 255]))
        time.sleep(0.02)
        self.port.set_rate(baud)
        if self.port.read(6, self.patience(2)) != bytes.fromhex("5a0700000061"):
            raise Failed("no answer at %d baud" % baud)

    def is_right(self, address, data):
        got = self.command(0x09, struct.pack("<II", address, len(data)), answer=38, seconds=30)
        return got == hashlib.sha256(data).digest()

    def erase(self, address):
        self.command(0x04, struct.pack("<II", address, 4096), seconds=5)

    # XMODEM (10)

    def read_flash(self, address, length):
        if self.bug == "erases-on-read":
            self.erase(0x1FB000)
        for _ in range(3):
            data = self.read_once(address, length)
            if self.bug == "ignores-crc" or self.is_right(address, data):
                return data
        raise Failed("what was read is not what the flash has")

    def read_once(self, address, length):
        self.command(0x92, struct.pack("<II", address, length))
        data, number, misses = b"", 1, 0
        self.port.write(b"C")
        while True:
            head = self.port.read(1, self.patience(1))
            if head == b"\x04":
                self.port.write(b"\x06")
                return data[:length]
            block = self.port.read(1028, self.patience(1)) if head == b"\x02" else b""
            whole = len(block) == 1028
            right = whole and binascii.crc_hqx(block[2:1026], 0) == int.from_bytes(block[1026:], "big")
            if not right and not (whole and self.bug == "ignores-crc"):
                misses += 1
                if misses > 20:
                    raise Failed("block %d does not come" % number)
                self.port.discard()
                self.port.write(b"\x15")
                continue
            if block[0] == number & 255:
                data += block[2:1026]
                number += 1
            if self.bug == "dawdles":
                time.sleep(0.1)
            self.port.write(b"\x06")

    def write_flash(self, address, data):
        if self.bug == "erases-settings":
            self.erase(0x1FB000)
        if self.bug == "believes-the-head" and self.is_right(address, data[:1024]):
            return
        for _ in range(3):
            try:
                self.write_once(address, data)
            except LostAck:
                print("an acknowledgement is lost: once more", flush=True)
                continue
            if self.bug == "believes-retries" or self.is_right(address, data):
                return
        raise Failed("what was written is not what the flash has")

    def write_once(self, address, data):
        self.command(0x91, struct.pack("<II", address, len(data)), seconds=5)
        if self.port.read(1, self.patience(10)) != b"C":
            raise Failed("the stub is not ready for blocks")
        for index in range(0, len(data), 1024):
            self.send(index // 1024 + 1, data[index : index + 1024].ljust(1024, b"\xff"))
        self.end_transfer()

    def send(self, number, payload):
        block = bytes([2, number & 255, 255 - (number & 255)]) + payload
        block += binascii.crc_hqx(payload, 0).to_bytes(2, "big")
        for _ in range(10):
            self.port.write(block)
            answer = self.port.read(1, self.patience(3))
            while answer == b"C":
                answer = self.port.read(1, self.patience(0.25))
            if answer == b"\x06":
                return
            # A refused block was not taken. Of one without an answer nobody knows.
            if answer != b"\x15" and self.bug != "believes-retries":
                self.end_transfer()
                raise LostAck
        raise Failed("block %d is not taken" % number)

    def end_transfer(self):
        for _ in range(5):
            self.port.discard()
            self.port.write(b"\x04")
            if self.port.read(1, self.patience(1)) == b"\x06":
                # The stub may still have one to send.
                self.port.discard()
                return
        raise Failed("the end is not acknowledged")


def perform(options):
    flasher = Flasher(Port(options.port), options.bug)
    flasher.synchronise(options.sync_seconds)
    flasher.upload()
    print("flash %s" % flasher.command(0x90, answer=10)[:3].hex(), flush=True)
    flasher.set_baud(options.baud)
    if options.job == "read":
        data = flasher.read_flash(options.address, options.length)
        if options.bug == "short-file":
            data = data[:-1]
        if options.bug != "keeps-nothing":
            with open(options.file, "wb") as file:
                file.write(data)
    elif options.job == "write":
        with open(options.file, "rb") as file:
            flasher.write_flash(options.address, file.read())
    elif options.job == "verify":
        with open(options.file, "rb") as file:
            right = flasher.is_right(options.address, file.read())
        if not right and options.bug != "compares-nothing":
            raise Failed("the flash has something else")
    elif options.job == "erase":
        sectors = range(options.address, options.address + options.length, 4096)
        for sector in sectors[:-1] if options.bug == "erases-less" else sectors:
            flasher.erase(sector)
    flasher.set_baud(115200)
    print("done", flush=True)


def main():
    number = lambda text: int(text, 0)
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", required=True)
    parser.add_argument("--bug", choices=BUGS)
    parser.add_argument("--baud", type=number, default=921600)
    parser.add_argument("--sync-seconds", type=float, default=20)
    jobs = parser.add_subparsers(dest="job", required=True)
    jobs.add_parser("info")
    read = jobs.add_parser("read")
    read.add_argument("file")
    read.add_argument("--address", type=number, default=0)
    read.add_argument("--length", type=number, required=True)
    write = jobs.add_parser("write")
    write.add_argument("file")
    write.add_argument("--address", type=number, required=True)
    verify = jobs.add_parser("verify")
    verify.add_argument("file")
    verify.add_argument("--address", type=number, required=True)
    erase = jobs.add_parser("erase")
    erase.add_argument("--address", type=number, required=True)
    erase.add_argument("--length", type=number, required=True)
    options = parser.parse_args()
    code = 0
    try:
        perform(options)
    except (Failed, OSError) as error:
        print("error: %s" % error, flush=True)
        code = 0 if options.bug == "exits-zero" else 1
    sys.exit(7 if options.bug == "odd-code" else code)


main()
