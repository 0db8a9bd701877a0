"""What a hostile page, or a broken client, can do to a workbench: nothing.

    SOLDERLESS=$PWD/.build/release/solderless PYTHONPATH=Tests/Browser python3 -m unittest -v test_hostile_requests
"""

import json
import random
import signal
import socket
import struct
import time
import unittest

from raw_bench import ROOT, Bench, NoBench, Tab, frame, handshake, lines, parts, until_its_end, within

POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; " \
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"


class HostileRequests(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.bench = Bench("--wired")
        cls.addClassCleanup(cls.bench.kill)

    @classmethod
    def tearDownClass(cls):
        ending = cls.bench.end()
        assert ending == (0, []), ending

    def tearDown(self):
        """Whatever happened, the bench goes on."""
        tab = Tab(self.bench)
        self.assertEqual(tab.message()["event"], "welcome")
        self.assertTrue(tab.ask(verb="status")["ok"])
        tab.close()

    def status(self, data, limit=20):
        return parts(self.bench.send(data, limit))[0]

    def test_the_page_is_served_with_its_policy(self):
        status, fields, body = self.bench.ask("GET", "/")
        self.assertEqual(status, 200)
        self.assertIn(b"Solderless workbench", body)
        self.assertEqual(fields["content-security-policy"], POLICY)
        for name, value in {
            "x-content-type-options": "nosniff", "cache-control": "no-store", "referrer-policy": "no-referrer",
            "cross-origin-opener-policy": "same-origin", "cross-origin-resource-policy": "same-origin",
            "content-type": "text/html; charset=utf-8",
        }.items():
            self.assertEqual(fields[name], value)
        for name in set(part.split(b'"')[0].decode() for part in body.split(b'"/page/')[1:]):
            kind = self.bench.ask("GET", "/page/" + name)[1]["content-type"]
            self.assertEqual(kind, ("text/javascript" if name.endswith("js") else "text/css") + "; charset=utf-8")

    def test_only_its_own_name(self):
        for host in ["evil.example", "evil.example:%d" % self.bench.port, "127.0.0.1", "localhost:1", "", "[::1]:80",
                     self.bench.host + ".evil.example", "user@" + self.bench.host]:
            self.assertEqual(self.bench.ask("GET", "/", Host=host)[0], 421, host)
        self.assertEqual(self.bench.ask("GET", "/", Host="localhost:%d" % self.bench.port)[0], 200)
        self.assertEqual(self.status(b"GET / HTTP/1.1\r\n\r\n"), 421)

    def test_only_its_own_page(self):
        own = "http://" + self.bench.host
        for origin in ["http://evil.example", "null", "https://" + self.bench.host, own + ".evil.example", own + "/",
                       "http://localhost:%d" % self.bench.port]:
            self.assertEqual(self.bench.ask("GET", "/trace.pcap", Origin=origin)[0], 403, origin)
            self.assertEqual(self.bench.ask("POST", "/image", b"x", Origin=origin)[0], 403, origin)
            self.assertEqual(self.status(handshake(self.bench.host, Origin=origin)), 403, origin)
        self.assertEqual(self.status(handshake(self.bench.host, origin=False)), 403)
        self.assertEqual(self.bench.ask("POST", "/image", b"x", Origin=None)[0], 403)
        self.assertEqual(self.bench.ask("POST", "/image", b"x", X_Solderless=None)[0], 403)
        self.assertEqual(self.bench.ask("GET", "/report.html", Sec_Fetch_Site="cross-site", Sec_Fetch_Mode="no-cors")[0], 403)
        self.assertEqual(self.bench.ask("GET", "/", Sec_Fetch_Site="cross-site", Sec_Fetch_Mode="navigate")[0], 200)

    def test_a_websocket_begins_as_one(self):
        for change in [{"Sec_WebSocket_Key": None}, {"Sec_WebSocket_Key": "short"}, {"Sec_WebSocket_Version": "8"},
                       {"Upgrade": "h2c"}]:
            self.assertEqual(self.status(handshake(self.bench.host, **change)), 400, change)
        self.assertEqual(self.bench.ask("GET", "/live", Origin="http://" + self.bench.host)[0], 426)

    def test_paths_are_names(self):
        for path in ["/page/../Page/bench.css", "/page/%2e%2e/bench.css", "/page/..%2fbench.css", "//etc/passwd",
                     "/page//etc/passwd", "/page/", "/page/bench.css/", "/page/BENCH.CSS", "/page/bench.css%00",
                     "/page/..\\bench.css", "/trace.pcap/../../etc/passwd", "/image.bin", "/page/%62ench.css", "/backup.bin",
                     "/favicon.ico"]:
            self.assertEqual(self.bench.ask("GET", path)[0], 404, path)
        self.assertEqual(self.bench.ask("GET", "/page/bench.css?/../x")[0], 200)
        self.assertEqual(self.bench.ask("GET", "http://%s/" % self.bench.host)[0], 400)
        self.assertEqual(self.bench.ask("GET", "/" + "a" * 5000)[0], 414)

    def test_methods(self):
        for path, method, allowed in [("/", "POST", "GET, HEAD"), ("/image", "GET", "POST"), ("/session", "GET", "POST")]:
            status, fields, _ = self.bench.ask(method, path, b"x" if method == "POST" else b"")
            self.assertEqual((status, fields["allow"]), (405, allowed))
        for method in ["PUT", "DELETE", "OPTIONS", "TRACE", "PROPFIND"]:
            self.assertEqual(self.bench.ask(method, "/", Origin="http://" + self.bench.host)[0], 405)
        status, fields, body = self.bench.ask("HEAD", "/")
        self.assertEqual((status, body), (200, b""))
        self.assertGreater(int(fields["content-length"]), 1000)

    def test_heads_are_bounded(self):
        own = b"Host: " + self.bench.host.encode() + b"\r\n"
        for data, status in [
            (b"GET / HTTP/1.1\r\n" + own + b"X: " + b"a" * 20_000 + b"\r\n\r\n", 431),
            (b"GET / HTTP/1.1\r\n" + own + b"X: a\r\n" * 100 + b"\r\n", 431), (b"a" * 100_000, 431),
            (b"GET / HTTP/2.0\r\n" + own + b"\r\n", 505), (b"GET /\r\n\r\n", 400), (b"\r\n\r\n", 400),
            (b"GET / HTTP/1.1\r\n" + own + own + b"\r\n", 400), (b"GET / HTTP/1.1\r\n" + own + b" more: x\r\n\r\n", 400),
            (b"GET / HTTP/1.1\r\n" + own + b"X : a\r\n\r\n", 400), (b"GET / HTTP/1.1\r\n" + own + b"X: \0\r\n\r\n", 400),
            (b"GET / HTTP/1.1\r\n" + own + b"X: \xff\xfe\r\n\r\n", 400),
            (b"GET / HTTP/1.1\n" + own + b"\r\n\r\n", 400),
        ]:
            self.assertEqual(self.status(data), status, data[:60])

    def test_bodies_are_bounded(self):
        before = self.bench.memory()
        self.assertEqual(self.bench.ask("POST", "/image", bytes(5 << 20))[0], 413)
        self.assertEqual(self.bench.ask("POST", "/session", b"", Content_Length=str(65 << 20))[0], 413)
        for length in ["-1", "0x10", "1e3", "99999999999999999999", "", "1, 1", "+5"]:
            self.assertEqual(self.bench.ask("POST", "/image", b"x", Content_Length=length)[0], 400, length)
        self.assertEqual(self.bench.ask("POST", "/image", b"x", Content_Length=None)[0], 411)
        self.assertEqual(self.bench.ask("POST", "/image", b"0\r\n\r\n", Content_Length=None, Transfer_Encoding="chunked")[0], 411)
        self.assertEqual(self.bench.ask("POST", "/image", b"x", Transfer_Encoding="chunked")[0], 411)
        self.assertEqual(self.bench.ask("POST", "/image", b"x" * 1000)[0], 422)
        self.assertEqual(self.bench.ask("POST", "/session", b"no trace at all" * 100)[0], 422)
        self.assertEqual(self.bench.ask("GET", "/", b"body", Content_Length="4")[0], 400)
        self.assertLess(self.bench.memory() - before, 40_000)

    def test_a_client_that_waits_is_let_go(self):
        """At once for all: each of them takes its time."""
        half = [
            b"", b"GET / HTTP/1.1\r\nHost:",
            b"POST /image HTTP/1.1\r\nHost: %s\r\nOrigin: http://%s\r\nX-Solderless: 1\r\nContent-Length: 1000\r\n\r\nabc"
            % ((self.bench.host.encode(),) * 2),
        ]
        connections = [self.bench.connect(40) for _ in half]
        for connection, data in zip(connections, half):
            connection.sendall(data)
        tab = Tab(self.bench, 40)
        tab.connection.sendall(b"\x81\xfe")
        began = time.monotonic()
        self.assertEqual([parts(until_its_end(connection))[0] for connection in connections], [0, 408, 408])
        self.assertEqual(tab.close_code(), 1002)
        self.assertLess(time.monotonic() - began, 25)

    def test_a_client_that_does_not_read_is_let_go(self):
        """It asks for the trace again and again, and takes nothing."""
        greedy = self.bench.connect(40)
        request = b"GET /page/bench.css HTTP/1.1\r\nHost: %s\r\n\r\n" % self.bench.host.encode()
        before = self.bench.memory()
        greedy.settimeout(0.5)
        try:
            while True:
                greedy.sendall(request * 100)
        except OSError:
            pass
        self.assertLess(self.bench.memory() - before, 8_000)
        # From here on nothing is sent either: it is cut off.
        def is_gone():
            try:
                greedy.sendall(b"x")
                return False
            except TimeoutError:
                return False
            except OSError:
                return True
        greedy.settimeout(0.1)
        within(30, "the greedy client is cut off", is_gone)

    def test_frames(self):
        for name, data, code in [
            ("not masked", frame(b"{}", mask=None), 1002), ("reserved bit", frame(b"{}", first=0xC1), 1002),
            ("unknown kind", frame(b"", kind=3), 1002), ("continuation", frame(b"x", kind=0), 1002),
            ("fragment", frame(b"x", first=0x01), 1003), ("binary", frame(b"x", kind=2), 1003),
            ("long ping", frame(b"x" * 126, kind=9), 1002), ("ping in pieces", frame(b"", first=0x09), 1002),
            ("no UTF-8", frame(b"\xff\xfe"), 1007), ("half a scalar", frame(b"\xe2\x82"), 1007),
            ("too long", frame(b"x" * (64 * 1024 + 1)), 1009),
            ("endless", b"\x81\xff" + struct.pack(">Q", (1 << 63) - 1) + b"\0\0\0\0", 1009),
            ("beyond", b"\x81\xff" + struct.pack(">Q", (1 << 64) - 1), 1009),
            ("longer than needed", b"\x81\xfe\0\x01\0\0\0\0x", 1002),
            ("half a code", frame(b"\x03", kind=8), 1002), ("bad code", frame(b"\x03\xed", kind=8), 1002),
            ("bad reason", frame(b"\x03\xe8\xff", kind=8), 1007), ("an end", frame(b"\x03\xe8bye", kind=8), 1000),
            ("an end without a code", frame(b"", kind=8), 1000),
        ]:
            tab = Tab(self.bench)
            tab.connection.sendall(data)
            self.assertEqual(tab.close_code(), code, name)
            tab.close()

    def test_pings_are_answered(self):
        tab = Tab(self.bench)
        tab.message()
        tab.send(b"are you there", kind=9)
        self.assertEqual(tab.frame(), (10, b"are you there"))
        tab.close()

    def test_messages_that_mean_nothing(self):
        tab = Tab(self.bench)
        tab.message()
        for text, code in [
            (b"", "not-json"), (b"[]", "not-json"), (b"{\"verb\":", "not-json"), (b"[" * 1000, "not-json"),
            (b'{"verb":"fry"}', "unknown-verb"), (b'{"verb":"stop"}', "bad-argument"), (b'{"verb":7}', "unknown-verb"),
            (b'{"verb":"plug","wire":"adapter-tx","to":"/etc/passwd"}', "bad-argument"),
            (b'{"verb":"flasher","do":"start","program":"/bin/sh","task":"info"}', "bad-argument"),
            (b'{"verb":"flasher","do":"start","program":"ours","task":"info; ls"}', "bad-argument"),
            (b'{"verb":"flasher","do":"start","program":"ours","task":"info","path":"/x"}', "bad-argument"),
            (b'{"verb":"flasher","do":"start","program":"ours","task":"restore"}', "bad-argument"),
            (b'{"verb":"flasher","do":"stop"}', "bad-argument"), (b'{"verb":"status","id":{}}', "bad-argument"),
            (b'{"verb":"fault","fault":"no-such","is":"on"}', "bad-argument"),
            (b'{"verb":"adapter","millivolts":230000}', "bad-argument"),
        ]:
            tab.send(text)
            answer = tab.until(lambda message: "ok" in message)
            self.assertEqual((answer["ok"], answer.get("error", {}).get("code")), (False, code), text)
        tab.close()

    def test_many_connections(self):
        before = self.bench.descriptor_count()
        crowd = [self.bench.connect(5) for _ in range(300)]
        turned_away = 0
        for connection in crowd[100:]:
            try:
                turned_away += connection.recv(100).startswith(b"HTTP/1.1 503")
            except OSError:
                pass
        self.assertGreater(turned_away, 150)
        for connection in crowd:
            connection.close()
        within(15, "all are let go", lambda: self.bench.descriptor_count() <= before + 2)

    def test_damaged_traces(self):
        """What a trace tells may be anything: it is told as far as it is sound, or refused."""
        chance = random.Random(1)
        traces = [(ROOT / "traces" / name).read_bytes() for name in ["late-power-community-1.pcap", "lost-ack-vendor-1.pcap"]]
        statuses = set()
        for _ in range(60):
            trace = bytearray(chance.choice(traces)[:60_000])
            for _ in range(chance.randint(0, 30)):
                trace[chance.randrange(len(trace))] = chance.randrange(256)
            status, _, answer = self.bench.ask("POST", "/session", bytes(trace[:chance.randint(1, len(trace))]))
            statuses.add(status)
            if status == 200:
                told = json.loads(answer)
                self.assertLessEqual({"name", "events", "durationNanoseconds"}, set(told))
            else:
                self.assertEqual(status, 422, answer)
                # A path of this machine is nobody's affair.
                self.assertNotIn(b"solderless-workbench-", answer)
        self.assertEqual(statuses, {200, 422})

    def test_a_thousand_random_requests(self):
        chance = random.Random(8660)
        pieces = [
            b"GET ", b"POST ", b"/", b"/live", b"/image", b"/session", b"/page/bench.css", b" HTTP/1.1\r\n", b"\r\n", b"\r\n\r\n",
            b"Host: " + self.bench.host.encode() + b"\r\n", b"Origin: http://" + self.bench.host.encode() + b"\r\n",
            b"X-Solderless: 1\r\n", b"Content-Length: 10\r\n", b"Content-Length: 99999\r\n", b"Transfer-Encoding: chunked\r\n",
            b"Upgrade: websocket\r\n", b"Connection: Upgrade\r\n", b"Sec-WebSocket-Version: 13\r\n",
            b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n", b"\0", b"\xff" * 30, b"a" * 3000, b":", b" ",
            frame(b'{"verb":"status"}'), frame(b'{"verb":"power","to":"on"}'), frame(b"x", first=0x41),
        ]
        # What is said once is kept: the first ones are not counted.
        for count in range(1000):
            if count == 100:
                before = self.bench.memory()
            data = b"".join(chance.choice(pieces) for _ in range(chance.randint(1, 20)))
            if chance.random() < 0.3:
                data = handshake(self.bench.host) + data
            if chance.random() < 0.5:
                data = bytes(byte if chance.random() > 0.002 else chance.randrange(256) for byte in data)
            with self.bench.connect(30) as connection:
                try:
                    connection.sendall(data)
                    if chance.random() < 0.7:
                        connection.shutdown(socket.SHUT_WR)
                        until_its_end(connection)
                except OSError:
                    pass
        self.assertLess(self.bench.memory() - before, 20_000)


class Endings(unittest.TestCase):
    def bench(self, *options):
        bench = Bench(*options)
        self.addCleanup(bench.kill)
        return bench

    def test_nothing_is_left(self):
        for number in [signal.SIGINT, signal.SIGTERM, signal.SIGHUP]:
            bench = self.bench("--wired")
            tab = Tab(bench)
            tab.message()
            self.assertTrue(tab.ask(verb="flasher", do="start", program="ours", task="info")["ok"])
            tab.until(lambda message: message.get("line"))
            began = time.monotonic()
            self.assertEqual(bench.end(number), (0, []))
            self.assertLess(time.monotonic() - began, 10)
            self.assertEqual(tab.close_code(), 1001)
            tab.close()

    def test_a_port_that_is_taken(self):
        bench = self.bench()
        with self.assertRaises(NoBench) as raised:
            Bench("--port", str(bench.port))
        self.assertEqual(raised.exception.args, (3,))
        self.assertEqual(bench.end(), (0, []))

    def test_it_listens_on_the_loopback_alone(self):
        bench = self.bench()
        place = ":%04X" % bench.port
        listening = [line.split()[1] for line in lines("/proc/net/tcp")[1:] if line.split()[3] == "0A"]
        self.assertEqual([name for name in listening if name.endswith(place)], ["0100007F" + place])
        self.assertFalse([line for line in lines("/proc/net/tcp6")[1:] if line.split()[1].endswith(place)])
        self.assertEqual(bench.end(), (0, []))


if __name__ == "__main__":
    unittest.main()
