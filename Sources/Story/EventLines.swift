package import Line
package import Wire
import Words

/// One line for each event: time, time since the line before, direction, description. Where the chip makes something else
/// of it than its host means, the lines below say what.
package struct EventLines: Sendable {
    /// Whether lines carry ANSI colours.
    package var isColoured: Bool
    /// Columns that a line may take before it is wrapped; nil for as many as it needs.
    private let width: Int?
    private var origin: Int64?
    private var previous: Int64
    /// Names of the mistakes that have been explained: once is enough.
    private var explained: Set<String> = []

    /// - Parameters:
    ///   - origin: the stamp that times count from; nil for the first line's.
    ///   - width: columns that a line may take before it is wrapped; nil for as many as it needs.
    package init(isColoured: Bool = false, origin: Int64? = nil, width: Int? = nil) {
        self.isColoured = isColoured
        self.width = width
        self.origin = origin
        previous = origin ?? 0
    }

    /// The lines of an event, without the last one's end. Its time is that of its last byte, so that times do not go back.
    package mutating func line(_ event: SessionEvent) -> String {
        line(event.description, event.direction, at: event.end, colour: Self.colour(of: event)) + advice(event.pitfall)
    }

    /// One line for so many events like this one, of which it is the last.
    package mutating func line(_ event: SessionEvent, times count: Int) -> String {
        line("\(count) × \(event.description)", event.direction, at: event.end, colour: Self.colour(of: event))
    }

    /// The lines of a mark.
    package mutating func line(_ mark: Mark) -> String {
        let kind = "· \(Format.left(mark.kind, Self.kindWidth))  "
        return head(mark.stamp) + "  " + paint(kind + wrapped(mark.text, behind: Self.timeWidth + 2 + kind.count), 33)
            + advice(mark.pitfall)
    }

    /// The longest kind of a mark, "differs", sets the column.
    private static let kindWidth = 7

    /// The lines of one of a running story's.
    package mutating func line(_ line: StoryLine) -> String {
        switch line {
        case .event(let event): self.line(event)
        case .mark(let mark): self.line(mark)
        case .more(let text, let direction, let stamp): self.line(text, direction, at: stamp)
        }
    }

    /// A line about several events that went one way, the last of them at a moment.
    mutating func line(_ text: String, _ direction: Direction, at stamp: Int64) -> String {
        line(text, direction, at: stamp, colour: direction == .chipToHost ? 36 : nil)
    }

    private mutating func line(_ text: String, _ direction: Direction, at stamp: Int64, colour: Int?) -> String {
        head(stamp) + "  " + paint("\(Self.arrow(direction))  \(wrapped(text, behind: Self.margin))", colour)
    }

    /// Columns before what a message says.
    private static let margin = timeWidth + 10
    /// Widest remark that reads well; narrowest column on a small screen.
    private static let (widest, narrowest) = (82, 20)

    private func wrapped(_ text: String, behind columns: Int) -> String {
        guard let width, columns + text.count > width else { return text }
        return Format.wrapped(text, width: max(Self.narrowest, width - columns))
            .joined(separator: "\n" + String(repeating: " ", count: columns))
    }

    /// Which way something went.
    package static func arrow(_ direction: Direction) -> String { direction == .hostToChip ? "→ chip" : "← chip" }

    /// What the chip makes of it, below and a little in.
    private mutating func advice(_ pitfall: Pitfall?) -> String {
        guard let pitfall else { return "" }
        let isNew = explained.insert(pitfall.name).inserted
        let margin = "\n" + String(repeating: " ", count: Self.margin)
        let room = min(Self.widest, max(Self.narrowest, (width ?? .max) - Self.margin - 2))
        return Format.wrapped(isNew ? pitfall.description : "\(pitfall.summary), as above", width: room).enumerated()
            .map { margin + paint(($0 == 0 ? "! " : "  ") + $1, 33) }.joined()
    }

    /// The bytes of an event, sixteen a line, with the offset in its direction's stream.
    package func hexDump(_ bytes: Span<UInt8>, offset: Int) -> [String] {
        stride(from: 0, to: bytes.count, by: 16).map { start in
            let row = (start..<min(start + 16, bytes.count)).map { bytes[$0] }
            let place = String(offset + start, radix: 16)
            let text = row.map { (0x20...0x7E).contains($0) ? String(UnicodeScalar($0)) : "." }.joined()
            return "    " + String(repeating: "0", count: max(0, 8 - place.count)) + place + "  "
                + Format.left(hexBytes(row), 47) + "  |\(text)|"
        }
    }

    /// Columns in which a line has its times.
    package static let timeWidth = 24

    private mutating func head(_ stamp: Int64) -> String {
        let start = origin ?? stamp
        // Times that go back are what files of others hold.
        let delta = origin == nil ? 0 : max(0, stamp.subtractingReportingOverflow(previous).partialValue)
        origin = start
        previous = stamp
        return Format.right(Format.seconds(stamp - start), Self.timeWidth / 2)
            + Format.right("+" + Format.seconds(delta), Self.timeWidth / 2)
    }

    private func paint(_ text: String, _ colour: Int?) -> String {
        guard isColoured, let colour else { return text }
        return "\u{1B}[\(colour)m\(text)\u{1B}[0m"
    }

    /// Red for trouble, yellow for what was sent before, cyan for the chip, nothing for the host.
    private static func colour(of event: SessionEvent) -> Int? {
        switch Tone(event) {
        case .trouble: 31
        case .again: 33
        case .plain: event.direction == .chipToHost ? 36 : nil
        }
    }
}
