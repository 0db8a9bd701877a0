import FoundationEssentials
import Line
import Trace
import Words

/// Sessions written as JSON lines: `{"t": seconds, "dir": "host-to-chip", "baud": 115200, "hex": "636e7973"}`.
///
/// `baud` is what the host's port was set to and may be missing; a baud event is made where it changes.
package enum JSONLinesImporter: Importer {
    package static let name = "jsonl"
    package static let summary = #"JSON lines {"t": seconds, "dir": "host-to-chip" or "chip-to-host", "baud", "hex"}"#
    package static let uses: Set<ImportOption> = []
    /// The longest line that is read, in bytes.
    package static let lineByteLimit = 1_048_576
    /// The latest `t` that is taken, in seconds: eleven days.
    package static let secondsLimit = 1e6

    package static func recognises(_ head: [UInt8]) -> Bool {
        head.first { !isSpace($0) } == UInt8(ascii: "{")
    }

    package static func read(
        _ source: ImportSource, _ options: ImportOptions, into sink: ImportSink
    ) throws(CaptureError) {
        let path = source.path
        let lines = source.lines(byteLimit: lineByteLimit)
        var last = Instant.zero
        var baud: UInt32?
        var hasBegun = false
        while let line = try lines.next() {
            if line.allSatisfy(isSpace) { continue }
            func bad(_ message: String) -> CaptureError {
                CaptureError(
                    .badLine, path: path, line: lines.number, message,
                    advice: #"a line looks like {"t": 0.5, "dir": "host-to-chip", "baud": 115200, "hex": "636e7973"}"#)
            }
            let entry: Entry
            do {
                entry = try JSONDecoder().decode(Entry.self, from: Data(line))
            } catch let error as DecodingError {
                throw bad(Self.words(for: error))
            } catch {
                throw bad("is not JSON")
            }
            guard entry.t >= 0, entry.t <= secondsLimit else { throw bad("t is \(entry.t), not within 0 to 1e6 s") }
            // As a fraction they are not exact.
            let time = Instant(nanoseconds: Int64((entry.t * 1e9).rounded()))
            guard time >= last else { throw bad("t goes back from \(last) to \(time)") }
            guard let direction = Direction(name: entry.dir) else {
                throw bad("dir is \"\(entry.dir.prefix(40))\", neither \"host-to-chip\" nor \"chip-to-host\"")
            }
            guard let bytes = bytes(ofHex: entry.hex) else {
                throw bad("hex is not an even number of hexadecimal digits")
            }
            last = time
            if !hasBegun { try sink.begin(clock: .host) }
            hasBegun = true
            if let rate = entry.baud, rate != baud.map(Int.init) {
                guard let rate = UInt32(exactly: rate), rate > 0 else { throw bad("baud is \(rate)") }
                try sink.add(TraceEvent(time, .baud(.host, bitsPerSecond: rate)))
                baud = rate
            }
            try sink.add(TraceEvent(time, .data(direction, bytes)))
        }
    }

    private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0D || byte == 0x0A }

    private struct Entry: Decodable {
        var t: Double
        var dir: String
        var baud: Int?
        var hex: String
    }

    private static func words(for error: DecodingError) -> String {
        switch error {
        case .keyNotFound(let key, _): "\"\(key.stringValue)\" is missing"
        case .typeMismatch(let type, let context), .valueNotFound(let type, let context):
            context.codingPath.last.map { "\"\($0.stringValue)\" is not a \(type)" } ?? "is not a JSON object"
        case .dataCorrupted(let context):
            context.codingPath.last.map { "\"\($0.stringValue)\" has no possible value" } ?? "is not JSON"
        @unknown default: "is not JSON"
        }
    }

    private static func bytes(ofHex text: String) -> [UInt8]? {
        let digits = Array(text.utf8)
        guard digits.count % 2 == 0 else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(digits.count / 2)
        for index in stride(from: 0, to: digits.count, by: 2) {
            guard let high = value(of: digits[index]), let low = value(of: digits[index + 1]) else { return nil }
            bytes.append(high << 4 | low)
        }
        return bytes
    }

    private static func value(of digit: UInt8) -> UInt8? {
        switch digit {
        case 0x30...0x39: digit - 0x30
        case 0x41...0x46: digit - 0x37
        case 0x61...0x66: digit - 0x57
        default: nil
        }
    }
}
