import Capture
import Digests
import Line
import TestForms
import Testing
import Trace
import USB

extension USBImporterTests {
    /// Damaged captures end in a trace or an error, never otherwise.
    @Test(arguments: USBCapture.Format.allCases)
    func damagedCapturesDoNoHarm(format: USBCapture.Format) throws {
        let files = USBSession.allCases.flatMap { session in
            var capture = USBCapture(format)
            session.write(into: &capture)
            return [capture.pcap(), capture.pcapng(), Gzip.pack(capture.pcap())]
        }
        var tampering = Tampering(seed: UInt64(format.linkType))
        for round in 0..<byForm(short: tamperedFileCount.short, long: tamperedFileCount.long) {
            let file = tampering.tampered(files[tampering.below(files.count)])
            var choice = AdapterChoice()
            if round % 3 == 0 { choice.family = AdapterFamily.allCases[round % 5] }
            do {
                let made = try imported(file, choice)
                let carried = made.summary.byteCount.hostToChip + made.summary.byteCount.chipToHost
                #expect(carried <= 100_000 && made.summary.problems.count <= ImportSummary.problemLimit)
            } catch is CaptureError {
                continue
            }
        }
    }
}
