import Line
import Story
package import Trace
import Words

/// When something was wrong on a line, in windows: a loose wire spoils a character here and there for seconds, and that is
/// one thing.
package struct TroubleWindows: Sendable {
    package struct Window: Hashable, Sendable {
        package enum Cause: Hashable, Sendable {
            /// A fault did something, or bytes were lost or arrived as others.
            case fault
            case noPower
        }

        package var cause: Cause
        /// Nanoseconds, on the trace's clock.
        package var start: Int64
        package var end: Int64
        /// What was wrong, in words: of the first fault; where there is none, of the first thing that was noticed.
        package var text: String
        /// How many of these there were; 0 without power.
        package var count: Int
    }

    /// In the order in which they began.
    package private(set) var windows: [Window] = []

    /// nil until the first switch.
    private var isOn: Bool?
    /// Since when there is no power.
    private var off: Int64?
    /// The last window of faults, while it may still grow.
    private var open: Int?
    /// Whether it has a fault of its own: what is noticed beside it comes of that.
    private var openHasFault = false

    /// What comes so much later is another window; in nanoseconds.
    private static let joint: Int64 = 100_000_000
    /// How many windows are kept.
    private static let most = 200

    package init() {}

    /// - Parameter start: of the trace, in nanoseconds.
    package mutating func note(_ event: TraceEvent, since start: Int64) {
        let stamp = event.time.nanoseconds
        switch event.kind {
        case .power(let on):
            // A chip whose first switch is on had none before.
            if isOn == nil, on { off = start }
            if on { endOff(at: stamp) } else { off = off ?? stamp }
            isOn = on
        case .lost(_, _, ChipReason.noPower): break
        case .fault: trouble(event, at: stamp, isFault: true)
        case .difference, .lost, .garbled, .receiveError: trouble(event, at: stamp, isFault: false)
        default: break
        }
    }

    /// - Parameter end: of the trace, in nanoseconds.
    package mutating func finish(at end: Int64) { endOff(at: end) }

    private mutating func endOff(at stamp: Int64) {
        if let off, stamp > off { add(Window(cause: .noPower, start: off, end: stamp, text: "no power", count: 0)) }
        off = nil
    }

    private mutating func trouble(_ event: TraceEvent, at stamp: Int64, isFault: Bool) {
        let text = Mark(event)?.text ?? ""
        guard let open, stamp - windows[open].end <= Self.joint else {
            open = add(Window(cause: .fault, start: stamp, end: stamp, text: text, count: 1))
            openHasFault = isFault
            return
        }
        windows[open].end = max(windows[open].end, stamp)
        if isFault, !openHasFault {
            (windows[open].text, windows[open].count, openHasFault) = (text, 1, true)
        } else if isFault == openHasFault {
            windows[open].count += 1
        }
    }

    /// - Returns: its place; nil where there are too many.
    @discardableResult
    private mutating func add(_ window: Window) -> Int? {
        guard windows.count < Self.most else { return nil }
        let place = windows.lastIndex { $0.start <= window.start }.map { $0 + 1 } ?? 0
        windows.insert(window, at: place)
        if let open, open >= place { self.open = open + 1 }
        return place
    }
}
