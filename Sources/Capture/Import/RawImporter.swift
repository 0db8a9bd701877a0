import Line
import Trace

/// The bytes of one direction and nothing else, as `cat /dev/ttyUSB0` leaves them. Their times are made up: characters
/// back to back at the rate.
package enum RawImporter: Importer {
    package static let name = "raw"
    package static let summary = "bytes of one direction, with --direction and --baud; their times are made up"
    package static let uses: Set<ImportOption> = [.baud, .frameFormat, .direction]
    /// Bytes that are stamped together.
    static let runByteCount = 256

    /// Any file could be one.
    package static func recognises(_ head: [UInt8]) -> Bool { false }

    package static func read(
        _ source: ImportSource, _ options: ImportOptions, into sink: ImportSink
    ) throws(CaptureError) {
        guard let direction = options.direction else {
            throw missing("which way the bytes went", "--direction host-to-chip or chip-to-host", source)
        }
        guard let baud = options.baud else { throw missing("how fast they went", "--baud, as 115200", source) }
        guard !source.head.isEmpty else { return }
        sink.assume("times are made up: characters back to back at \(baud) baud")
        try sink.begin(clock: .host, properties: [.madeUpTimes], baud: baud)
        let take = source.take()
        let halfBitCount = Int64((options.frameFormat ?? .eightNone1).halfBitCount)
        var buffer = [UInt8](repeating: 0, count: 65_536)
        var halfBits: Int64 = 0
        while case let count = take(&buffer), count > 0 {
            var start = 0
            while start < count {
                let end = min(count, start + runByteCount)
                halfBits += Int64(end - start) * halfBitCount
                let time = Instant(
                    nanoseconds: Int64(
                        UInt64(baud).dividingFullWidth(halfBits.magnitude.multipliedFullWidth(by: 500_000_000))
                            .quotient))
                try sink.add(buffer.span.extracting(start..<end), direction, at: time)
                start = end
            }
        }
        if source.packingProblem == nil, let problem = source.problem { throw problem }
    }

    private static func missing(_ what: String, _ option: String, _ source: ImportSource) -> CaptureError {
        CaptureError(.badLine, path: source.path, "raw bytes do not say \(what)", advice: "give \(option)")
    }
}
