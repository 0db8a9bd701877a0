"""Serves the workbench's page with a simulated bench behind it: HTTP and WebSocket in the standard library alone.

    python3 Tests/Browser/mock_server.py [PORT]

For work on the page, and for its tests; the bench is in `mock_bench`. What it says is what the real server says, as far
as the page can tell.
"""

import base64
import hashlib
import http.server
import json
import pathlib
import socket
import struct
import sys
import threading
import urllib.parse

import mock_bench

PAGE = pathlib.Path(__file__).resolve().parents[2] / "Sources" / "Workbench" / "Page"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'"
)
TYPES = {".html": "text/html", ".css": "text/css", ".js": "text/javascript"}
LARGEST = {"/image": 4 << 20, "/session": 64 << 20}


class Client:
    """One WebSocket: frames in, frames out."""

    def __init__(self, handler):
        self.stream = handler.rfile
        self.socket = handler.connection
        self.lock = threading.Lock()
        self.wanted = set()

    def send(self, message):
        data = json.dumps(message).encode()
        size = len(data)
        head = bytes([0x81, size]) if size < 126 else b"\x81\x7e" + struct.pack(">H", size)
        if size > 0xFFFF:
            head = b"\x81\x7f" + struct.pack(">Q", size)
        try:
            with self.lock:
                self.socket.sendall(head + data)
        except OSError:
            pass

    def receive(self):
        """The next text message; None at the end."""
        while True:
            head = self.stream.read(2)
            if len(head) < 2:
                return None
            kind, size = head[0] & 15, head[1] & 127
            if size == 126:
                size = struct.unpack(">H", self.stream.read(2))[0]
            elif size == 127:
                size = struct.unpack(">Q", self.stream.read(8))[0]
            mask = self.stream.read(4)
            data = bytes(byte ^ mask[i % 4] for i, byte in enumerate(self.stream.read(size)))
            if kind == 8:
                return None
            if kind == 1:
                return data.decode()

    def close(self):
        try:
            self.socket.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def do_GET(self):
        path = urllib.parse.urlsplit(self.path).path
        if path == "/live":
            return self.live()
        name = "bench.html" if path == "/" else path.removeprefix("/page/")
        if name in {file.name for file in PAGE.iterdir()} and (path == "/" or path.startswith("/page/")):
            return self.reply(200, (PAGE / name).read_bytes(), TYPES[pathlib.Path(name).suffix] + "; charset=utf-8")
        if path in ("/trace.pcap", "/report.html", "/backup.bin"):
            return self.reply(200, b"nothing much", "application/octet-stream")
        return self.reply(404, b"no such page", "text/plain")

    def do_POST(self):
        size = int(self.headers.get("Content-Length") or 0)
        if self.path not in LARGEST or self.headers.get("X-Solderless") != "1":
            self.close_connection = True
            return self.reply(403, b"refused", "text/plain")
        if size > LARGEST[self.path]:
            self.close_connection = True
            return self.reply(413, b"too large", "text/plain")
        data = self.rfile.read(size)
        if self.path == "/image":
            self.server.bench.has_image = True
            return self.reply(200, b"{}", "application/json")
        if data[:4] != bytes.fromhex("4d3cb2a1"):
            return self.reply(400, b'{"error":{"message":"not a trace"}}', "application/json")
        return self.reply(200, json.dumps(mock_bench.recorded()).encode(), "application/json")

    def reply(self, status, data, kind):
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        self.send_header("Content-Security-Policy", POLICY)
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        self.wfile.write(data)

    def live(self):
        self.close_connection = True
        if self.server.refuses:
            return self.reply(503, b"not now", "text/plain")
        key = self.headers["Sec-WebSocket-Key"] + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
        self.send_response(101)
        self.send_header("Upgrade", "websocket")
        self.send_header("Connection", "Upgrade")
        self.send_header("Sec-WebSocket-Accept", base64.b64encode(hashlib.sha1(key.encode()).digest()).decode())
        self.end_headers()
        client, bench = Client(self), self.server.bench
        with bench.lock:
            client.send(bench.welcome())
            bench.clients.append(client)
        try:
            while (text := client.receive()) is not None:
                self.answer(client, bench, json.loads(text))
        except (OSError, ValueError):
            pass
        finally:
            with bench.lock:
                bench.clients.remove(client)

    def answer(self, client, bench, request):
        number = request.pop("id", None)
        answer = {"version": 1, "id": number, "ok": True, "atNanoseconds": bench.now()}
        if request.get("verb") == "events":
            client.wanted = set(request.get("also", []))
        else:
            with bench.lock:
                try:
                    answer.update(bench.take(request) or {})
                except (KeyError, ValueError) as error:
                    answer.update(ok=False, error={"code": "bad-argument", "message": str(error).strip("'\"")})
        client.send(answer)


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, port=0):
        super().__init__(("127.0.0.1", port), Handler)
        self.bench = mock_bench.Bench()
        self.refuses = False
        self.address = "http://127.0.0.1:%d/" % self.server_address[1]
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def handle_error(self, *_):
        pass

    def drop(self):
        """Breaks every WebSocket."""
        with self.bench.lock:
            for client in self.bench.clients:
                client.close()

    def end(self):
        self.drop()
        self.bench.end()
        self.shutdown()
        self.server_close()


if __name__ == "__main__":
    server = Server(int(sys.argv[1]) if len(sys.argv) > 1 else 8660)
    print(server.address, flush=True)
    threading.Event().wait()
