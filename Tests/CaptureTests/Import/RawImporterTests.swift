import Capture
import Line
import Testing
import Trace

@Suite("Bytes without anything")
struct RawImporterTests {
    let bench = ImportBench()

    /// Ten bits to a character, or as many as the format has.
    @Test(arguments: [(nil, 2_560_000, 3_000_000), ("8E1.5", 2_944_000, 3_450_000)] as [(String?, Int64, Int64)])
    func timesAreMadeUp(format: String?, first: Int64, second: Int64) throws {
        let bytes = (0..<300).map { UInt8(truncatingIfNeeded: $0) }
        let (session, events, summary) = try bench.imported(
            bytes,
            options("raw") {
                ($0.direction, $0.baud, $0.frameFormat) = (.chipToHost, 1000, format.flatMap(FrameFormat.init))
            })
        #expect(session["times"] == "made up from the baud")
        #expect(summary.assumptions == ["times are made up: characters back to back at 1000 baud"])
        #expect(
            events == [
                at(0, .baud(.host, bitsPerSecond: 1000)), at(first, .data(.chipToHost, Array(bytes[..<256]))),
                at(second, .data(.chipToHost, Array(bytes[256...]))),
            ])
    }

    @Test func whatIsNotSaidIsAskedFor() {
        #expect(bench.refusal([1], options("raw"))?.contains("give --direction host-to-chip") == true)
        #expect(bench.refusal([1], options("raw") { $0.direction = .hostToChip })?.contains("give --baud") == true)
        let both = options("raw") { ($0.direction, $0.baud) = (.hostToChip, 9600) }
        #expect(bench.refusal([], both)?.contains("holds no session") == true)
    }
}
