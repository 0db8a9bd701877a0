import Foundation
package import Line
import Words

/// A recorded session of a flasher that nobody here wrote: one of `Tests/Golden/*.jsonl`, told in `traces/README.md`.
package struct GoldenSession: Sendable {
    /// Bytes that one side handed over at a moment.
    package struct Run: Sendable {
        /// Nanoseconds since the session's beginning.
        package var nanoseconds: Int64
        package var direction: Direction
        /// What the host's port was set to; nil where the recording does not say.
        package var baud: Int?
        package var bytes: [UInt8]

        package init(nanoseconds: Int64, direction: Direction, baud: Int? = nil, bytes: [UInt8]) {
            self.nanoseconds = nanoseconds
            self.direction = direction
            self.baud = baud
            self.bytes = bytes
        }
    }

    package var name: String
    package var runs: [Run]

    /// The eight sessions.
    package static let names = [
        "write-64k", "read-64k", "erase", "efuse", "sync-no-answer", "write-64k-one-bit-corrupt",
        "fail-read-lost-eot-ack", "fail-write-no-100ms-gap",
    ]

    /// Where the recordings lie in the repository.
    package static var folder: String {
        URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("Golden").path
    }

    /// Reads one of `names`.
    package init(_ name: String) throws {
        self.name = name
        let text = try String(contentsOfFile: "\(Self.folder)/\(name).jsonl", encoding: .utf8)
        runs = try text.split(separator: "\n").map { line in
            let row = try JSONDecoder().decode(Row.self, from: Data(line.utf8))
            return Run(
                nanoseconds: Int64((row.t * 1_000_000).rounded()) * 1000,
                direction: row.dir == Direction.hostToChip.name ? .hostToChip : .chipToHost,
                baud: row.baud, bytes: Self.bytes(fromHex: row.hex))
        }
    }

    /// Everything that went one way.
    package func stream(_ direction: Direction) -> [UInt8] {
        runs.filter { $0.direction == direction }.flatMap(\.bytes)
    }

    private struct Row: Decodable {
        var t: Double
        var dir: String
        var baud: Int?
        var hex: String
    }

    private static func bytes(fromHex hex: String) -> [UInt8] {
        let digits = hex.utf8.map { UInt8($0 > 57 ? $0 - 87 : $0 - 48) }
        return stride(from: 0, to: digits.count, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
    }
}
