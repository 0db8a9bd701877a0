import Foundation
import TestForms
import Testing

extension ForeignHosts {
    /// A client that nobody here wrote has a session on a pseudo-terminal: recorded, compared with its like, and replayed.
    @Suite(.serialized, .enabled(if: Program.hasPython, Program.noPython))
    struct ReplayedSessionTests {
        /// Runs of one session agree on everything but times, whatever a pseudo-terminal leaves to chance.
        @Test(arguments: ["wire", "brisk"])
        func runsOfOneSessionAgree(time: String) async throws {
            let folder = try Folder()
            var runs: [String] = []
            // A client that does not get the processor for 50 ms asks twice: that is another session, and it may repeat it.
            for attempt in 1...9 where runs.count < 3 {
                let trace = folder["\(attempt).pcap"]
                let run = try await Program.run(
                    ["run", "--no-link", "--start", "rom", "--time", time, "--trace", trace, "--", Program.python]
                        + client("{port}", folder, "both"))
                guard run.output.contains(#""synchronised": {"value": 1,"#) else { continue }
                #expect(run.code == 0, "\(run.output) \(run.error)")
                runs.append(trace)
            }
            try #require(runs.count == 3)
            for (left, right) in [(0, 1), (0, 2), (1, 2)] {
                let diff = try await Program.run(["diff", runs[left], runs[right]])
                #expect(diff.code == 0, "\(diff.output) \(diff.error)")
            }
        }
    }
}

extension QuietCommands {
    /// A client without patience for a bench that is late: what it sends twice is another session.
    @Suite(.serialized, .enabled(if: Program.hasPython, Program.noPython))
    struct ReplayedBytesTests {
        /// Sessions of a chip that has its power from the start, good ones and bad ones: the client ends as it ended then,
        /// and had the same bytes on the way.
        @Test(arguments: [
            ("write", ["--start", "rom"]), ("read", ["--scenario", "boot-chatter"]),
            ("write", ["--scenario", "adapter-1v8"]),
            ("write", ["--start", "rom", "--fault", "drop: {direction: chip-to-host, at: {block-ack: 3}}"]),
            ("read", ["--start", "rom", "--fault", "drop: {direction: chip-to-host, at: sync-answer}"]),
        ])
        func endsAsItEndedThen(job: String, bench: [String]) async throws {
            let folder = try Folder()
            let then = try await Program.run(
                ["run", "--no-link", "--trace", folder["then.pcap"]] + bench + ["--", Program.python]
                    + client("{port}", folder, job))
            let command = try client("'\(folder["chip"])'", folder, job).joined(separator: " ")
            let (now, status) = try await Program.withPort(
                ["replay", folder["then.pcap"], "--link", folder["chip"]], endsOfItself: true
            ) { _, _ in
                try await Program.shell("\(Program.python) \(command)")
            }
            // Everything that the client sent was as recorded, and it took all that the chip said.
            #expect("\(status)" == "exited(0)", "then: \(then.output) \(then.error)\nnow: \(now.output)")
            #expect(now.code == then.code, "then: \(then.output) \(then.error)\nnow: \(now.output)")
            #expect(try said(by: now) == said(by: then))
        }

        private struct Said: Decodable, Equatable {
            var passed: Bool
            var error: String?
        }

        private func said(by client: Program.Result) throws -> Said {
            try JSONDecoder().decode(Said.self, from: Data(client.output.utf8))
        }
    }
}

/// A client that nobody here wrote.
private func client(_ port: String, _ folder: Folder, _ job: String) throws -> [String] {
    try folder.write(Program.smallStub, to: "stub.bin")
    return [
        "\(Program.root)/tools/xmodem_client.py", port, "16384", "--stub", folder["stub.bin"], "--job", job,
        "--address", "0x8000", "--sync-words", "40",
    ]
}
