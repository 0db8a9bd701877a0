import Capture
import Foundation
import Line
import TestForms
import Testing
import Trace

/// Where sigrok-cli is; nil when it is not installed.
private let sigrokCLI = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
    .map { "\($0)/sigrok-cli" }.first { FileManager.default.isExecutableFile(atPath: $0) }

/// Recordings of wires that a writer makes which nobody here wrote.
@Suite(
    "Files of sigrok-cli",
    .enabled(
        if: sigrokCLI != nil, "sigrok-cli is not installed: sessions and dumps are made by the tests alone in this run")
)
struct SigrokCLITests {
    @Test(arguments: ["srzip", "vcd"], [115_200, 921_600] as [Int64])
    func itsFilesAreRead(format: String, baud: Int64) throws {
        let bench = ImportBench()
        let session = try RecordedSession("efuse", byteLimit: 4000)
        try bench.folder.write(session.wave(baud: baud).samples(rate: 12_000_000), to: "samples")
        let process = Process()
        process.executableURL = URL(filePath: try #require(sigrokCLI))
        process.arguments = [
            "-I", "binary:numchannels=3:samplerate=12000000", "-i", bench.folder["samples"], "-O", format, "-o",
            bench.folder["made"],
        ]
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        let (_, events, summary) = try bench.imported(
            bench.folder.read("made"), options { ($0.hostWire, $0.chipWire) = ("2", "0") })
        #expect(summary.kind == (format == "vcd" ? "vcd" : "sigrok") && summary.problems == [])
        #expect(RecordedSession.bauds(events) == [UInt32(baud)])
        let turns = (RecordedSession.turns(events), RecordedSession.turns(session.events))
        #expect(turns.0.map(\.direction) == turns.1.map(\.direction))
        #expect(turns.0.map(\.bytes) == turns.1.map(\.bytes))
    }
}
