import Capture
import Digests
import Foundation
import Line
import TestForms
import Testing
import Trace

/// Whatever is done to a recording: it is imported or refused, in bounds of time and of what is written.
@Suite("Recordings that were tampered with")
struct MutatedRecordingsTests {
    static let kinds = [
        "jsonl", "esptool", "socat", "socat -v", "saleae", "stc", "rtac", "vcd", "sigrok", "raw",
    ]

    private func recording(_ kind: String) throws -> (bytes: [UInt8], options: ImportOptions) {
        let session = try RecordedSession("efuse", byteLimit: 600)
        let wave = session.wave(baud: 115_200)
        switch kind {
        case "jsonl": return (session.jsonLines().bytes, options("jsonl"))
        case "esptool": return (session.esptool().bytes, options("esptool"))
        case "socat": return (session.socat(isVerbose: false).bytes, options("socat"))
        case "socat -v": return (session.socat(isVerbose: true).bytes, options("socat"))
        case "saleae": return (session.saleae(baud: 115_200).bytes, options("saleae"))
        case "stc": return (session.stc().bytes, options("stc"))
        case "vcd": return (wave.vcd(unit: ("10 ns", 10_000)), options("vcd"))
        case "sigrok":
            let samples = Array(wave.samples(rate: 1_000_000).prefix(20_000))
            return (
                ZipFile(samples: samples, rate: "1 MHz", chunk: 5000, style: .streamed).file, options("sigrok")
            )
        case "rtac":
            let trace = try contents(of: packageFolder + "traces/efuse.pcap")
            return (Array(trace.prefix(3000)), options("rtac") { $0.direction = .hostToChip })
        default:
            return (wave.samples(rate: 10_000), options("raw") { ($0.direction, $0.baud) = (.hostToChip, 9600) })
        }
    }

    @Test(arguments: kinds)
    func nothingBreaks(kind: String) throws {
        let bench = ImportBench()
        let (bytes, options) = try recording(kind)
        var tampering = Tampering(seed: 0x5EED)
        for round in 0..<byForm(short: tamperedFileCount.short, long: tamperedFileCount.long) {
            let mutated = tampering.tampered(bytes)
            try bench.folder.write(mutated, to: "m")
            let start = ContinuousClock.now
            var isRefused = false
            do throws(CaptureError) {
                let summary = try importRecording(
                    from: bench.folder["m"], to: bench.folder["t.pcap"], options, replacing: true)
                #expect(summary.problems.count <= ImportSummary.problemLimit)
            } catch {
                isRefused = true
            }
            #expect(ContinuousClock.now - start < .seconds(10), "\(kind), round \(round)")
            guard !isRefused else { continue }
            // What was imported can be read, and is no longer than what it was made of allows.
            let made = try TraceReader(opening: bench.folder["t.pcap"]).events()
            #expect(made.count < 40 * mutated.count + 1000, "\(kind), round \(round)")
        }
    }
}
