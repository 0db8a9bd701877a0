import Line
import Wire
import Words

/// A fault that did something, and how the session went on.
package struct Recovery: Hashable, Sendable {
    /// What the fault is called.
    package var fault: String
    /// When it began, in nanoseconds on the trace's clock.
    package var start: Int64
    /// When the session next went on: a message had the answer that it was sent for. Nil where it never did.
    package var end: Int64?
    /// How often faults did something in between.
    package var count: Int
}

extension Recovery {
    /// For people. - Parameter origin: the stamp that moments count from, in nanoseconds.
    func words(since origin: Int64) -> String {
        let what = count == 1 ? fault : "\(fault), \(count) times"
        let moment = "after \(what) (\(Format.seconds(start - origin)) s)"
        guard let end else { return "\(moment) it never went on" }
        return "\(moment) it took \(Format.duration(end - start)) to go on"
    }

    var json: JSONValue {
        .object([
            .init("fault", .string(fault)), .init("count", .integer(Int64(count))), .init("start", .integer(start)),
            .init("end", end.map { .integer($0) } ?? .null),
        ])
    }
}

/// Follows a session for what came of its faults.
struct RecoveryWatch: Sendable {
    private(set) var recoveries: [Recovery] = []
    private var isOpen = false

    /// How many are kept.
    private static let most = 100

    mutating func note(fault: String, at stamp: Int64) {
        if isOpen {
            recoveries[recoveries.count - 1].count += 1
        } else if recoveries.count < Self.most {
            recoveries.append(Recovery(fault: fault, start: stamp, end: nil, count: 1))
            isOpen = true
        }
    }

    /// What has begun before the fault may end after it: that is not yet going on.
    mutating func note(_ event: SessionEvent) {
        guard isOpen, Self.goesOn(event), event.start > recoveries[recoveries.count - 1].start else { return }
        recoveries[recoveries.count - 1].end = event.end
        isOpen = false
    }

    /// An answer that lets the host go on to something else (ECR6600 facts §1.4, §4.2, §10).
    private static func goesOn(_ event: SessionEvent) -> Bool {
        switch event.kind {
        case _ where event.pitfall == .notSent: false
        case .syncAnswer, .pieceAnswer, .xmodemACK: true
        case .headerAnswer(let isAccepted): isAccepted
        case .answer(let answer): answer.status == .success
        case .uploadFrame(_, _, _, let sum): sum != .wrong
        default: false
        }
    }
}
