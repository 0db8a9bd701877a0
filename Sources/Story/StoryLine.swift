package import Line
package import Wire
package import Words

/// One line of a running story.
package enum StoryLine: Sendable {
    case event(SessionEvent)
    case mark(Mark)
    /// Several events of a routine that went one way, the last of them at a stamp.
    case more(String, Direction, at: Int64)
}

extension StoryLine {
    /// In nanoseconds on the trace's clock.
    package var stamp: Int64 {
        switch self {
        case .event(let event): event.end
        case .mark(let mark): mark.stamp
        case .more(_, _, let stamp): stamp
        }
    }

    /// What it says, on one line; where the chip makes something else of it, that is said in `pitfall`.
    package var text: String {
        switch self {
        case .event(let event): event.description
        case .mark(let mark): mark.text
        case .more(let text, _, _): text
        }
    }

    /// Its kind, direction and tone, for a program.
    package var members: [JSONValue.Member] {
        let (kind, direction, tone, pitfall): (String, Direction?, Tone, Pitfall?) =
            switch self {
            case .event(let event): (event.kind.name, event.direction, Tone(event), event.pitfall)
            case .mark(let mark): (mark.kind, nil, mark.pitfall == nil ? .plain : .trouble, mark.pitfall)
            case .more(_, let direction, _): ("more", direction, .plain, nil)
            }
        return [
            .init("kind", .string(kind)), .init("direction", direction.map { .string($0.name) } ?? .null),
            .init("tone", .string(tone.name)),
        ] + SessionEvent.members(of: pitfall)
    }
}

extension Tone {
    /// For programs.
    fileprivate var name: String {
        switch self {
        case .plain: "plain"
        case .again: "again"
        case .trouble: "trouble"
        }
    }
}
