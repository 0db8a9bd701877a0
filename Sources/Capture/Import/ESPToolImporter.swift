import Line
import Trace

/// What `esptool --trace` prints, and esptool-js alike:
///
/// ```
/// TRACE +0.046 Read 1 bytes: c0
/// TRACE +0.003 Write 46 bytes:
///     c000082400000000 0007071220555555 | ...$........ UUU
/// ```
/// `+` stands before seconds since the last TRACE line, whatever that line says; without it they are milliseconds, since the
/// start or since 1970 (esptool-js). Only what is read through its SLIP reader is in it: what a chip prints at its reset
/// mostly is not.
package enum ESPToolImporter: Importer {
    package static let name = "esptool"
    package static let summary = "what `esptool --trace` and esptool-js print"
    package static let uses: Set<ImportOption> = [.baud]

    package static func recognises(_ head: [UInt8]) -> Bool {
        head.hasLine { scanner in
            guard scanner.skip(behind: "TRACE ") else { return false }
            return scanner.skip(behind: " bytes:")
        }
    }

    package static func read(
        _ source: ImportSource, _ options: ImportOptions, into sink: ImportSink
    ) throws(CaptureError) {
        var session = Session(sink: sink, baud: options.baud)
        let lines = source.lines(byteLimit: TextLimits.lineByteCount)
        while let line = try lines.next() {
            try session.take(line.contains(0x1B) ? withoutColours(line) : line, number: lines.number)
        }
        try session.endBlock()
    }

    /// Without the sequences by which a terminal is told colours.
    private static func withoutColours(_ line: [UInt8]) -> [UInt8] {
        var plain: [UInt8] = []
        var isInSequence = false
        for byte in line {
            if byte == 0x1B {
                isInSequence = true
            } else if isInSequence {
                isInSequence = !(0x40...0x7E).contains(byte) || byte == UInt8(ascii: "[")
            } else {
                plain.append(byte)
            }
        }
        return plain
    }
}

/// Where the reading of a trace is.
private struct Session {
    let sink: ImportSink
    let baud: UInt32?
    private var block: TextBlock?
    /// Nanoseconds since 1970, or since the start where the trace does not go back so far.
    private var now: Int64 = 0
    private var epoch: Int64 = 0
    /// Whether times are milliseconds of a browser.
    private var isOfBrowser = false
    private var putBack = PutBack()
    private var nextBaud: UInt32?

    init(sink: ImportSink, baud: UInt32?) {
        self.sink = sink
        self.baud = baud
    }

    mutating func take(_ line: [UInt8], number: Int) throws(CaptureError) {
        if block != nil, try appendRow(LineScanner(line)) { return }
        var scanner = LineScanner(line)
        guard scanner.skip(behind: "TRACE ") else { return try takeOther(line) }
        try endBlock()
        guard passTime(&scanner) else {
            return sink.problem(at: "line \(number)", "TRACE is not followed by a time")
        }
        scanner.skipBlanks()
        if scanner.accept("Received full packet:") { return putBack.packetEnded() }
        if !isOfBrowser, scanner.accept("Remaining data in serial buffer:") {
            // Read past the SLIP reader, and told only here.
            return try begin(.chipToHost, count: nil, scanner, number)
        }
        let direction: Direction
        if scanner.accept("Write ") {
            direction = .hostToChip
        } else if scanner.accept("Read ") {
            direction = .chipToHost
        } else {
            return
        }
        // "Read invalid data: …" repeats what was read.
        guard let count = scanner.number(), scanner.accept(" bytes:") else { return }
        try begin(direction, count: count, scanner, number)
    }

    private mutating func begin(
        _ direction: Direction, count: Int?, _ scanner: LineScanner, _ number: Int
    ) throws(CaptureError) {
        if !sink.hasBegun { try sink.begin(clock: .host, epoch: epoch, baud: baud) }
        block = TextBlock(
            direction, at: Instant(nanoseconds: now - epoch), lineNumber: number, expectedCount: count)
        _ = try appendRow(scanner)
    }

    /// Takes a row of bytes up to its `|`. - Returns: whether it was one.
    private mutating func appendRow(_ row: LineScanner) throws(CaptureError) -> Bool {
        guard block?.isWhole == false else { return false }
        var scanner = row
        scanner.skipBlanks()
        var bytes: [UInt8] = []
        while let byte = scanner.hexByte() {
            bytes.append(byte)
            scanner.skipBlanks()
        }
        guard !bytes.isEmpty, scanner.isAtEnd || scanner.next == UInt8(ascii: "|") else { return false }
        for byte in bytes where try block?.append(byte, to: sink) == false {
            sink.problem(at: "line \(block?.lineNumber ?? 0)", "has more bytes than it says")
            break
        }
        return true
    }

    mutating func endBlock() throws(CaptureError) {
        guard var block = block.take() else { return }
        if isOfBrowser, block.direction == .chipToHost { putBack.drop(from: &block.bytes) }
        try block.end(in: sink)
    }

    /// esptool says which rate it asks for before it does, and "Changed." when its port has it.
    private mutating func takeOther(_ line: [UInt8]) throws(CaptureError) {
        var scanner = LineScanner(line)
        if scanner.skip(behind: "Changing baud rate to "), let rate = scanner.number() {
            nextBaud = UInt32(exactly: rate).flatMap { $0 > 0 ? $0 : nil }
        } else if let rate = nextBaud, scanner.skip(behind: "Changed.") {
            nextBaud = nil
            try endBlock()
            if sink.hasBegun {
                try sink.add(
                    TraceEvent(Instant(nanoseconds: now - epoch), .baud(.host, bitsPerSecond: rate)))
            }
        }
    }

    /// - Returns: whether there was a time.
    private mutating func passTime(_ scanner: inout LineScanner) -> Bool {
        if scanner.accept("+") {
            guard let delta = scanner.billionths() else { return false }
            let (sum, overflow) = now.addingReportingOverflow(delta)
            guard !overflow, sum < TextLimits.nanoseconds else { return false }
            now = max(now, sum)
            return true
        }
        // Milliseconds, up to the year 2096; with three decimals as a rule.
        guard let whole = scanner.number(), whole < 4_000_000_000_000 else { return false }
        var time = Int64(whole) * 1_000_000
        if scanner.accept("."), let fraction = scanner.digits() {
            var nanoseconds = Int64(fraction.value)
            for _ in min(6, fraction.count)..<6 { nanoseconds *= 10 }
            for _ in 6..<max(6, fraction.count) { nanoseconds /= 10 }
            time += nanoseconds
        }
        isOfBrowser = true
        // Half a year after 1970 is no time since a start.
        if !sink.hasBegun { epoch = time > 15_000_000_000_000_000 ? time : 0 }
        now = time
        return true
    }
}

/// esptool-js reads all there is, takes a packet, and puts what is behind it back: the next `Read` has those bytes again.
private struct PutBack {
    private var isInPacket = false
    private var rest: ArraySlice<UInt8> = []
    private var waiting: ArraySlice<UInt8> = []

    /// Takes away what the last `Read` had already, and remembers what is behind the packet that ends here.
    mutating func drop(from bytes: inout [UInt8]) {
        scan(bytes)
        if !waiting.isEmpty, bytes.starts(with: waiting) { bytes.removeFirst(waiting.count) }
        waiting = []
    }

    /// The packet in the last `Read` was taken.
    mutating func packetEnded() {
        waiting = rest
        rest = []
    }

    private mutating func scan(_ bytes: [UInt8]) {
        rest = []
        for (index, byte) in bytes.enumerated() where byte == 0xC0 {
            if isInPacket {
                isInPacket = false
                rest = bytes[(index + 1)...]
                return
            }
            isInPacket = true
        }
    }
}
