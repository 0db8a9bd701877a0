import Line
import Trace

/// What `socat -x` writes to its log, with `-v` and without:
///
/// ```
/// > 2013/05/01 12:00:00.000123456  length=4 from=0 to=3
///  00 01 02 03                                      ....
/// --
/// ```
/// `>` is what came from the left address. Behind the seconds stand six digits of microseconds, or, as socat 1.7.4 pads them,
/// nine of which the last six are the microseconds. The time is the computer's, of no zone that is named.
package enum SocatImporter: Importer {
    package static let name = "socat"
    package static let summary = "the log of `socat -x`, with or without -v; --host says which side is the host's"
    package static let uses: Set<ImportOption> = [.baud, .hostSide]

    package static func recognises(_ head: [UInt8]) -> Bool {
        head.hasLine { header(&$0) != nil }
    }

    package static func read(
        _ source: ImportSource, _ options: ImportOptions, into sink: ImportSink
    ) throws(CaptureError) {
        var log = Log(
            path: source.path, sink: sink, options: options, isPadded: !hasNanoseconds(source.head))
        let lines = source.lines(byteLimit: TextLimits.lineByteCount)
        while let line = try lines.next() { try log.take(line, number: lines.number) }
        try log.end()
    }

    /// A block's first line.
    fileprivate struct Header {
        var isFromLeft: Bool
        var time: WallTime
        var length: Int
        var from: Int
    }

    fileprivate static func header(_ scanner: inout LineScanner) -> Header? {
        let isFromLeft = scanner.accept("> ")
        guard isFromLeft || scanner.accept("< "), let time = WallTime(&scanner) else { return nil }
        scanner.skipBlanks()
        guard scanner.accept("length="), let length = scanner.number(), scanner.accept(" from="),
            let from = scanner.number(), scanner.accept(" to=")
        else { return nil }
        return Header(isFromLeft: isFromLeft, time: time, length: length, from: from)
    }

    /// Whether nine digits are nanoseconds: then one fraction of a thousand begins with 000, and not all of them.
    private static func hasNanoseconds(_ head: [UInt8]) -> Bool {
        head.hasLine { scanner in
            guard let time = header(&scanner)?.time else { return false }
            return time.fractionDigitCount == 9 && time.fraction > 999_999
        }
    }
}

/// Where the reading of a log is.
private struct Log {
    let path: String
    let sink: ImportSink
    let baud: UInt32?
    /// What comes from the left address.
    let fromLeft: Direction
    var isPadded: Bool
    private var block: TextBlock?
    private var epoch: Int64 = 0
    /// Where the next block of a direction begins, if nothing is missing.
    private var offset = Pair(0)
    private var rowsWithoutHeader = 0
    private var hasHex = false

    init(path: String, sink: ImportSink, options: ImportOptions, isPadded: Bool) {
        self.path = path
        self.sink = sink
        self.isPadded = isPadded
        baud = options.baud
        fromLeft = options.hostSide == .right ? .chipToHost : .hostToChip
        if options.hostSide == nil { sink.assume("the host is at the left address (--host right for the other)") }
    }

    mutating func take(_ line: [UInt8], number: Int) throws(CaptureError) {
        if line.first == UInt8(ascii: " ") {
            guard block != nil else {
                rowsWithoutHeader += 1
                return
            }
            if try append(line, number) { return }
        }
        var scanner = LineScanner(line)
        if let header = SocatImporter.header(&scanner) { return try begin(header, number) }
        if line == [0x2D, 0x2D] || line.allSatisfy({ $0 == 0x20 || $0 == 0x0D }) { return try endBlock() }
        // What socat says of itself stands between the blocks.
        if WallTime(&scanner) != nil, scanner.accept(" socat[") { return }
        if let block, block.count == 0, !hasHex {
            throw CaptureError(
                .badLine, path: path, line: number, "is text: the log was made with -v alone, which loses bytes",
                advice: "record with `socat -x` or `socat -x -v`")
        }
        sink.problem(at: "line \(number)", "is neither a header nor a row of bytes")
    }

    private mutating func begin(_ header: SocatImporter.Header, _ number: Int) throws(CaptureError) {
        try endBlock()
        let direction = header.isFromLeft ? fromLeft : fromLeft.opposite
        let nanoseconds = time(header.time, number)
        if !sink.hasBegun {
            epoch = nanoseconds
            try sink.begin(clock: .host, epoch: epoch, baud: baud)
        }
        let time = Instant(nanoseconds: nanoseconds - epoch)
        let missing = header.from - offset[direction]
        // One that begins again is of another socat that wrote to the same file.
        if missing > 0 {
            sink.problem(at: "line \(number)", "begins at byte \(header.from): \(missing) bytes before it are missing")
            try sink.add(
                TraceEvent(time, .lost(direction, count: missing, reason: "the recording does not have them")))
        }
        offset[direction] = header.from + header.length
        block = TextBlock(direction, at: time, lineNumber: number, expectedCount: header.length)
    }

    /// Nanoseconds since 1970.
    private mutating func time(_ time: WallTime, _ number: Int) -> Int64 {
        guard isPadded, time.fractionDigitCount == 9 else { return time.nanoseconds }
        if time.fraction > 999_999 {
            sink.problem(at: "line \(number)", "has nanoseconds where the lines before it have padded microseconds")
            isPadded = false
            return time.nanoseconds
        }
        return time.seconds * 1_000_000_000 + Int64(time.fraction) * 1000
    }

    /// Takes the ` hh` at the beginning of a row. - Returns: whether there were any.
    private mutating func append(_ line: [UInt8], _ number: Int) throws(CaptureError) -> Bool {
        guard var block = block.take() else { return false }
        defer { self.block = block }
        if block.isWhole { return false }
        var scanner = LineScanner(line)
        var isRow = false
        while scanner.accept(" "), let byte = scanner.hexByte() {
            isRow = true
            if try !block.append(byte, to: sink) {
                sink.problem(at: "line \(number)", "has more bytes than the header says")
                break
            }
        }
        hasHex = hasHex || isRow
        return isRow
    }

    private mutating func endBlock() throws(CaptureError) {
        guard var ended = block.take() else { return }
        try ended.end(in: sink)
    }

    mutating func end() throws(CaptureError) {
        if !sink.hasBegun, rowsWithoutHeader > 0 {
            throw CaptureError(
                .badLine, path: path, "has bytes without a header: socat before 1.7.3 wrote so with -x alone",
                advice: "record with `socat -x -v`")
        }
        if let block, block.count == 0, block.expectedCount != 0, !hasHex {
            throw CaptureError(
                .badLine, path: path, line: block.lineNumber, "is followed by no bytes",
                advice: "record with `socat -x` or `socat -x -v`")
        }
        try endBlock()
        if rowsWithoutHeader > 0 {
            sink.problem(at: "line 1", "\(rowsWithoutHeader) rows of bytes have no header")
        }
    }
}
