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
        var random = SplitMix64(seed: UInt64(format.linkType))
        for round in 0..<byForm(short: 300, long: 20_000) {
            var file = files[Int(random.next() % UInt64(files.count))]
            for _ in 0...(random.next() % 8) {
                let place = Int(random.next() % UInt64(file.count))
                switch random.next() % 4 {
                case 0: file[place] ^= 1 << UInt8(random.next() % 8)
                case 1: file[place] = UInt8(truncatingIfNeeded: random.next())
                case 2: file.removeSubrange(place..<min(file.count, place + Int(random.next() % 40)))
                default:
                    let end = min(file.count, place + Int(random.next() % 40))
                    file.insert(contentsOf: file[place..<end], at: place)
                }
                if file.isEmpty { file = [0] }
            }
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
