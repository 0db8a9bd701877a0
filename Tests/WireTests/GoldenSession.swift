import Foundation
import Wire

/// A recorded session of a flasher that is not ours: `Tests/Golden/*.jsonl`, one run a line.
struct GoldenSession {
    struct Run {
        var stamp: Int64
        var direction: Direction
        var bytes: [UInt8]
    }

    var runs: [Run]

    /// Reads a session by the name of its file, without the extension.
    init(_ name: String) throws {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        let text = try String(contentsOf: folder.appending(path: "Golden/\(name).jsonl"), encoding: .utf8)
        runs = text.split(separator: "\n").map { line in
            Run(
                stamp: Int64((Double(Self.value("t", in: line)) ?? -1) * 1e9),
                direction: Self.value("dir", in: line) == "host-to-chip" ? .hostToChip : .chipToHost,
                bytes: Self.bytes(Self.value("hex", in: line)))
        }
    }

    /// Every event of the session, decoded run by run.
    func events() -> [SessionEvent] { Self.events(of: runs) }

    static func events(of runs: [Run]) -> [SessionEvent] {
        var decoder = SessionDecoder()
        var events: [SessionEvent] = []
        for run in runs {
            decoder.feed(run.bytes.span, run.direction, stamp: run.stamp)
            while let event = decoder.nextEvent() { events.append(event) }
        }
        decoder.finish()
        while let event = decoder.nextEvent() { events.append(event) }
        return events
    }

    /// The value of a key on a line, without its quotes; the files have neither escapes nor nesting.
    private static func value(_ key: String, in line: Substring) -> Substring {
        guard let range = line.range(of: "\"\(key)\": ") else { return "" }
        let rest = line[range.upperBound...]
        return rest.first == "\""
            ? rest.dropFirst().prefix { $0 != "\"" } : rest.prefix { $0 != "," && $0 != "}" }
    }

    private static func bytes(_ hex: Substring) -> [UInt8] {
        let digits = hex.utf8.compactMap { Character(UnicodeScalar($0)).hexDigitValue }
        return stride(from: 0, to: digits.count, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
    }
}
