import TestForms
import Testing

extension AttachCommands {
    /// The preload library of `record --attach` against a recorder that a script plays.
    @Suite(
        .serialized, .enabled(if: AttachBench.hasPreload, AttachBench.noPreload),
        .enabled(if: Program.hasPython, Program.noPython))
    struct AttachLibraryTests {
        /// Others are connecting while the program opens and uses its ports: what was open is told once the recorder is
        /// reached, and how much was missed.
        @Test func aRecorderThatIsReachedLate() async throws {
            let bench = try AttachBench()
            let program = #"""
                import os, sys
                master, inherited = os.openpty()
                port = os.open(os.ttyname(inherited), os.O_RDWR | os.O_NOCTTY)
                os.close(inherited)
                os.write(port, b'unheard')
                closed = os.dup(port)
                os.close(closed)
                print(os.ttyname(port), flush=True)
                sys.stdin.readline()
                os.write(port, b'heard')
                os.close(port)
                """#
            let recorder = #"""
                import os, socket, struct, subprocess, sys
                listener = socket.socket(socket.AF_UNIX)
                listener.bind('\#(bench["socket"])')
                listener.listen(0)
                others = []
                while True:
                    other = socket.socket(socket.AF_UNIX)
                    other.setblocking(False)
                    try:
                        other.connect('\#(bench["socket"])')
                    except BlockingIOError:
                        break
                    others.append(other)
                settings = dict(
                    os.environ, LD_PRELOAD='\#(AttachBench.preload)', SOLDERLESS_ATTACH='\#(bench["socket"])')
                program = subprocess.Popen(
                    [sys.executable, '\#(bench["program.py"])'], env=settings, stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE, text=True)
                name = program.stdout.readline().strip()
                for other in others:
                    listener.accept()
                program.communicate('go\n', timeout=20)
                listener.settimeout(20)
                peer, _ = listener.accept()
                data, ends, _, _ = socket.recv_fds(peer, 4096, 1)
                data += open(ends[0], 'rb', buffering=0).readall()
                while data:
                    length, kind = struct.unpack_from('<HB', data)
                    body, data = data[40:length], data[length:]
                    if kind == 2:
                        print('opened', body.decode() == name)
                    elif kind == 3:
                        print('closed')
                    elif kind == 4:
                        print('sent', body.decode())
                    elif kind == 11:
                        print('lost', *struct.unpack('<QQQ', body)[:2])
                """#
            try bench.write(file: "program.py", program, mode: 0o644)
            try bench.write(file: "recorder.py", recorder, mode: 0o644)
            let result = try await Program.shell("\(Program.python) '\(bench["recorder.py"])'")
            #expect(result.code == 0, "\(result.error)")
            #expect(
                result.output.split(separator: "\n") == ["lost 7 0", "opened True", "sent heard", "closed"],
                "\(result.output)")
        }
    }
}
