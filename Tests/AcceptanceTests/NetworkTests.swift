import Capture
import Foundation
import Line
import Subprocess
import TestForms
import Testing
import Trace

extension ForeignHosts {
    /// `emulate --rfc2217` and `--tcp`, with pySerial as the client: nobody here wrote it.
    @Suite(.serialized, .enabled(if: Program.hasPython, Program.noPython))
    struct NetworkTests {
        /// Runs a script of Python, which has `s`, the port opened at 115200 baud, against an emulation with its trace.
        private func run(
            _ script: String, _ folder: Folder, _ options: [String] = [], protocol option: String = "--rfc2217"
        ) async throws -> Program.Result {
            let head = """
                import sys, serial
                s = serial.serial_for_url(sys.argv[1], 115200, timeout=2)

                """
            try folder.write(Array((head + script).utf8), to: "script.py")
            let arguments = ["emulate", option, "127.0.0.1:0", "--no-keys", "--trace", folder["t.pcap"]] + options
            return try await Program.withPort(arguments) { port, _ in
                try await Program.command([Program.python, folder["script.py"], port])
            }.value
        }

        private func actions(in folder: Folder) throws -> [String] {
            var events: [TraceEvent] = []
            _ = try TraceReader(opening: folder["t.pcap"]).forEach { events.append($0) }
            var actions: [String] = []
            var count = 0
            for event in events {
                if case .data(.hostToChip, let bytes) = event.kind { count += bytes.count }
                guard let action = action(event.kind) else { continue }
                if count > 0 { actions.append("\(count) bytes") }
                count = 0
                actions.append(action)
            }
            return actions
        }

        private func action(_ kind: TraceEvent.Kind) -> String? {
            switch kind {
            case .baud(.host, let rate): "\(rate) baud"
            case .controlLines(let lines):
                [(ControlLines.dataTerminalReady, "DTR"), (.requestToSend, "RTS")].filter { lines.contains($0.0) }
                    .map(\.1).joined(separator: " ")
            case .flushed(let queues): queues.name
            case .breakSent: "break"
            case .portOpened: "opened"
            case .portClosed: "closed"
            default: nil
            }
        }

        /// Opening sets DTR and RTS and discards what is there; formats that the chip does not have are refused.
        @Test func aSerialPortLikeAnyOther() async throws {
            let folder = try Folder()
            let result = try await run(
                """
                print(s.cts, s.dsr, s.ri, s.cd)
                s.write(b'cnys')
                print(s.read(1).hex())
                s.baudrate = 921600
                s.stopbits = 2
                for name, value, usual in ('parity', 'E', 'N'), ('bytesize', 7, 8), ('rtscts', True, False):
                    try:
                        setattr(s, name, value)
                        print(name, 'was taken')
                    except ValueError:
                        setattr(s, name, usual)
                s.baudrate = 115200
                s.dtr = False
                s.rts = False
                s.send_break(0.01)
                s.rts = True
                s.reset_output_buffer()
                s.write(bytes(range(256)))
                s.dtr = True
                s.close()
                """, folder)
            #expect(result.code == 0, "\(result.error)")
            #expect(result.output == "False False False False\n01\n")
            let actions = try actions(in: folder)
            // A break is a 0 as well, to a reader that counts bytes.
            #expect(
                actions == [
                    "opened", "115200 baud", "DTR", "DTR RTS", "input", "output", "4 bytes", "921600 baud",
                    "115200 baud",
                    "RTS", "", "break", "1 bytes", "RTS", "output", "256 bytes", "DTR RTS", "closed", "",
                ])
        }

        /// The board wires RTS to RESET_B (ECR6600 facts §1.1): a port that asserts it holds the chip in reset.
        @Test func rtsResetsTheBoard() async throws {
            let folder = try Folder()
            let result = try await run(
                """
                s.timeout = 0.3
                def sync():
                    s.write(b'cnys')
                    return s.read(1).hex() or 'silent'
                print(sync())
                s.rts = False
                print(sync(), sync())
                for _ in range(3):
                    s.rts = True
                    print(sync())
                    s.rts = False
                    print(sync())
                """, folder, ["--board", "evk"])
            #expect(result.code == 0, "\(result.error)")
            // The second word in a row is taken for a header's beginning.
            #expect(result.output == "silent\n01 silent\n" + String(repeating: "silent\n01\n", count: 3))
        }

        /// A whole session, at 921,600 baud and back, with writing, reading and the chip's own SHA-256.
        @Test func flashesOverTheNetwork() async throws {
            let folder = try Folder()
            try folder.write([UInt8](repeating: 0x55, count: 26_096), to: "stub.bin")
            let result = try await session("--rfc2217", ["65536"], folder)
            #expect(result.code == 0, "\(result.output) \(result.error)")
            #expect(result.output.contains(#""passed": true"#))
        }

        /// Bare bytes have one rate. A flasher that changes it finds a chip whose time does not pass, or must leave it.
        @Test(arguments: [
            (["--baud", "115200"], []), ([], ["--time", "fast"]),
        ])
        func flashesOverBareBytes(client: [String], emulation: [String]) async throws {
            let folder = try Folder()
            try folder.write(Program.smallStub, to: "stub.bin")
            let result = try await session("--tcp", ["4096"] + client, folder, emulation)
            #expect(result.code == 0, "\(result.output) \(result.error)")
            #expect(result.output.contains(#""passed": true"#))
        }

        /// It hears nothing at another rate than the chip's.
        @Test func theRateOfBareBytesIsTheOptions() async throws {
            let folder = try Folder()
            let script = "s.timeout = 0.3\ns.write(b'cnys')\nprint(s.read(1).hex() or 'silent')"
            let right = try await run(script, folder, protocol: "--tcp")
            #expect(right.output == "01\n", "\(right.error)")
            let wrong = try await run(script, folder, ["--tcp-baud", "9600", "--overwrite"], protocol: "--tcp")
            #expect(wrong.output != "01\n", "\(wrong.error)")
        }

        private func session(
            _ option: String, _ client: [String], _ folder: Folder, _ options: [String] = []
        ) async throws -> Program.Result {
            try await Program.withPort(["emulate", option, "127.0.0.1:0", "--no-keys"] + options) { port, _ in
                try await Program.command(
                    [Program.python, "\(Program.root)/tools/xmodem_client.py", port] + client
                        + ["--stub", folder["stub.bin"]])
            }.value
        }
    }
}

extension ForeignHosts {
    /// A port over TCP, as far as the command line goes, and clients that mean no good.
    @Suite(.serialized) struct NetworkCommandTests {
        @Test(arguments: [
            (
                "--rfc2217 0.0.0.0:4000",
                #"--rfc2217: only 127.0.0.1 can be served, not "0.0.0.0": anyone who reaches the port may use it"#
            ),
            (
                "--tcp 4000",
                #"--tcp: "4000" is not an address: write 127.0.0.1 and a port from 0 to 65535, as in 127.0.0.1:4000"#
            ),
            ("--tcp 127.0.0.1:0 --rfc2217 127.0.0.1:0", "--rfc2217 contradicts --tcp: a chip has one port"),
            ("--tcp-baud 9600", "--tcp-baud needs --tcp"),
            ("--tcp 127.0.0.1:0 --tcp-baud 0", "--tcp-baud takes 1 to 4294967295, not 0"),
            (
                "--tcp 127.0.0.1:0 --link x",
                "--link names a link to a pseudo-terminal, and --tcp makes none: leave one of them out"
            ),
            ("--rfc2217 127.0.0.1:0 --detach --no-control", "--detach needs a link or a control socket"),
        ])
        func whatMakesNoSenseIsRefused(options: String, message: String) async throws {
            let result = try await Program.run(["emulate"] + options.split(separator: " ").map(String.init))
            #expect(result.code == 2)
            #expect(result.error.hasPrefix("error: \(message)"), "\(result.error)")
        }

        @Test func ctlWorksAsWithAPseudoTerminal() async throws {
            let bench = try CtlBench()
            let started = try await bench.shell("$0 emulate --detach --rfc2217 127.0.0.1:0 --start rom")
            let port = started.output.trimmingCharacters(in: .whitespacesAndNewlines)
            #expect(port.hasPrefix("rfc2217://127.0.0.1:"), "\(started.error)")
            #expect(started.error.contains("end it with: solderless ctl --port \(port) stop"))
            #expect(!bench.names.contains("ecr6600"), "no link")
            #expect(try await bench.ctl("list").output.contains(port))
            let reset = try await bench.ctl("--port \(port) reset")
            #expect(reset.code == 0, "\(reset.error)")
            let taken = try await bench.shell(
                "$0 emulate --no-keys --tcp 127.0.0.1:\(port.split(separator: ":").last!)")
            #expect(taken.code == 3)
            #expect(taken.error.contains("another program listens there"), "\(taken.error)")
            #expect(try await bench.ctl("--port \(port) stop").code == 0)
        }

        /// A client that floods, one that never ends what it began, two hundred that come and go: then one that works.
        @Test(arguments: ["--rfc2217", "--tcp"]) func survivesItsClients(option: String) async throws {
            let arguments = ["emulate", option, "127.0.0.1:0", "--no-keys", "--time", "brisk", "--start", "rom"]
            let used = try await Program.withPort(arguments) { port, process -> Int in
                for round in 0..<200 {
                    let client = try TCPClient(port)
                    client.send([255, 250, 44, 1, 0].prefix(round % 6) + [UInt8](repeating: 7, count: 9))
                    if round % 2 == 0 { client.vanish() }
                }
                let flood: [[UInt8]] = [
                    [255, 250, 44] + [UInt8](repeating: 1, count: 60_000), [UInt8](repeating: 255, count: 60_000),
                    (0..<8000).flatMap { _ in [255, 250, 44, 5, 7, 255, 240] as [UInt8] },
                ]
                for piece in flood {
                    let client = try TCPClient(port, receiveRoom: 4096)
                    for _ in 0..<400 { client.send(piece) }
                    client.leave()
                }
                #expect(
                    try await eventually {
                        let client = try TCPClient(port)
                        client.send(Array("cnys".utf8))
                        return try await eventually(within: .milliseconds(300)) { client.receive().bytes.last == 1 }
                    })
                return try Self.residentKilobytes(of: process.value)
            }.value
            #expect(used < 200 << 10, "\(used) KB")
        }

        private static func residentKilobytes(of process: pid_t) throws -> Int {
            let status = try String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8)
            let line = try #require(status.split(separator: "\n").first { $0.hasPrefix("VmRSS:") })
            return Int(line.filter(\.isNumber)) ?? .max
        }
    }
}
