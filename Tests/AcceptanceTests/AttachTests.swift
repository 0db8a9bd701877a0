import Capture
import Foundation
import Line
import Subprocess
import TestForms
import Testing
import Trace

#if canImport(Glibc)
    import Glibc
#endif

extension AttachCommands {
    /// `record --attach`: what a program does with its port, recorded inside the program.
    @Suite(
        .serialized, .enabled(if: AttachBench.hasPreload, AttachBench.noPreload),
        .enabled(if: Program.hasPython, Program.noPython))
    struct AttachTests {
        /// A client that nobody here wrote, and the emulator's own trace of it.
        @Test func theTraceIsTheEmulatorsOwn() async throws {
            let bench = try AttachBench()
            try bench.folder.write([UInt8](repeating: 0x55, count: 26_096), to: "stub.bin")
            let (result, _) = try await Program.withPort(["emulate", "--no-link", "--trace", bench["own.pcap"]]) {
                port, _ in
                try await bench.record([
                    "\(Program.root)/tools/xmodem_client.py", port, "16384", "--stub", bench["stub.bin"],
                ])
            }
            #expect(result.code == 0, "\(result.output) \(result.error)")
            #expect(result.output.contains(#""passed": true"#), "its output passes through")
            #expect(result.error.contains("wrote \(bench.trace): /dev/pts/"), "\(result.error)")
            let own = try bench.events("own.pcap")
            let recorded = try bench.events()
            #expect(recorded.bytes(.hostToChip) == own.bytes(.hostToChip))
            #expect(recorded.bytes(.chipToHost) == own.bytes(.chipToHost))
            // What the host did to its port, and after how many of its bytes. The chip's own rates it does not know.
            #expect(recorded.hostMarks == own.hostMarks)
            #expect(
                recorded.hostMarks.contains("26126: 921600 baud"),
                "header, stub, a frame for the flash id, one for the rate")
            let session = try #require(try TraceReader(opening: bench.trace).session())
            #expect(session.clock == .host)
            #expect(session["recorded"]?.contains("record --attach") == true)
            #expect(session["command"]?.contains("xmodem_client.py") == true)
        }

        /// A pseudo-terminal has no lines: what was asked for is said, and that the port refused.
        @Test func linesThatThePortRefuses() async throws {
            let bench = try AttachBench()
            let result = try await bench.record(script: "s.dtr = False\ns.rts = True\ns.send_break(0.01)")
            #expect(result.code == 1, "it hears of it: \(result.error)")
            let notes = try bench.notes()
            #expect(notes.contains("the host asked for DTR off; the port refused (ENOTTY)"), "\(notes)")
            #expect(try bench.events().allSatisfy { if case .controlLines = $0.kind { false } else { true } })
        }

        /// A port that refuses does not look at the pointer, and neither does the library.
        @Test func wildPointers() async throws {
            let bench = try AttachBench()
            let result = try await bench.record(
                script: """
                    import ctypes, errno, termios
                    libc = ctypes.CDLL(None, use_errno=True)
                    for request in (termios.TIOCMSET, termios.TIOCMBIS, termios.TIOCMBIC, termios.TIOCMGET):
                        for pointer in (None, ctypes.c_void_p(1), ctypes.c_void_p(-1)):
                            assert libc.ioctl(s.fileno(), ctypes.c_ulong(request), pointer) == -1
                            assert ctypes.get_errno() in (errno.ENOTTY, errno.EFAULT), ctypes.get_errno()
                    s.write(b'on')
                    """)
            #expect(result.code == 0, "\(result.error)")
            #expect(try bench.events().bytes(.hostToChip) == Array("on".utf8))
        }

        /// What is preloaded already stays, and answers behind ours: here as a port with lines.
        @Test(.enabled(if: AttachBench.clang != nil, AttachBench.noClang)) func linesThatThePortHas() async throws {
            let bench = try AttachBench()
            let source = """
                #include <asm/ioctls.h>
                #include <dlfcn.h>
                #include <stdarg.h>
                #define _(name) ((int (*)(int, unsigned long, ...))dlsym((void *)-1L, name))
                static unsigned lines = 6;
                int ioctl(int fd, unsigned long request, ...) {
                    va_list more; va_start(more, request); unsigned *bits = va_arg(more, unsigned *); va_end(more);
                    switch (request) {
                        case TIOCMGET: return *bits = lines | 0x20, 0;
                        case TIOCMSET: return lines = *bits, 0;
                        case TIOCMBIS: return lines |= *bits, 0;
                        case TIOCMBIC: return lines &= ~*bits, 0;
                    }
                    return _("ioctl")(fd, request, bits);
                }
                """
            try await bench.compile(source, to: "lines.so", ["-shared", "-fPIC", "-w"])
            let result = try await bench.record(
                script: "s.dtr = False\ns.rts = False\ns.dtr = True\ns.send_break(0.01)\ns.write(b'x')",
                preloading: bench["lines.so"])
            #expect(result.code == 0, "\(result.error)")
            let lines = try bench.events().compactMap { event -> ControlLines? in
                if case .controlLines(let lines) = event.kind { lines } else { nil }
            }
            #expect(
                lines == [
                    [.dataTerminalReady, .requestToSend, .clearToSend], [.requestToSend, .clearToSend], [.clearToSend],
                    [.dataTerminalReady, .clearToSend],
                ])
            #expect(try bench.events().contains { $0.kind == .breakSent })
        }

        /// A thread reads what another's writes are answered with: no answer stands before what it answers.
        @Test func threads() async throws {
            let bench = try AttachBench()
            let result = try await bench.record(
                script: """
                    import threading
                    def echo():
                        while True:
                            os.write(master, os.read(master, 4096))
                    read = bytearray()
                    def listen():
                        while len(read) < 40000:
                            read.extend(os.read(s.fileno(), 100))
                    threading.Thread(target=echo, daemon=True).start()
                    os.set_blocking(s.fileno(), True)
                    listener = threading.Thread(target=listen)
                    listener.start()
                    for block in range(400):
                        os.write(s.fileno(), bytes([block % 256]) * 100)
                    listener.join()
                    """)
            #expect(result.code == 0, "\(result.error)")
            let expected = (0..<400).flatMap { [UInt8](repeating: UInt8($0 % 256), count: 100) }
            var counts = Pair(0)
            var early = 0
            let events = try bench.events()
            for event in events {
                guard case .data(let direction, let bytes) = event.kind else { continue }
                counts[direction] += bytes.count
                if counts.chipToHost > counts.hostToChip { early += 1 }
            }
            #expect(early == 0, "an answer before its question")
            #expect(events.bytes(.hostToChip) == expected)
            #expect(events.bytes(.chipToHost) == expected)
            #expect(zip(events, events.dropFirst()).allSatisfy { $0.time <= $1.time })
        }

        /// What a fork does, and a program that inherits the port as its standard output, whose last words these are.
        @Test func forksAndHeirs() async throws {
            let bench = try AttachBench()
            let result = try await bench.record(
                script: """
                    import subprocess
                    s.write(b'parent ')
                    child = os.fork()
                    if child == 0:
                        s.write(b'child ')
                        os._exit(0)
                    os.waitpid(child, 0)
                    subprocess.run(['sh', '-c', 'exec 9>&1; printf heir\\\\  >&9'], stdout=s.fileno())
                    copy = os.dup(s.fileno())
                    s.close()
                    os.write(copy, b'copy')
                    os.close(copy)
                    """)
            #expect(result.code == 0, "\(result.error)")
            let events = try bench.events()
            #expect(String(decoding: events.bytes(.hostToChip), as: UTF8.self) == "parent child heir copy")
            #expect(events.filter { $0.kind == .portOpened }.count == 1)
            #expect(events.filter { $0.kind == .portClosed }.count == 1)
            #expect(events.last?.kind == .portClosed)
        }

        /// Closing everything, taking its descriptors' numbers, many descriptors: the library's own are not in the way.
        @Test func aProgramThatClosesEverything() async throws {
            let bench = try AttachBench()
            let result = try await bench.record(
                script: """
                    import subprocess
                    os.write(s.fileno(), b'1')
                    os.closerange(s.fileno() + 1, 5000)
                    os.write(s.fileno(), b'2')
                    before = os.open('/dev/null', os.O_RDONLY)
                    for number in range(900, 1024):
                        os.dup2(before, number)
                    os.write(s.fileno(), b'3')
                    for number in range(900, 1024):
                        assert os.readlink(f'/proc/self/fd/{number}') == '/dev/null', number
                        os.close(number)
                    os.write(s.fileno(), b'4')
                    subprocess.run(['true'], close_fds=True, check=True)
                    os.write(s.fileno(), b'5')
                    """)
            #expect(result.code == 0, "\(result.error)")
            #expect(String(decoding: try bench.events().bytes(.hostToChip), as: UTF8.self) == "12345")
        }

        /// The recorder is killed: the program goes on as if nothing had been.
        @Test func aKilledRecorderDisturbsNothing() async throws {
            let bench = try AttachBench()
            try bench.write(
                script: """
                    s.write(b'before')
                    open('\(bench["ready"])', 'w').close()
                    while not os.path.exists('\(bench["killed"])'):
                        time.sleep(0.02)
                    for turn in range(20000):
                        os.write(s.fileno(), b'after')
                        os.read(master, 4096)
                    if os.fork() == 0:
                        s.write(b'child')
                        os._exit(0)
                    os.wait()
                    open('\(bench["done"])', 'w').close()
                    """)
            let result = try await Program.shell(
                """
                mkdir \(bench["run"]); export XDG_RUNTIME_DIR=\(bench["run"])
                $0 record --attach -o \(bench.trace) -- \(Program.python) \(bench["script.py"]) & job=$!
                until test -e \(bench["ready"]); do sleep 0.02; done
                until grep -qa before \(bench.trace); do sleep 0.02; done
                kill -KILL $job; : >\(bench["killed"])
                until test -e \(bench["done"]); do sleep 0.02; done
                ls \(bench["run"])/solderless | wc -l
                $0 record --attach -o \(bench["next.pcap"]) -- true
                ls \(bench["run"])/solderless | wc -l
                """, within: 30)
            #expect(result.code == 0, "\(result.error)")
            #expect(result.output.split(whereSeparator: \.isNewline) == ["1", "0"], "the next one removes its socket")
            #expect(String(decoding: try bench.events().bytes(.hostToChip), as: UTF8.self) == "before")
        }

        /// The recorder is stopped: the program is not held up, and the trace says what is missing.
        @Test func aRecorderThatStandsStillHoldsNobodyUp() async throws {
            let bench = try AttachBench()
            let result = try await bench.record(
                script: """
                    import signal
                    recorder = os.getppid()
                    os.kill(recorder, signal.SIGSTOP)
                    began = time.monotonic()
                    written = 3
                    for turn in range(1000):
                        taken = os.write(s.fileno(), b'x' * 4000)
                        written += taken
                        while taken:
                            taken -= len(os.read(master, taken))
                    print(written)
                    assert time.monotonic() - began < 5
                    os.kill(recorder, signal.SIGCONT)
                    # What fits into the pipe has come out of it.
                    while os.path.getsize('\(bench.trace)') < 900000:
                        time.sleep(0.02)
                    s.write(b'end')
                    """)
            #expect(result.code == 0, "\(result.error)")
            #expect(result.error.contains("The recorder fell behind: "), "\(result.error)")
            let events = try bench.events()
            let lost = events.reduce(0) { sum, event in
                if case .lost(.hostToChip, let count, _) = event.kind { sum + count } else { sum }
            }
            #expect(lost > 2_000_000)
            let written = Int(result.output.trimmingCharacters(in: .whitespacesAndNewlines))
            #expect(events.bytes(.hostToChip).count + lost == written, "nothing is missing without a word")
            #expect(events.bytes(.hostToChip).suffix(3) == Array("end".utf8))
        }

        /// Whoever finds the socket may say anything.
        @Test func hostileMessages() async throws {
            let bench = try AttachBench()
            let result = try await bench.record(
                script: """
                    import socket, struct, random
                    path = os.environ['SOLDERLESS_ATTACH']
                    hello = struct.pack('<HBBIqqiiII', 40, 1, 0, 0, 0, 0, -1, 0, 1, 1)
                    def say(hello, *messages):
                        peer = socket.socket(socket.AF_UNIX)
                        peer.connect(path)
                        out, into = os.pipe()
                        socket.send_fds(peer, [hello], [out])
                        for message in messages:
                            os.write(into, message)
                        for end in (out, into): os.close(end)
                        peer.close()
                    s.write(b'one')
                    device = os.fstat(s.fileno()).st_rdev
                    device = os.major(device) << 20 | os.minor(device)
                    say(b'nonsense')
                    say(hello, b'nonsense' * 100)
                    say(hello, hello)
                    random.seed(1)
                    for turn in range(200):
                        say(hello, random.randbytes(random.randrange(1, 200)))
                    # Times before all time and after it; closing what others have open.
                    for stamp in (-2**63, 0, 2**63 - 1):
                        say(hello, struct.pack('<HBBIqqiiII', 40, 3, 0, device, stamp, stamp, s.fileno(), 0, 0, 0))
                        say(hello, struct.pack('<HBBIqqiiII', 41, 4, 0, device, stamp, stamp, 9, 0, 0, 0) + b'!')
                    s.write(b'two')
                    """)
            #expect(result.code == 0, "\(result.error)")
            #expect(result.error.contains("a process is not recorded any more: it reported"), "\(result.error)")
            let events = try bench.events()
            #expect(events.bytes(.hostToChip).filter { $0 != UInt8(ascii: "!") } == Array("onetwo".utf8))
            #expect(events.filter { $0.kind == .portClosed }.count == 1)
            #expect(zip(events, events.dropFirst()).allSatisfy { $0.time <= $1.time })
        }

        /// C's streams read and write without a call that could be seen: at least that is said.
        @Test(.enabled(if: AttachBench.clang != nil, AttachBench.noClang)) func streams() async throws {
            let bench = try AttachBench()
            try await bench.compile(
                """
                #include <stdio.h>
                int main(int count, char **words) {
                    FILE *port = fopen(words[1], "r+");
                    return !port || fputs("unseen", port) < 0 || fclose(port);
                }
                """, to: "streams", [])
            let result = try await bench.record(
                script: "import subprocess\nsubprocess.run(['\(bench["streams"])', name], check=True)")
            #expect(result.code == 0, "\(result.error)")
            #expect(try bench.notes().contains { $0.hasPrefix("the program uses C's streams on the port") })
        }
    }
}
