import Line
import Trace

/// Sessions as people who study the boot loaders of STC's microcontrollers write them down (trace formats §B.9):
///
/// ```
/// 2013-05-01 12:00:00.123456: host2mcu
///   46 B9 6A 00 07
/// ```
/// A line with time and direction, then rows of bytes up to the next. Empty lines and `#` remarks may stand between.
package enum STCImporter: Importer {
    package static let name = "stc"
    package static let summary = "blocks of bytes under `2013-05-01 12:00:00.123456: host2mcu` (or mcu2host)"
    package static let uses: Set<ImportOption> = [.baud]

    package static func recognises(_ head: [UInt8]) -> Bool {
        head.hasLine { header(&$0)?.direction != nil }
    }

    package static func read(
        _ source: ImportSource, _ options: ImportOptions, into sink: ImportSink
    ) throws(CaptureError) {
        let lines = source.lines(byteLimit: TextLimits.lineByteCount)
        var epoch: Int64 = 0
        var block: TextBlock?
        while let line = try lines.next() {
            var scanner = LineScanner(line)
            scanner.skipBlanks()
            if scanner.isAtEnd || scanner.next == UInt8(ascii: "#") { continue }
            if let header = header(&scanner) {
                try block?.end(in: sink)
                block = nil
                guard let direction = header.direction else {
                    sink.problem(at: "line \(lines.number)", "names no direction that is known: host2mcu or mcu2host")
                    continue
                }
                if !sink.hasBegun {
                    epoch = header.time.nanoseconds
                    try sink.begin(clock: .host, epoch: epoch, baud: options.baud)
                }
                block = TextBlock(
                    direction, at: Instant(nanoseconds: header.time.nanoseconds - epoch), lineNumber: lines.number,
                    expectedCount: nil)
            } else if try !append(scanner, to: &block, sink) {
                sink.problem(at: "line \(lines.number)", "is no row of bytes below a line with time and direction")
            }
        }
        try block?.end(in: sink)
    }

    /// - Returns: nil for a line that is no header; a direction of nil for one that names none.
    private static func header(_ scanner: inout LineScanner) -> (time: WallTime, direction: Direction?)? {
        guard let time = WallTime(&scanner), scanner.accept(":") else { return nil }
        scanner.skipBlanks()
        if scanner.accept("host2mcu") { return (time, .hostToChip) }
        if scanner.accept("mcu2host") { return (time, .chipToHost) }
        return (time, nil)
    }

    /// - Returns: whether the line is bytes and nothing else; else none of them is taken.
    private static func append(
        _ row: LineScanner, to block: inout TextBlock?, _ sink: ImportSink
    ) throws(CaptureError) -> Bool {
        guard block != nil else { return false }
        var scanner = row
        var bytes: [UInt8] = []
        while let byte = scanner.hexByte() {
            bytes.append(byte)
            scanner.skipBlanks()
        }
        guard scanner.isAtEnd else { return false }
        for byte in bytes { _ = try block?.append(byte, to: sink) }
        return true
    }
}
