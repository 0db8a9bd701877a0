import TestForms
import Testing

extension TraceCommands {
    /// How `record` ends.
    @Suite struct RecordEndingTests {
        /// A recorder that is told to end still gives the port what the flasher's port had taken by then.
        @Test(.enabled(if: Program.hasPython, Program.noPython))
        func whatIsOnItsWayArrives() async throws {
            let folder = try Folder()
            // The port takes its fill, and is not read before the recorder has been told to end.
            let script = """
                import os, select, signal, subprocess, sys, tty
                master, slave = os.openpty()
                tty.setraw(slave)
                words = [sys.argv[1], "record", os.ttyname(slave), "-o", sys.argv[2], "--no-link", "-q"]
                recorder = subprocess.Popen(words, stdout=subprocess.PIPE)
                flasher = os.open(recorder.stdout.readline().strip(), os.O_RDWR | os.O_NOCTTY)
                tty.setraw(flasher)
                os.set_blocking(flasher, False)
                data = bytes(i * 7 & 255 for i in range(60000))
                written = 0
                while written < len(data) and select.select([], [flasher], [], 0.5)[1]:
                    written += os.write(flasher, data[written:written + 1000])
                recorder.send_signal(signal.SIGTERM)
                read = b""
                while len(read) < written and select.select([master], [], [], 5)[0]:
                    read += os.read(master, 4096)
                print(written, read == data[:written], recorder.wait())
                """
            try folder.write(Array(script.utf8), to: "ends.py")
            let result = try await Program.shell(
                "\(Program.python) \(folder["ends.py"]) $0 \(folder["t.pcap"])")
            let words = result.output.split(whereSeparator: \.isWhitespace)
            // More than the recorder itself and one pseudo-terminal hold.
            #expect(Int(words.first ?? "") ?? 0 > 20_000, "\(result.output) \(result.error)")
            #expect(words.dropFirst() == ["True", "0"], "\(result.output) \(result.error)")
        }
    }
}
