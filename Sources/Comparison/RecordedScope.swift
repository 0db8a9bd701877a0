import Line
import Trace

/// What a recorder can know of a port, which is not the same for all: one that has a trace of less is no difference.
struct RecordedScope: OptionSet, Sendable {
    var rawValue: UInt8

    /// The rates that the chip's divisors make: a recorder at the host's port does not see them.
    static let chipRates = RecordedScope(rawValue: 1)
    /// How characters are framed: a pseudo-terminal has no frames, and a trace of an emulated line does not tell.
    static let formats = RecordedScope(rawValue: 2)
    static let everything: RecordedScope = [.chipRates, .formats]

    init(rawValue: UInt8) { self.rawValue = rawValue }

    /// By the trace's first event.
    init(of event: TraceEvent?) {
        self = .everything
        guard case .session(let session) = event?.kind else { return }
        switch session.clock {
        case .line, .virtual: remove(.formats)
        case .host, .usb: remove(.chipRates)
        }
    }

    func contains(_ kind: TraceEvent.Kind) -> Bool {
        switch kind {
        case .baud(.chip, _): contains(.chipRates)
        case .frameFormat: contains(.formats)
        default: true
        }
    }
}
