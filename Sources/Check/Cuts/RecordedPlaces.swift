package import Emulator
import Line
import Wire
import Words

extension [CutPlace] {
    /// The places of a session of a program that is not ours, by the points that it has come to.
    ///
    /// How often a host asks for a loader depends on its timing and on when somebody switches the power: of the sync words
    /// and of their answers the first has a place.
    package init(recorded points: [PassedPoint]) {
        var places: [CutPlace] = []
        var stretch = "before the first message"
        for (_, passed) in points.enumerated().sorted(by: {
            ($0.element.moment, $0.offset) < ($1.element.moment, $1.offset)
        }) {
            if let name = passed.stretch { stretch = name }
            guard !passed.isRepeatedSync else { continue }
            places.append(
                CutPlace(
                    number: places.count + 1, kind: passed.point.kind, moment: passed.moment, stretch: stretch,
                    words: passed.words, point: passed.point))
        }
        self = places
    }
}

extension PassedPoint {
    /// What the host is about from here on; nil where it goes on as before.
    fileprivate var stretch: String? {
        guard case .step(let step, _) = point.event else { return nil }
        switch step {
        case .sync, .syncAnswer: return "sync"
        case .header, .headerAnswer, .piece, .pieceAnswer: return "upload"
        case .command: return command.map { StubCommand(rawValue: $0).description }
        default: return nil
        }
    }

    fileprivate var isRepeatedSync: Bool {
        guard case .step(let step, _) = point.event else { return false }
        return (step == .sync || step == .syncAnswer) && point.count > 1
    }

    fileprivate var words: String {
        switch point.event {
        case .step(.command, _):
            return point.words + (command.map { ", \(StubCommand(rawValue: $0).description)" } ?? "")
        case .step: return point.words
        case .flash(let kind):
            return "while \(kind == .erase ? "erasing" : "programming") \(hex(address ?? 0))"
        }
    }
}
