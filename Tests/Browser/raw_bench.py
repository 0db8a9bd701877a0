"""A workbench that is spoken to byte by byte: raw sockets and WebSockets in the standard library alone."""

import json
import os
import re
import shutil
import signal
import socket
import struct
import subprocess
import tempfile
import time
import pathlib

ROOT = pathlib.Path(__file__).resolve().parents[2]


def program():
    """The workbench under test: beside `solderless`."""
    solderless = os.environ.get("SOLDERLESS") or str(ROOT / ".build" / "release" / "solderless")
    return os.environ.get("SOLDERLESS_WORKBENCH") or solderless + "-workbench"


class NoBench(Exception):
    """It has ended before it was there, with this exit code."""


class Bench:
    """A running workbench with folders of its own."""

    def __init__(self, *options):
        self.folder = tempfile.mkdtemp(prefix="solderless-test-")
        environment = dict(
            os.environ, TMPDIR=self.folder, XDG_RUNTIME_DIR=self.folder, XDG_STATE_HOME=self.folder + "/state")
        self.process = subprocess.Popen(
            [program(), "--port", "0", *options], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
            env=environment)
        self.url = self.process.stdout.readline().strip()
        found = re.fullmatch(r"http://127\.0\.0\.1:(\d+)/", self.url)
        if not found:
            self.process.wait(20)
            self.kill()
            raise NoBench(self.process.returncode)
        self.port = int(found[1])
        self.host = "127.0.0.1:%d" % self.port

    def connect(self, limit=20):
        connection = socket.create_connection(("127.0.0.1", self.port))
        connection.settimeout(limit)
        return connection

    def send(self, data, limit=20):
        """Sends bytes, and returns all that comes until the end: b"" for a connection that is just closed."""
        with self.connect(limit) as connection:
            try:
                connection.sendall(data)
                connection.shutdown(socket.SHUT_WR)
            except OSError:
                pass
            return until_its_end(connection)

    def ask(self, method, path, body=b"", limit=60, **fields):
        """- Returns: status, fields in lower case, body."""
        head = {"Host": self.host, "Connection": "close"}
        if method == "POST":
            head.update({"Origin": "http://" + self.host, "X-Solderless": "1", "Content-Length": str(len(body))})
        head.update({name.replace("_", "-"): value for name, value in fields.items()})
        lines = ["%s %s HTTP/1.1" % (method, path)] + ["%s: %s" % pair for pair in head.items() if pair[1] is not None]
        with self.connect(limit) as connection:
            try:
                connection.sendall("\r\n".join(lines).encode() + b"\r\n\r\n" + body)
            except OSError:
                pass
            return parts(until_its_end(connection))

    def memory(self, key="VmRSS"):
        """In KB."""
        with open("/proc/%d/status" % self.process.pid) as status:
            return int(re.search(key + r":\s+(\d+)", status.read())[1])

    def processor_seconds(self):
        with open("/proc/%d/stat" % self.process.pid) as stat:
            fields = stat.read().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def descriptor_count(self):
        return len(os.listdir("/proc/%d/fd" % self.process.pid))

    def end(self, number=signal.SIGTERM):
        """- Returns: its exit code, and what it has left."""
        self.process.send_signal(number)
        code = self.process.wait(20)
        self.process.stdout.close()
        left = sorted(str(path.relative_to(self.folder)) for path in pathlib.Path(self.folder).rglob("*"))
        shutil.rmtree(self.folder)
        # The runtime folder is everybody's.
        return code, [name for name in left if name != "solderless"]

    def kill(self):
        """Whatever became of a test: nothing runs on."""
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        self.process.stdout.close()
        shutil.rmtree(self.folder, ignore_errors=True)


class Tab:
    """One WebSocket of a page."""

    def __init__(self, bench, limit=20):
        self.connection = bench.connect(limit)
        self.connection.sendall(handshake(bench.host))
        self.rest = b""
        head = self.take_until(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 101 "), head
        assert b"s3pPLMBiTxaQ9kYGzzhZRbK+xOo=" in head, head

    def take_until(self, end):
        while end not in self.rest:
            more = self.connection.recv(65536)
            if not more:
                raise EOFError
            self.rest += more
        found, self.rest = self.rest.split(end, 1)
        return found

    def take(self, count):
        while len(self.rest) < count:
            more = self.connection.recv(65536)
            if not more:
                raise EOFError
            self.rest += more
        found, self.rest = self.rest[:count], self.rest[count:]
        return found

    def frame(self):
        """- Returns: kind, payload."""
        first, second = self.take(2)
        assert second & 0x80 == 0, "a server does not mask"
        size = second & 0x7F
        if size == 126:
            size = struct.unpack(">H", self.take(2))[0]
        elif size == 127:
            size = struct.unpack(">Q", self.take(8))[0]
        return first & 0x0F, self.take(size)

    def message(self):
        while True:
            kind, payload = self.frame()
            if kind == 1:
                return json.loads(payload)
            if kind == 8:
                raise EOFError(struct.unpack(">H", payload[:2])[0])

    def ask(self, **request):
        """- Returns: the answer; events that come before it are left out."""
        self.send(json.dumps(dict(request, id=7)).encode())
        while True:
            message = self.message()
            if message.get("ok") is not None:
                return message

    def until(self, condition):
        while True:
            message = self.message()
            if condition(message):
                return message

    def send(self, payload, kind=1, first=None, mask=b"\x12\x34\x56\x78"):
        self.connection.sendall(frame(payload, kind, first, mask))

    def close_code(self):
        """The code that the server closes with; 0 where it just closes."""
        try:
            while True:
                kind, payload = self.frame()
                if kind == 8:
                    return struct.unpack(">H", payload[:2])[0] if payload else 0
        except (EOFError, ConnectionError):
            return 0

    def close(self):
        self.connection.close()


def lines(path):
    with open(path) as file:
        return file.read().splitlines()


def frame(payload, kind=1, first=None, mask=b"\x12\x34\x56\x78"):
    size = len(payload)
    masked = 0x80 if mask else 0
    head = bytes([0x80 | kind if first is None else first])
    if size < 126:
        head += bytes([masked | size])
    elif size < 0x10000:
        head += bytes([masked | 126]) + struct.pack(">H", size)
    else:
        head += bytes([masked | 127]) + struct.pack(">Q", size)
    if not mask:
        return head + payload
    whole = (mask * (size // 4 + 1))[:size]
    return head + mask + (int.from_bytes(payload, "big") ^ int.from_bytes(whole, "big")).to_bytes(size, "big")


def handshake(host, origin=True, **changed):
    fields = {
        "Host": host, "Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
        "Sec-WebSocket-Version": "13",
    }
    if origin:
        fields["Origin"] = "http://" + host
    fields.update({name.replace("_", "-"): value for name, value in changed.items()})
    lines = ["GET /live HTTP/1.1"] + ["%s: %s" % pair for pair in fields.items() if pair[1] is not None]
    return "\r\n".join(lines).encode() + b"\r\n\r\n"


def until_its_end(connection):
    found = b""
    try:
        while more := connection.recv(65536):
            found += more
    except ConnectionError:
        pass
    return found


def parts(answer):
    if not answer:
        return 0, {}, b""
    head, _, body = answer.partition(b"\r\n\r\n")
    lines = head.decode().split("\r\n")
    fields = {}
    for line in lines[1:]:
        name, _, value = line.partition(":")
        fields[name.lower()] = value.strip()
    return int(lines[0].split(" ")[1]), fields, body


def within(seconds, what, condition):
    end = time.monotonic() + seconds
    while not (value := condition()):
        assert time.monotonic() < end, "not within %s s: %s" % (seconds, what)
        time.sleep(0.02)
    return value
