import FoundationEssentials
import Line
package import Trace
import Words

/// Reads sessions written as JSON lines: `{"t": seconds, "dir": "host-to-chip", "baud": 115200, "hex": "636e7973"}`.
///
/// `baud` is what the host's port was set to and may be missing; a baud event is made where it changes.
package enum GoldenImporter {
    /// The longest line that is read, in bytes.
    package static let lineByteLimit = 1_048_576
    /// The latest `t` that is taken, in seconds: eleven days.
    package static let secondsLimit = 1e6

    /// Calls `body` with every event of a file. - Throws: `CaptureError`: `.inaccessible`, and `.badLine` with the line
    /// and what is wrong there; also whatever `body` throws.
    package static func forEachEvent(of path: String, _ body: (TraceEvent) throws -> Void) throws {
        let lines = try LineReader(opening: path, byteLimit: lineByteLimit)
        var last = Instant.zero
        var baud: UInt32?
        while let line = try lines.next() {
            if line.allSatisfy({ $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }) { continue }
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
            // Recorded in microseconds; as a fraction they are not exact.
            let time = Instant(nanoseconds: Int64((entry.t * 1e6).rounded()) * 1000)
            guard time >= last else { throw bad("t goes back from \(last) to \(time)") }
            guard let direction = Direction(name: entry.dir) else {
                throw bad("dir is \"\(entry.dir.prefix(40))\", neither \"host-to-chip\" nor \"chip-to-host\"")
            }
            guard let bytes = bytes(ofHex: entry.hex) else {
                throw bad("hex is not an even number of hexadecimal digits")
            }
            last = time
            if let rate = entry.baud, rate != baud.map(Int.init) {
                guard let rate = UInt32(exactly: rate), rate > 0 else { throw bad("baud is \(rate)") }
                try body(TraceEvent(time, .baud(.host, bitsPerSecond: rate)))
                baud = rate
            }
            try body(TraceEvent(time, .data(direction, bytes)))
        }
    }

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

/// Makes a trace of a session in JSON lines; its clock is the host's, its times begin at 0.
/// - Parameters:
///   - source: the JSON lines.
///   - destination: the trace to be written.
///   - replacing: whether a file of that name may be replaced.
///   - programVersion: of the importing program, for the session's description.
///   - properties: what else is known of the session.
/// - Throws: `CaptureError`; a wrong line is found before anything is written.
package func importGoldenSession(
    from source: String, to destination: String, replacing: Bool = false, programVersion: String = "0.1.0",
    properties: [SessionDescription.Property] = []
) throws {
    // The whole of it is read before a file is made: a wrong line must not leave half a trace behind.
    var events: [TraceEvent] = []
    if let capture = CaptureKind(of: source) { throw capture.complaint(path: source) }
    try GoldenImporter.forEachEvent(of: source) { events.append($0) }
    guard !events.isEmpty else {
        throw CaptureError(
            .badLine, path: source, "holds no session, for there is no line in it", advice: "record it again")
    }
    let name = source.split(separator: "/").last.map(String.init) ?? source
    let writer = try TraceWriter(
        creating: destination,
        session: SessionDescription(
            program: "solderless", programVersion: programVersion, clock: .host,
            properties: [.init("imported from", name)] + properties),
        replacing: replacing)
    for event in events { try writer.write(event) }
    try writer.close()
}
