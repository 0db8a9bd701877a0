import Digests
import TestForms
import Testing

extension OfflineCommands {
    /// `lint` as a command; what its rules find is tested in LintTests.
    @Suite struct LintCommandTests {
        private static let traces = "\(Program.root)/traces"
        private static let good = "\(traces)/good-bench-community-1.pcap"
        /// An error and a warning (traces/README.md).
        private static let bad = "\(traces)/fail-read-lost-eot-ack.pcap"
        /// A warning.
        private static let doubtful = "\(traces)/lost-ack-vendor-1.pcap"

        @Test func findingsOnOutputTheRestOnError() async throws {
            let result = try await Program.run(["lint", Self.good, Self.bad])
            #expect(result.code == 1)
            let lines = result.output.split(separator: "\n")
            #expect(lines.first?.hasPrefix("\(Self.bad): ") == true, "\(result.output)")
            #expect(lines.first?.hasSuffix(": error: eot-not-acknowledged") == true)
            #expect(result.output.contains("    → Answer EOT with ACK"))
            #expect(
                result.error.contains("not judged: slow-after-reset, reset-in-session: the trace has no control lines"))
            #expect(result.error.hasSuffix("2 traces: 1 error, 1 warning\n"), "\(result.error)")
        }

        private static let commandLines: [(arguments: [String], code: Int32)] = [
            ([good], 0), ([bad], 1), ([doubtful], 0), ([doubtful, "--strict"], 1),
            ([bad, "--ignore", "eot-not-acknowledged"], 0),
            ([bad, "--strict", "--ignore", "eot-not-acknowledged", "--ignore", "left-at-high-baud"], 0),
            (["nowhere.pcap"], 3), ([bad, "nowhere.pcap"], 3), ([], 2), (["--rules", good], 2),
            (["--rules", "--strict"], 2),
            ([good, "--ignore", "eot"], 2), (["-", "-"], 2),
        ]

        @Test(arguments: commandLines)
        func exitCodes(arguments: [String], code: Int32) async throws {
            #expect(try await Program.run(["lint"] + arguments).code == code)
        }

        @Test func aRuleThatThereIsNotIsNamed() async throws {
            let result = try await Program.run(["lint", Self.good, "--ignore", "sparse-snyc"])
            #expect(result.error.contains("there is no rule \"sparse-snyc\"; did you mean \"sparse-sync\"?"))
        }

        /// Of traces that cannot be opened nothing is said but why.
        @Test func whatCannotBeOpenedIsNotCounted() async throws {
            let result = try await Program.run(["lint", "nowhere.pcap"])
            #expect(result.code == 3 && result.error.contains("nowhere.pcap"), "\(result.error)")
            #expect(!result.error.contains("nothing found"), "\(result.error)")
            let both = try await Program.run(["lint", "nowhere.pcap", Self.good])
            #expect(both.code == 3 && both.error.contains("1 trace: "), "\(both.error)")
        }

        @Test func packedAndFromAPipe() async throws {
            let folder = try Folder()
            try folder.write(Gzip.pack(try Folder.contents(of: Self.bad)), to: "t.gz")
            #expect(try await Program.run(["lint", folder["t.gz"]]).code == 1)
            let piped = try await Program.shell("$0 lint - <'\(folder["t.gz"])'")
            #expect(piped.code == 1 && piped.output.hasPrefix("-: "), "\(piped.output)\(piped.error)")
        }

        /// Of a damaged trace, what comes before the damage is judged.
        @Test func aTraceThatBreaksOff() async throws {
            let folder = try Folder()
            let bytes = try Folder.contents(of: Self.bad)
            try folder.write(bytes.dropLast(3) + [], to: "cut.pcap")
            let cut = try await Program.run(["lint", folder["cut.pcap"]])
            #expect(cut.code == 1 && cut.error.contains("ends in the middle of a record"), "\(cut.error)")
            try folder.write(Gzip.pack(bytes).dropLast(40) + [], to: "cut.gz")
            let packed = try await Program.run(["lint", folder["cut.gz"], Self.good])
            #expect(packed.code == 3 && packed.output.contains("eot-not-acknowledged"), "\(packed.error)")
        }

        @Test func theRulesAreListed() async throws {
            let result = try await Program.run(["lint", "--rules", "--ignore", "block-twice"])
            #expect(result.code == 0)
            let lines = result.output.split(separator: "\n")
            #expect(lines.count == 29 && lines.first?.hasPrefix("sparse-sync ") == true, "\(result.output)")
            #expect(!result.output.contains("block-twice"))
        }
    }
}

extension TraceCommands {
    /// `lint` of what was just recorded.
    @Suite struct LintedSessionTests {
        /// A host that erases between two sectors (ECR6600 facts §4.4), again where the stub was not yet listening; and
        /// one of ours.
        @Test func sessionsOnABench() async throws {
            let folder = try Folder()
            let wrong = try await Program.shell(
                #"""
                cd \#(folder.path) && $0 run --time brisk --start stub --trace t.pcap -- sh -c 'exec 3<>"$SOLDERLESS_PORT"
                    stty raw -echo 115200 <&3
                    until '"$0"' ctl --port "$SOLDERLESS_PORT" status | grep -q "stub .* runs"; do :; done
                    ask() { printf "\245\004\010\000\000\021\000\000\000\020\000\000\322" >&3; timeout 1 head -c 6 <&3 | wc -c; }
                    until [ "$(ask)" = 6 ]; do :; done' && $0 lint t.pcap
                """#)
            #expect(
                wrong.code == 1 && wrong.output.contains("error: misaligned-erase"), "\(wrong.output)\(wrong.error)")
            let right = try await Program.shell(
                "cd \(folder.path) && $0 run --time fast --trace r.pcap -- $0 flash read f.bin --length 8192 --port {port} "
                    + "&& $0 lint --strict r.pcap")
            #expect(right.code == 0, "\(right.output)\(right.error)")
        }
    }
}
