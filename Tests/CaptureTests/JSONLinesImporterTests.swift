import Capture
import Line
import TestForms
import Testing
import Trace
import Words

@Suite("Sessions in JSON lines")
struct JSONLinesImporterTests {
    static let names = [
        "efuse", "erase", "fail-read-lost-eot-ack", "fail-write-no-100ms-gap", "read-64k", "sync-no-answer",
        "write-64k", "write-64k-one-bit-corrupt",
    ]
    let folder = try! Folder()

    private func imported(_ text: String) throws -> [TraceEvent] {
        let path = folder["session.jsonl"]
        try write(Array(text.utf8), to: path)
        try importRecording(from: path, to: folder["session.pcap"], replacing: true)
        return try Array(TraceReader(opening: folder["session.pcap"]).events().dropFirst())
    }

    @Test func aBaudEventIsMadeWhereTheBaudChanges() throws {
        let events = try imported(
            """
            {"t": 0.33709, "dir": "host-to-chip", "baud": 115200, "hex": "a590000035"}
            {"t": 0.4, "dir": "chip-to-host", "baud": 115200, "hex": "01"}

            {"t": 0.5, "dir": "host-to-chip", "baud": 921600, "hex": ""}
            {"t": 0.5, "dir": "host-to-chip", "hex": "FF"}
            """)
        let first = Instant(nanoseconds: 337_090_000)
        let last = Instant(nanoseconds: 500_000_000)
        #expect(
            events == [
                TraceEvent(first, .baud(.host, bitsPerSecond: 115_200)),
                TraceEvent(first, .data(.hostToChip, [0xA5, 0x90, 0, 0, 0x35])),
                TraceEvent(Instant(nanoseconds: 400_000_000), .data(.chipToHost, [1])),
                TraceEvent(last, .baud(.host, bitsPerSecond: 921_600)),
                TraceEvent(last, .data(.hostToChip, [])),
                TraceEvent(last, .data(.hostToChip, [0xFF])),
            ])
    }

    @Test(arguments: [
        ("{", "is not JSON"), ("[]", "is not a JSON object"), ("\u{0}", "is not JSON"),
        (#"{"dir": "host-to-chip", "hex": ""}"#, #""t" is missing"#),
        (#"{"t": "soon", "dir": "host-to-chip", "hex": ""}"#, #""t" is not a Double"#),
        (#"{"t": -1, "dir": "host-to-chip", "hex": ""}"#, "t is -1.0"),
        (#"{"t": 1e300, "dir": "host-to-chip", "hex": ""}"#, "t is 1e+300"),
        (#"{"t": 1e999, "dir": "host-to-chip", "hex": ""}"#, ""),
        (#"{"t": 0.1, "dir": "host-to-chip", "hex": ""}"#, "t goes back"),
        (#"{"t": 1, "dir": "up", "hex": ""}"#, #"dir is "up""#),
        (#"{"t": 1, "dir": "host-to-chip", "hex": "abc"}"#, "hex is not"),
        (#"{"t": 1, "dir": "host-to-chip", "hex": "zz"}"#, "hex is not"),
        (#"{"t": 1, "dir": "host-to-chip", "hex": 7}"#, #""hex" is not a String"#),
        (#"{"t": 1, "dir": "host-to-chip", "hex": "", "baud": 0}"#, "baud is 0"),
        (#"{"t": 1, "dir": "host-to-chip", "hex": "", "baud": -5}"#, "baud is -5"),
        (#"{"t": 1, "dir": "host-to-chip", "hex": "", "baud": 4294967296}"#, "baud is 4294967296"),
    ])
    func aWrongLineIsNamedAndExplained(line: String, message: String) {
        let good = #"{"t": 0.5, "dir": "host-to-chip", "hex": "00"}"#
        let error = #expect(throws: CaptureError.self) { try imported("\(good)\n\(line)\n") }
        #expect(error?.code == .badLine)
        #expect(error?.line == 2)
        #expect(error?.message.contains(message) == true, "\(error?.message ?? "")")
    }

    @Test func anEndlessLineIsRefused() throws {
        let error = #expect(throws: CaptureError.self) {
            try imported("{" + String(repeating: "x", count: JSONLinesImporter.lineByteLimit))
        }
        #expect(error?.message.contains("longer") == true)
    }

    @Test func aWrongLineLeavesNoTraceBehind() throws {
        let source = folder["bad.jsonl"]
        try write(Array("{}\n".utf8), to: source)
        #expect(throws: CaptureError.self) { try importRecording(from: source, to: folder["bad.pcap"]) }
        #expect(try folder.names() == ["bad.jsonl"])
    }

    /// The traces that lie in the repository are what the importer makes of the sessions today.
    @Test(arguments: names)
    func theTracesInTheRepositoryAreUpToDate(name: String) throws {
        let source = packageFolder + "/Tests/Golden/\(name).jsonl"
        let made = folder["\(name).pcap"]
        try importRecording(from: source, to: made)
        let reader = TraceReader(opening: packageFolder + "/traces/\(name).pcap")
        #expect(try reader.session()?.clock == .host)
        #expect(try TraceReader(opening: made).events() == reader.events())
    }
}
