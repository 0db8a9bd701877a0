#!/usr/bin/env python3
"""A flasher in a hundred lines, on a serial library and an XMODEM that nobody of this project wrote.

It uploads a stub, asks for the flash id, goes to 921600 baud, writes random data by XMODEM (91), reads it back (92),
compares both it and its SHA-256 (09), and goes back to 115200. What happened is printed as JSON.
With --hasty it is as impatient as real flashers are (facts section 11.2): the stub in one write (with --paced in pieces, at
the line's speed), 10 ms, what came by then thrown away, the flash id within 200 ms and nothing else with it.
Frames: ECR6600 facts section 4; XMODEM commands: section 10. Needs pyserial 3.5 and xmodem 0.5.0.

    xmodem_client.py PORT SIZE --stub FILE [--job write|read|both] [--address 0x7000] [--baud 921600] [--seed 1]
                     [--sync-seconds 30] [--sync-words N] [--wait 0] [--hasty] [--paced] [--baud-rounds 1]

Exit codes: 0 everything matched, 1 something did not, 2 wrong usage.
"""

import argparse
import hashlib
import io
import json
import random
import struct
import sys
import time

import serial
import xmodem

SYNC_WORD = b"cnys"
RAM_ADDRESS = 0x10000
BOOT_BAUD = 115200


class Refused(Exception):
    """The chip did not answer as it should."""


def frame(kind, body=b""):
    head = struct.pack("<BBH", 0xA5, kind, len(body)) + body
    return head + bytes([sum(head) & 0xFF])


class Flasher:
    def __init__(self, port, hasty=False):
        self.hasty = hasty
        # No DTR and RTS: a pseudo-terminal has none, and a board's wiring decides what they would do.
        # PORT may be a URL, such as rfc2217://127.0.0.1:4000.
        self.port = serial.serial_for_url(port, BOOT_BAUD, timeout=1, exclusive=True)

    def read(self, count, seconds):
        # By RFC 2217 an assignment sets the whole port anew and takes 100 ms.
        if self.port.timeout != seconds:
            self.port.timeout = seconds
        return self.port.read(count)

    def synchronise(self, seconds, words):
        """Repeats the sync word until the loader says 01; returns how many words that took."""
        end = time.monotonic() + seconds
        tries = 0
        while time.monotonic() < end and tries != words:
            tries += 1
            self.port.write(SYNC_WORD)
            if self.is_answered(0.05):
                if self.hasty:
                    self.port.reset_input_buffer()
                    return tries
                # Answers to words that were still on their way would be taken for answers to the header.
                while self.read(64, 0.3):
                    pass
                return tries
        limit = f"{words} times" if tries == words else f"within {seconds} s"
        raise Refused(f"no answer to the sync word {limit}")

    def is_answered(self, seconds):
        """Whether 01 comes in that time. Anything else is noise: to ask again at once would send a word across the 01."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            if self.read(1, left) == b"\x01":
                return True
        return False

    def pace(self, data):
        """Writes at the line's speed, 128 bytes at a time."""
        began = time.monotonic()
        for start in range(0, len(data), 128):
            self.port.write(data[start : start + 128])
            due = began + min(start + 128, len(data)) * 10 / BOOT_BAUD
            time.sleep(max(0, due - time.monotonic()))

    def upload(self, stub, paced=False):
        """Sends the stub; returns how many of its 1024-byte pieces were acknowledged (hasty: within 10 ms)."""
        self.port.write(struct.pack("<III", 1, RAM_ADDRESS, len(stub)))
        answer = self.read(1, 0.05 if self.hasty else 1)
        if answer != b"\x00":
            raise Refused(f"download header answered with {answer.hex() or 'nothing'} instead of 00")
        self.pace(stub) if paced else self.port.write(stub)
        if self.hasty:
            time.sleep(0.01)
            acks = self.read(self.port.in_waiting, 0)
            self.port.reset_input_buffer()
            return len(acks)
        pieces = -(-len(stub) // 1024)
        # The mask ROM may not acknowledge pieces: the wait is bounded, and the next command tells whether it worked.
        acks = self.read(pieces, 0.5 + len(stub) * 10 / BOOT_BAUD)
        if acks.strip(b"\x00"):
            raise Refused(f"the upload was answered with {acks.hex()}")
        # As hosts do (facts section 11.2): what comes while the stub starts is lost, and a millisecond would decide it.
        time.sleep(0.02)
        return len(acks)

    def command(self, kind, body=b"", data=0, seconds=2.0, tries=1, after_sending=None):
        """Sends a frame and returns the `data` bytes of its answer."""
        answer = b""
        for _ in range(tries):
            self.port.write(frame(kind, body))
            self.port.flush()
            if after_sending:
                after_sending()
            answer = self.read(6 + data, seconds)
            if len(answer) == 6 + data:
                break
        if self.hasty:
            answer += self.read(self.port.in_waiting, 0)
        good = (
            len(answer) == 6 + data
            and answer[:4] == struct.pack("<BBH", 0x5A, kind, data)
            and answer[-2] == 0
            and answer[-1] == sum(answer[:-1]) & 0xFF
        )
        if not good:
            raise Refused(f"command {kind:02x} answered with {answer.hex() or 'nothing'}")
        return answer[4 : 4 + data]

    def set_baud(self, baud):
        def switch():
            # The command must have left at the old rate; the answer comes at the new one, 50 ms later.
            time.sleep(0.01)
            self.port.baudrate = baud

        self.command(0x07, struct.pack("<I", baud), after_sending=switch)

    def modem(self):
        def getc(size, timeout=1):
            return self.read(size, timeout) or None

        def putc(data, timeout=1):
            return self.port.write(data) or None

        return xmodem.XMODEM(getc, putc, mode="xmodem1k", pad=b"\xff")

    def write(self, address, data):
        self.command(0x91, struct.pack("<II", address, len(data)))
        # One retry is one second of waiting for the first C, which comes after the erase.
        if not self.modem().send(io.BytesIO(data), retry=60, timeout=10, quiet=True):
            raise Refused("the XMODEM write failed")

    def read_back(self, address, count):
        self.command(0x92, struct.pack("<II", address, count))
        taken = io.BytesIO()
        if self.modem().recv(taken, crc_mode=1, timeout=5, quiet=True) is None:
            raise Refused("the XMODEM read failed")
        return taken.getvalue()[:count]

    def hash(self, address, count):
        return self.command(0x09, struct.pack("<II", address, count), data=32, seconds=30)


def run(arguments, result):
    with open(arguments.stub, "rb") as file:
        stub = file.read()
    data = random.Random(arguments.seed).randbytes(arguments.size)
    time.sleep(arguments.wait)
    began = time.monotonic()

    def done(step, value=True):
        result["steps"][step] = {"value": value, "seconds": round(time.monotonic() - began, 4)}

    flasher = Flasher(arguments.port, arguments.hasty)
    done("synchronised", flasher.synchronise(arguments.sync_seconds, arguments.sync_words))
    done("uploaded", flasher.upload(stub, arguments.paced))
    # A stub drops what arrives while it starts: ask again.
    tries = {"seconds": 0.2} if arguments.hasty else {"seconds": 0.5, "tries": 10}
    done("flash_id", flasher.command(0x90, data=4, **tries)[:3].hex())
    for _ in range(1, arguments.baud_rounds):
        flasher.set_baud(arguments.baud)
        flasher.set_baud(BOOT_BAUD)
    flasher.set_baud(arguments.baud)
    done("baud", arguments.baud)
    if arguments.job != "read":
        flasher.write(arguments.address, data)
        done("written", len(data))
    same = True
    if arguments.job != "write":
        found = flasher.read_back(arguments.address, len(data))
        same = arguments.job == "read" or found == data
        data = found
        done("read_back", same)
    same_hash = flasher.hash(arguments.address, len(data)) == hashlib.sha256(data).digest()
    done("hash", same_hash)
    flasher.set_baud(BOOT_BAUD)
    done("baud_restored", BOOT_BAUD)
    if not same:
        raise Refused("what was read back is not what was written")
    if not same_hash:
        raise Refused("the chip's SHA-256 is not that of what crossed the line")


def main():
    number = lambda text: int(text, 0)
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("port")
    parser.add_argument("size", type=number, help="bytes to write; whole 4096-byte sectors are erased")
    parser.add_argument("--stub", required=True, help="file to upload and run")
    parser.add_argument("--job", choices=["write", "read", "both"], default="both")
    parser.add_argument("--address", type=number, default=0x7000)
    parser.add_argument("--baud", type=number, default=921600)
    parser.add_argument("--seed", type=number, default=1)
    parser.add_argument("--sync-seconds", type=float, default=30)
    parser.add_argument("--sync-words", type=number, help="how many at most; the same each time, as seconds are not")
    parser.add_argument("--wait", type=float, default=0, help="seconds before the first byte")
    parser.add_argument("--hasty", action="store_true", help="as impatient as real flashers are")
    parser.add_argument("--paced", action="store_true", help="keep to the line's speed while uploading")
    parser.add_argument("--baud-rounds", type=number, default=1, help="how often it goes to the rate and back")
    arguments = parser.parse_args()

    result = {"schema": 1, "passed": False, "size": arguments.size, "seed": arguments.seed, "steps": {}}
    try:
        run(arguments, result)
        result["passed"] = True
    except (Refused, OSError) as error:
        result["error"] = str(error)
    print(json.dumps(result))
    return 0 if result["passed"] else 1


if __name__ == "__main__":
    sys.exit(main())
