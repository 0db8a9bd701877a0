import Capture
import FoundationEssentials
import Line
import TestForms
import Testing
import Trace

@Suite("docs/trace-format.md")
struct TraceFormatDocumentTests {
    static let session = SessionDescription(
        program: "solderless", programVersion: "0.1.0", clock: .line, epoch: 1_700_000_000_000_000_000,
        properties: [.init("chip", "ECR6600")])
    static let events: [TraceEvent] = [
        TraceEvent(.zero, .session(session)),
        TraceEvent(Instant(nanoseconds: 250_000_000), .baud(.host, bitsPerSecond: 115_200)),
        TraceEvent(Instant(nanoseconds: 500_000_000), .data(.hostToChip, Array("cnys".utf8))),
        TraceEvent(Instant(nanoseconds: 500_100_001), .data(.chipToHost, [0x01])),
    ]

    @Test func itsExampleIsReadAndWrittenByteForByte() throws {
        let folder = try Folder()
        let example = try exampleBytes()
        try write(example, to: folder["example.pcap"])
        let reader = TraceReader(opening: folder["example.pcap"])
        #expect(try reader.events() == Self.events)

        let written = folder["written.pcap"]
        let writer = try TraceWriter(creating: written, session: Self.session)
        for event in Self.events.dropFirst() { try writer.write(event) }
        try writer.close()
        #expect(try contents(of: written) == example)
    }

    /// The bytes of the block marked `pcap-hex`; remarks begin with "#".
    private func exampleBytes() throws -> [UInt8] {
        let text = String(decoding: try contents(of: packageFolder + "/docs/trace-format.md"), as: UTF8.self)
        let block = text.split(separator: "```").first { $0.hasPrefix("pcap-hex\n") }
        let lines = try #require(block).split(separator: "\n").dropFirst()
        return lines.flatMap { line in
            line.prefix { $0 != "#" }.split(separator: " ").compactMap { UInt8($0, radix: 16) }
        }
    }
}
