import Digests
import TestForms
import Testing

extension OfflineCommands {
    /// Traces packed with gzip, in every command that reads one.
    @Suite struct PackedTraceTests {
        private static let trace = "\(Program.root)/traces/sync-no-answer.pcap"

        @Test func showAndDiff() async throws {
            let folder = try Folder()
            let plain = try await Program.run(["show", Self.trace])
            #expect(plain.code == 0)
            let bytes = try Folder.contents(of: Self.trace)
            let packed = Gzip.pack(bytes)
            try folder.write(packed, to: "t.pcap.gz")
            let shown = try await Program.run(["show", folder["t.pcap.gz"]])
            #expect(shown.code == 0 && shown.output == plain.output, "\(shown.error)")
            #expect(try await Program.run(["diff", Self.trace, folder["t.pcap.gz"]]).code == 0)

            try folder.write(Array(packed.dropLast(packed.count / 3)), to: "cut.gz")
            let cut = try await Program.run(["show", folder["cut.gz"]])
            #expect(cut.code == 3)
            // What comes before the place where it breaks off: the same beginning, and fewer sync words in the last line.
            let (all, before) = (plain.output.split(separator: "\n"), cut.output.split(separator: "\n"))
            #expect(before.count == all.count && before.dropLast() == all.dropLast(), "\(cut.output)")
            #expect(before.last?.hasSuffix(" × sync word") == true && before.last != all.last, "\(cut.output)")
            #expect(cut.error.contains("the gzip data break off at byte \(packed.count - packed.count / 3)"))
        }

        @Test func replay() async throws {
            let folder = try Folder()
            try folder.write(Gzip.pack(try Folder.contents(of: "\(Program.root)/traces/efuse.pcap")), to: "e.gz")
            _ = try await Program.withPort(["replay", folder["e.gz"], "--link", folder["chip"]]) { port, _ in
                #expect(port == folder["chip"])
            }
        }
    }
}
