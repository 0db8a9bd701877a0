#!/usr/bin/env python3
"""A flasher on pySerial that talks to the stub in frames, as a tool of 2025 did, with its three weaknesses (facts 11.1):

* a data frame's flag is the length shifted by eight: a tail of 256 to 511 bytes becomes a repetition (4.3), and is
  programmed over the start of the frame before it;
* what is written is not compared with anything;
* with --by xmodem the end of the transfer is sent once, and its answer is waited for without a second try.

    frames_host.py PORT read OUT --length N [--baud 921600]
    frames_host.py PORT write IMAGE --address A [--by frames|xmodem]

Exit codes: 0 it believes that all is well, 1 not. Needs pyserial.
"""

import argparse
import binascii
import struct
import sys
import time

import serial

STUB_BYTES = 26096


class Failed(Exception):
    """The job cannot be done."""


class Host:
    def __init__(self, path):
        self.port = serial.Serial(path, 115200, timeout=1)

    def read(self, count, seconds):
        self.port.timeout = seconds
        return self.port.read(count)

    def connect(self, baud):
        for _ in range(400):
            self.port.write(b"cnys")
            if self.read(1, 0.05) in (b"\x01", b"\xff"):
                break
        else:
            raise Failed("no loader answers")
        time.sleep(0.1)
        self.port.reset_input_buffer()
        self.port.write(struct.pack("<III", 1, 0x10000, STUB_BYTES))
        if self.read(1, 0.3) != b"\x00":
            raise Failed("the header is refused")
        stub = b"ECR6600F_customstub_V1.0.0".ljust(64, b"\0")
        self.port.write(stub + bytes(index * 7 & 255 for index in range(STUB_BYTES - 64)))
        time.sleep(0.3)
        self.port.reset_input_buffer()
        self.frame(0x07, struct.pack("<I", baud))
        time.sleep(0.01)
        self.port.baudrate = baud
        if self.read(6, 2)[4:5] != b"\x00":
            raise Failed("no answer at %d baud" % baud)

    def frame(self, kind, body):
        head = struct.pack("<BBH", 0xA5, kind, len(body)) + body
        self.port.write(head + bytes([sum(head) & 255]))

    def command(self, kind, body, answer=6, seconds=5):
        self.frame(kind, body)
        got = self.read(answer, seconds)
        if len(got) != answer or got[0] != 0x5A or got[1] != kind or got[-2] != 0:
            raise Failed("command %02X: %s" % (kind, got.hex() or "no answer"))
        return got[4:-2]

    def read_flash(self, length):
        data = b""
        while len(data) < length:
            count = min(4096, length - len(data))
            for attempt in range(5):
                try:
                    data += self.command(0x03, struct.pack("<II", len(data), count), count + 6, 2)
                    break
                except Failed:
                    time.sleep(0.1)
                    self.port.reset_input_buffer()
                    if attempt == 4:
                        raise
        return data

    def write_frames(self, address, data):
        self.command(0x02, struct.pack("<II", address, len(data)))
        for start in range(0, len(data), 4096):
            part = data[start : start + 4096]
            self.command(0x02, bytes([len(part) >> 8]) + part)

    def write_xmodem(self, address, data):
        self.command(0x91, struct.pack("<II", address, len(data)))
        if self.read(1, 10) != b"C":
            raise Failed("the stub is not ready for blocks")
        for index in range(0, len(data), 1024):
            number, payload = index // 1024 + 1, data[index : index + 1024].ljust(1024, b"\xff")
            block = bytes([2, number & 255, 255 - (number & 255)]) + payload
            for _ in range(10):
                self.port.write(block + binascii.crc_hqx(payload, 0).to_bytes(2, "big"))
                answer = self.read(1, 5)
                if answer == b"\x06":
                    break
                if answer != b"\x15":
                    raise Failed("block %d: %s" % (number, answer.hex() or "no answer"))
            else:
                raise Failed("block %d is refused" % number)
        self.port.write(b"\x04")
        if self.read(1, None) != b"\x06":
            raise Failed("the end is refused")


def main():
    number = lambda text: int(text, 0)
    parser = argparse.ArgumentParser()
    parser.add_argument("port")
    parser.add_argument("job", choices=["read", "write"])
    parser.add_argument("file")
    parser.add_argument("--address", type=number, default=0)
    parser.add_argument("--length", type=number, default=0)
    parser.add_argument("--baud", type=number, default=921600)
    parser.add_argument("--by", choices=["frames", "xmodem"], default="frames")
    options = parser.parse_args()
    try:
        host = Host(options.port)
        host.connect(options.baud)
        if options.job == "read":
            data = host.read_flash(options.length)
            with open(options.file, "wb") as file:
                file.write(data)
        else:
            with open(options.file, "rb") as file:
                data = file.read()
            (host.write_frames if options.by == "frames" else host.write_xmodem)(options.address, data)
    except (Failed, serial.SerialException) as error:
        print("error: %s" % error)
        sys.exit(1)
    print("done")


main()
