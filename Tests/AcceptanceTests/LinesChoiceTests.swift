import Foundation
import Line
import TestForms
import Testing
import Trace

#if canImport(Glibc)
    import Glibc
#endif

extension RunCommands {
    /// Control lines of `run`'s port: what they do to a board, who can have them, and what goes wrong.
    @Suite(
        .serialized, .enabled(if: LinesBench.hasPreload, LinesBench.noPreload),
        .enabled(if: Program.hasPython, Program.noPython))
    struct LinesChoiceTests {
        // MARK: A board that wires RTS to RESET_B (ECR6600 facts §1.1)

        @Test func rtsResetsAnEvaluationBoard() async throws {
            let bench = try LinesBench()
            let result = try await bench.run(
                """
                def answer():
                    s.write(b'cnys')
                    s.timeout = 0.2
                    return s.read(1)
                s.rts = False
                assert answer() == b'\\x01'
                assert answer() == b'', 'it waits for a header now'
                s.rts = True
                assert answer() == b'', 'held in reset'
                s.rts = False
                assert answer() == b'\\x01', 'it begins anew'
                """, ["--board", "evk"])
            #expect(result.code == 0, "\(result.error)")
            let notes = try bench.events().compactMap { if case .note(let text) = $0.kind { text } else { nil } }
            #expect(notes.contains { $0.hasPrefix("the host writes while its control lines hold the chip in reset") })
        }

        /// A program that never touches the lines: as on the board itself it hears nothing, but here it is said why.
        @Test func aProgramThatLeavesRTSAlone() async throws {
            let bench = try LinesBench()
            let script = "s.timeout = 0.3\ns.write(b'cnys')\nsys.exit(len(s.read(1)))"
            let held = try await bench.run(script, ["--board", "evk"])
            #expect(held.code == 0)
            #expect(
                held.error.contains("warning: the host writes while its control lines hold the chip"), "\(held.error)")
            #expect(
                try await bench.run(script, ["--board", "tnce-plug", "--start", "rom"]).code == 1, "nothing is wired")
            #expect(try await bench.run(script, ["--board", "evk", "--no-lines"]).code == 1, "there are no lines")
        }

        // MARK: Who can have them

        @Test func noneWhereNoneAreAskedFor() async throws {
            let bench = try LinesBench()
            let result = try await bench.run(
                """
                assert 'SOLDERLESS_LINES' not in os.environ and 'LD_PRELOAD' not in os.environ
                try:
                    s.dtr = False
                    sys.exit(1)
                except OSError as refusal:
                    assert refusal.errno == errno.ENOTTY
                """, ["--no-lines"])
            #expect(result.code == 0 && result.error.isEmpty, "\(result.error)")
            #expect(try bench.events().allSatisfy { if case .controlLines = $0.kind { false } else { true } })
        }

        #if arch(x86_64)
            /// Opens its argument and writes the sync word, without a C library.
            private static let withoutLibraries = """
                static long call(long number, long a, long b, long c) {
                    long result;
                    __asm__ volatile("syscall" : "=a"(result) : "a"(number), "D"(a), "S"(b), "d"(c)
                                     : "rcx", "r11", "memory");
                    return result;
                }
                __asm__(".globl _start\\n_start: mov %rsp, %rdi\\n and $-16, %rsp\\n call begin");
                void begin(long *stack) {
                    long port = call(2, stack[2], 0x102, 0);
                    call(60, call(1, port, (long)"cnys", 4) != 4, 0, 0);
                }
                """

            /// They run as they did without the library, and it is said that they have no lines.
            @Test(.enabled(if: AttachBench.clang != nil, AttachBench.noClang)) func staticallyLinkedPrograms()
                async throws
            {
                let bench = try AttachBench()
                try await bench.compile(
                    Self.withoutLibraries, to: "static",
                    ["-static", "-nostdlib", "-ffreestanding", "-O1", "-fno-stack-protector"])
                let run = ["run", "--time", "brisk", "--"]
                let direct = try await Program.run(run + [bench["static"], "{port}"])
                #expect(direct.code == 0, "\(direct.error)")
                #expect(
                    direct.error.contains("no control lines: \(bench["static"]) is statically linked"),
                    "\(direct.error)")
                let wrapped = try await Program.run(run + ["sh", "-c", "\(bench["static"]) {port}; exit $?"])
                #expect(wrapped.code == 0, "\(wrapped.error)")
                #expect(wrapped.error.contains("the program at the port has no control lines"), "\(wrapped.error)")
                let inherited = try await Program.run(
                    run + ["sh", "-c", "exec 3<>{port}; \(bench["static"]) /dev/fd/3; exit $?"])
                #expect(inherited.code == 0, "\(inherited.error)")
                #expect(!inherited.error.contains("no control lines"), "the shell has them: \(inherited.error)")
            }
        #endif

        @Test(.enabled(if: getuid() == 0, "only root can make a program of another user's"))
        func programsWithOtherRights() async throws {
            let bench = try AttachBench()
            try FileManager.default.copyItem(atPath: "/bin/true", toPath: bench["suid"])
            #expect(chown(bench["suid"], 65_534, 65_534) == 0 && chmod(bench["suid"], 0o4755) == 0)
            let result = try await Program.run(["run", "--", bench["suid"]])
            #expect(
                result.code == 0 && result.error.contains("no control lines: \(bench["suid"]) runs with other rights"))
        }

        /// The program and its library as a package would install them.
        @Test func anInstalledTree() async throws {
            let bench = try LinesBench()
            let files = FileManager.default
            for (from, to) in [(Program.path, "tree/bin"), (LinesBench.preload, "tree/lib/solderless")] {
                try files.createDirectory(atPath: bench[to], withIntermediateDirectories: true)
                try files.copyItem(atPath: from, toPath: "\(bench[to])/\(URL(fileURLWithPath: from).lastPathComponent)")
            }
            let result = try await Program.shell("\(bench["tree/bin/solderless"]) run -- printenv LD_PRELOAD")
            #expect(result.output == "\(bench["tree/lib/solderless"])/libsolderless-lines.so\n", "\(result.error)")
            try files.removeItem(atPath: bench["tree/lib"])
            let without = try await Program.shell("\(bench["tree/bin/solderless"]) run -- sh -c 'exit 7'")
            #expect(without.code == 7)
            #expect(
                without.error.contains("no control lines: ") && without.error.contains("is not there"),
                "\(without.error)")
        }

        /// It needs libc and nothing else: any program can have it.
        @Test func theLibraryNeedsLibcAlone() async throws {
            let result = try await Program.shell("LC_ALL=C readelf -d '\(LinesBench.preload)'")
            let needed = result.output.split(separator: "\n").filter { $0.contains("(NEEDED)") }
            #expect(needed.contains { $0.contains("[libc.") }, "\(result.output)")
            #expect(needed.allSatisfy { $0.contains("[libc.") || $0.contains("[libdl.") }, "\(result.output)")
        }

        /// What a recorder inside the program sees is what the bench answers.
        @Test(.enabled(if: AttachBench.hasPreload, AttachBench.noPreload)) func recordedInside() async throws {
            let bench = try LinesBench()
            let script =
                "import serial, sys; s = serial.Serial(sys.argv[1]); s.write(b'a'); s.rts = False; s.write(b'b')"
            let result = try await Program.run(
                [
                    "run", "--time", "brisk", "--", Program.path, "record", "--attach", "-o", bench["t.pcap"], "--",
                    Program.python, "-c", script, "{port}",
                ])
            #expect(result.code == 0, "\(result.error)")
            let actions = try bench.events().hostActions
            #expect(
                actions.contains("DTR RTS") && actions.suffix(4) == ["1 bytes", "DTR", "1 bytes", "closed"],
                "\(actions)")
        }

        // MARK: What goes wrong

        /// The bench is killed while a program waits for its answer, which never hangs: neither that call nor the next.
        @Test func aBenchThatDies() async throws {
            let bench = try LinesBench()
            let result = try await bench.run(
                """
                import signal
                bench = os.getppid()
                if os.fork() > 0:
                    time.sleep(60)
                os.setsid()
                os.kill(bench, signal.SIGSTOP)
                # It stops soon, and may answer until it has: each of its threads by itself.
                tasks = f'/proc/{bench}/task/'
                def state(task):
                    try:
                        with open(tasks + task + '/stat') as file: return file.read().rpartition(')')[2].split()[0]
                    except FileNotFoundError:
                        return 'T'
                while any(state(task) != 'T' for task in os.listdir(tasks)):
                    time.sleep(0.001)
                outcome = []
                def wait():
                    try:
                        lines(fd)
                        outcome.append('answered')
                    except OSError as failure:
                        outcome.append(errno.errorcode[failure.errno])
                thread = threading.Thread(target=wait)
                thread.start()
                # Once it waits at the socket: the only one of ours. Any other may be closed while we look.
                def target(number):
                    try:
                        return os.readlink('/proc/self/fd/' + number)
                    except FileNotFoundError:
                        return ''
                while not any('socket:' in target(number) for number in os.listdir('/proc/self/fd')):
                    time.sleep(0.001)
                began = time.monotonic()
                os.kill(bench, signal.SIGKILL)
                thread.join()
                wait()
                outcome.append('soon' if time.monotonic() - began < 5 else 'late')
                with open('\(bench["outcome.new"])', 'w') as file: file.write(' '.join(outcome))
                os.rename('\(bench["outcome.new"])', '\(bench["outcome"])')
                """)
            #expect(result.code == 137)
            #expect(try await eventually { FileManager.default.fileExists(atPath: bench["outcome"]) })
            // The next call comes out as without the library: the port may not have hung up yet.
            let outcome = String(decoding: try bench.folder.read("outcome"), as: UTF8.self)
            #expect(["EIO EIO soon", "EIO ENOTTY soon"].contains(outcome), "\(outcome)")
        }

        /// Anybody who finds the socket may send anything, as often as they like.
        @Test func hostileRequests() async throws {
            let bench = try LinesBench()
            let result = try await bench.run(
                """
                path = os.environ['SOLDERLESS_LINES'].split(':', 2)[2]
                def connect():
                    peer = socket.socket(socket.AF_UNIX)
                    peer.connect(path)
                    return peer
                def memory():
                    with open(f'/proc/{os.getppid()}/status') as status:
                        return next(int(line.split()[1]) for line in status if line.startswith('VmRSS'))
                def descriptors():
                    return len(os.listdir(f'/proc/{os.getppid()}/fd'))
                random.seed(1)
                def storm(count):
                    for turn in range(count):
                        peer = connect()
                        kind = turn % 5
                        if kind == 0: peer.send(random.randbytes(random.randrange(1, 64)))
                        if kind == 1: peer.send(struct.pack('IIII', 1, random.randrange(12), *(random.getrandbits(32) for n in 'ab')))
                        if kind == 2: peer.send(bytes(100000))
                        if kind == 3: peer.send(struct.pack('III', 1, 1, 0))
                        if kind != 4 and turn % 2: peer.close()
                        else: held.append(peer)
                        if len(held) > 150: held.pop(0).close()
                held = []
                storm(500)
                lines(fd)
                before = (memory(), descriptors())
                storm(4000)
                for turn in range(100): s.rts = turn % 2 == 0
                assert lines(fd) & RTS == 0
                change(fd, termios.TIOCMSET, 0)
                s.reset_input_buffer()
                after = (memory(), descriptors())
                assert after[0] < before[0] + 8192 and after[1] < 150, (before, after)
                s.baudrate = 115200
                s.write(b'cnys')
                assert s.read(1) == b'\\x01'
                """, ["--time", "brisk", "--start", "rom"])
            #expect(result.code == 0, "\(result.output) \(result.error)")
        }
    }
}
