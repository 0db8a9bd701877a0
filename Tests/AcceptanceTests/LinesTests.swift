import Foundation
import Line
import TestForms
import Testing
import Trace

#if canImport(Glibc)
    import Glibc
#endif

extension RunCommands {
    /// Control lines of `run`'s port, by its preload library, with programs that nobody here wrote.
    @Suite(
        .serialized, .enabled(if: LinesBench.hasPreload, LinesBench.noPreload),
        .enabled(if: Program.hasPython, Program.noPython))
    struct LinesTests {
        /// Writing, lines, rates, flushes, breaks, as fast as the program can: each in its place in the trace.
        @Test(arguments: ["wire", "brisk", "fast"]) func everythingStandsInItsPlace(time: String) async throws {
            let bench = try LinesBench()
            let result = try await bench.run(
                """
                TCSETS2, BOTHER = 0x402C542B, 0o10000
                def any_rate(fd, rate):
                    settings = array.array('I', fcntl.ioctl(fd, 0x802C542A, bytes(44)))
                    settings[2] = settings[2] & ~0o10017 | BOTHER
                    settings[9] = settings[10] = rate
                    fcntl.ioctl(fd, TCSETS2, settings.tobytes())
                for turn in range(40):
                    os.write(fd, b'a' * (turn % 7 + 1))
                    change(fd, termios.TIOCMSET, RTS)
                    os.write(fd, b'b' * 2)
                    s.baudrate = 921600
                    os.write(fd, b'c' * (turn % 5 + 1))
                    change(fd, termios.TIOCMBIS, DTR)
                    change(fd, termios.TIOCMBIC, RTS)
                    any_rate(fd, 1234567)
                    s.reset_input_buffer()
                    os.write(fd, b'd' * 3)
                    termios.tcsendbreak(fd, 0)
                    os.write(fd, b'e')
                    s.baudrate = 115200
                    s.dtr = False
                """, ["--time", time])
            #expect(result.code == 0, "\(result.error)")
            var wanted: [String] = []
            for turn in 0..<40 {
                wanted += [
                    "\(turn % 7 + 1) bytes", "RTS", "2 bytes", "921600 baud", "\(turn % 5 + 1) bytes", "DTR RTS", "DTR",
                    "1234567 baud", "input", "3 bytes", "break", "2 bytes", "115200 baud", "none",
                ]
            }
            // A break is a zero among the data as well.
            wanted.append("closed")
            let actions = try bench.events().hostActions
            #expect(actions.prefix(3) == ["opened", "DTR RTS", "115200 baud"])
            // A flush of pySerial's own belongs to its opening.
            let rest = Array(actions.dropFirst(3).drop { $0 == "input" })
            let differing = zip(rest, wanted).enumerated().first { $0.element.0 != $0.element.1 }?.offset
            #expect(rest == wanted, "from \(differing ?? -1) on")
        }

        @Test func aThousandPulses() async throws {
            let bench = try LinesBench()
            let result = try await bench.run(
                """
                for turn in range(1000):
                    s.dtr = False
                    s.rts = False
                    os.write(fd, b'x')
                    s.rts = True
                    s.dtr = True
                """)
            #expect(result.code == 0, "\(result.error)")
            let moves = try bench.events().hostActions.filter { !$0.hasSuffix("baud") && $0 != "input" }
            var wanted = ["opened", "DTR RTS"]
            for _ in 0..<1000 { wanted += ["RTS", "none", "1 bytes", "RTS", "DTR RTS"] }
            wanted += ["closed", "none"]
            #expect(moves == wanted)
        }

        /// A driver's answers: what was set, inputs that are not wired, and what the last close does.
        @Test func whatAProgramIsTold() async throws {
            let bench = try LinesBench()
            let result = try await bench.run(
                """
                assert lines(fd) == DTR | RTS
                s.dtr = False
                assert lines(fd) == RTS and not (s.cts or s.dsr or s.cd or s.ri)
                change(fd, termios.TIOCMSET, DTR | termios.TIOCM_CTS)
                assert lines(fd) == DTR
                other = os.open(os.path.realpath(name), os.O_RDWR | os.O_NOCTTY)
                assert lines(other) == lines(fd) == DTR | RTS, 'each opening asserts them'
                os.close(other)
                os.close(os.open(name, os.O_PATH))
                s.rts = False
                s.write(b'cnys')
                assert s.read(1) == b'\\x01'
                s.flush()
                counts = array.array('i', fcntl.ioctl(fd, 0x545D, bytes(80)))
                assert counts[4:6].tolist() == [1, 4], counts
                s.set_low_latency_mode(True)
                serial_struct = array.array('i', fcntl.ioctl(fd, termios.TIOCGSERIAL, bytes(72)))
                assert serial_struct[4] & 0x2000 and serial_struct[7] == 24000000, serial_struct
                assert lines(fd) == DTR
                try:
                    fcntl.ioctl(fd, termios.TIOCMIWAIT, termios.TIOCM_CTS)
                    assert False
                except OSError as refusal:
                    assert refusal.errno == errno.ENOTTY
                """)
            #expect(result.code == 0, "\(result.output) \(result.error)")
            #expect(result.error.isEmpty, "\(result.error)")
            #expect(try bench.events().hostActions.suffix(2) == ["closed", "none"], "HUPCL")
        }

        /// A rate by its divisor, as Mono 6.8 sets 2 Mbaud (ECR6600 facts §13.6).
        @Test func aRateByItsDivisor() async throws {
            let bench = try LinesBench()
            let result = try await bench.run(
                """
                s.write(b'x')
                s.baudrate = 38400
                settings = array.array('i', fcntl.ioctl(fd, termios.TIOCGSERIAL, bytes(72)))
                settings[6] = settings[7] // 2000000
                settings[4] = settings[4] & ~0x1030 | 0x30
                fcntl.ioctl(fd, termios.TIOCSSERIAL, settings.tobytes())
                s.write(b'yy')
                s.baudrate = 9600
                s.write(b'z')
                """)
            #expect(result.code == 0, "\(result.error)")
            let actions = try bench.events().hostActions
            #expect(
                actions.suffix(8) == [
                    "1 bytes", "38400 baud", "2000000 baud", "2 bytes", "9600 baud", "1 bytes", "closed", "none",
                ], "\(actions)")
        }

        /// Where the kernel says EFAULT, so does the library.
        @Test func wildPointers() async throws {
            let bench = try LinesBench()
            let result = try await bench.run(
                """
                for request in (termios.TIOCMGET, termios.TIOCMSET, termios.TIOCMBIS, termios.TIOCMBIC, 0x545D,
                                termios.TIOCGSERIAL, termios.TIOCSSERIAL):
                    for pointer in (None, ctypes.c_void_p(1), ctypes.c_void_p(-1)):
                        assert libc.ioctl(fd, ctypes.c_ulong(request), pointer) == -1
                        assert ctypes.get_errno() == errno.EFAULT, (request, ctypes.get_errno())
                assert libc.tcflush(fd, 7) == -1 and ctypes.get_errno() == errno.EINVAL
                assert lines(fd) == DTR | RTS
                """)
            #expect(result.code == 0, "\(result.error)")
        }

        /// Forks, heirs, copies, threads, a vfork (posix_spawn), another name: all are the same port.
        @Test func everyWayToThePort() async throws {
            let bench = try LinesBench()
            let result = try await bench.run(
                """
                s.write(b'parent')
                child = os.fork()
                if child == 0:
                    change(fd, termios.TIOCMSET, 0)
                    os.write(fd, b'child')
                    os._exit(0)
                os.waitpid(child, 0)
                copy = os.dup(fd)
                change(copy, termios.TIOCMSET, DTR)
                subprocess.run(['sh', '-c', 'stty 9600 && printf heir >&0'], stdin=fd, check=True)
                for turn in range(20):
                    os.waitpid(os.posix_spawn('/bin/true', ['true'], os.environ), 0)
                os.closerange(copy, 500)
                change(fd, termios.TIOCMSET, RTS)
                s.close()
                with open(name, 'r+b', buffering=0) as stream:
                    assert lines(stream.fileno()) == DTR | RTS
                """, ["--time", "brisk", "--link", bench["port"]])
            #expect(result.code == 0, "\(result.error)")
            let actions = try bench.events().hostActions.filter { $0 != "input" }
            #expect(
                actions == [
                    "opened", "DTR RTS", "115200 baud", "6 bytes", "none", "5 bytes", "DTR", "9600 baud", "4 bytes",
                    "RTS",
                    "closed", "none", "opened", "DTR RTS", "closed", "none",
                ], "\(actions)")
        }

        /// Threads that ask at once: each gets its own answer, and none waits for another's.
        @Test func manyThreads() async throws {
            let bench = try LinesBench()
            let result = try await bench.run(
                """
                def toggle(bit):
                    for turn in range(200):
                        change(fd, termios.TIOCMBIC, bit)
                        change(fd, termios.TIOCMBIS, bit)
                def look():
                    for turn in range(200):
                        assert lines(fd) & ~(DTR | RTS) == 0
                threads = [threading.Thread(target=toggle, args=(bit,)) for bit in (DTR, RTS)]
                threads += [threading.Thread(target=look) for turn in range(8)]
                for thread in threads: thread.start()
                for thread in threads: thread.join()
                """)
            #expect(result.code == 0, "\(result.error)")
            let lines = try bench.events().compactMap {
                if case .controlLines(let lines) = $0.kind { lines } else { nil }
            }
            #expect(lines.count == 802, "raised, each change once, hung up")
        }
    }
}
