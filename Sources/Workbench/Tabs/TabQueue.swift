/// What waits for a tab that has not read it yet. It is bounded: of what is too much, first what an oscilloscope shows is left
/// out, then the story; a tab that does not even read the rest is let go, and gets everything anew when it comes back.
struct TabQueue {
    enum Importance: Int, Hashable, Sendable {
        case wave
        case story
        case rest
    }

    private struct Piece {
        var frame: [UInt8]
        var importance: Importance
    }

    /// In bytes.
    static let capacity = 1 << 20
    private static let mostAtOnce = 64 << 10

    private var pieces: [Piece] = []
    private(set) var byteCount = 0
    /// Frames that were left out.
    private(set) var skippedCount = 0

    var isEmpty: Bool { pieces.isEmpty }

    /// - Returns: false where there is no room, whatever is left out.
    mutating func add(_ frame: [UInt8], _ importance: Importance) -> Bool {
        for least in [Importance.wave, .story] where byteCount + frame.count > Self.capacity { skip(least) }
        guard byteCount + frame.count <= Self.capacity else {
            guard importance == .rest else {
                skippedCount += 1
                return true
            }
            return false
        }
        pieces.append(Piece(frame: frame, importance: importance))
        byteCount += frame.count
        return true
    }

    /// What is to be sent next; nil for nothing.
    mutating func take() -> [UInt8]? {
        var bytes: [UInt8] = []
        var count = 0
        for piece in pieces {
            guard count == 0 || bytes.count + piece.frame.count <= Self.mostAtOnce else { break }
            bytes += piece.frame
            count += 1
        }
        pieces.removeFirst(count)
        byteCount -= bytes.count
        return count == 0 ? nil : bytes
    }

    private mutating func skip(_ importance: Importance) {
        let before = pieces.count
        pieces.removeAll { $0.importance == importance }
        skippedCount += before - pieces.count
        byteCount = pieces.reduce(0) { $0 + $1.frame.count }
    }
}
