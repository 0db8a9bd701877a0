import Emulator
package import Line
package import Story
import Words

/// What only those get who ask for it.
extension ControlEvent {
    /// A line of the story.
    package init(_ line: StoryLine) {
        self.init(.story, at: Instant(nanoseconds: line.stamp), line.text, line.members)
        stream = .story
    }

    /// What an oscilloscope shows.
    package init(_ wave: WaveCapture) {
        let step = max(1, wave.step / 1000)
        self.init(
            .wave, at: wave.start.advanced(by: .nanoseconds(Int64(wave.levels.count) * wave.step / 1000)),
            "\(hexBytes(wave.sent)) on the wire, \(wave.received.isEmpty ? "nothing" : hexBytes(wave.received)) received",
            [
                .init("direction", .string(wave.direction.name)), .init("baud", .integer(Int64(wave.rate.baud))),
                .init("startNanoseconds", .integer(wave.start.nanoseconds)), .init("stepNanoseconds", .integer(step)),
                .init("millivolts", .array(wave.levels.map { .integer(Int64($0)) })),
                .init("threshold", .integer(Int64(wave.input.threshold))),
                .init("low", .integer(Int64(wave.input.guaranteedLow))),
                .init("high", .integer(Int64(wave.input.guaranteedHigh))),
                .init(
                    "samples",
                    .array(wave.samples.map { .array([.integer(Int64($0.index)), .integer($0.isHigh ? 1 : 0)]) })),
                .init("sent", .string(hexBytes(wave.sent))), .init("received", .string(hexBytes(wave.received))),
            ])
        stream = .waves
    }

    /// What was done to the flash since the last; nil for nothing.
    static func flash(
        _ operations: [FlashOperation], _ accesses: [FlashAccess], at time: Instant
    ) -> ControlEvent? {
        var pieces: [(kind: String, range: Range<Int>)] = []
        for operation in operations {
            if let last = pieces.last, last.kind == operation.kind.rawValue,
                last.range.upperBound == operation.range.lowerBound
            {
                pieces[pieces.count - 1].range = last.range.lowerBound..<operation.range.upperBound
            } else {
                pieces.append((operation.kind.rawValue, operation.range))
            }
        }
        for access in accesses {
            pieces.append(
                (access.kind.rawValue, Int(clamping: access.range.lowerBound)..<Int(clamping: access.range.upperBound)))
        }
        guard let last = pieces.last else { return nil }
        var event = ControlEvent(
            .flash, at: time, "\(last.kind) \(hex(last.range.lowerBound)) +\(last.range.count)",
            [
                .init(
                    "operations",
                    .array(
                        pieces.map { kind, range in
                            .object([
                                .init("kind", .string(kind)), .init("address", .integer(Int64(range.lowerBound))),
                                .init("length", .integer(Int64(range.count))),
                            ])
                        }))
            ])
        event.stream = .flash
        return event
    }
}
