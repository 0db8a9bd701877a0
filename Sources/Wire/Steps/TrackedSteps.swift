package import Line

/// The tracker of steps as the follower of a line.
extension StepTracker: StepFollower {
    package mutating func follow(_ run: Span<UInt8>, _ direction: Direction, into stretches: inout [StepStretch]) {
        var found: [Stretch] = []
        feed(run, direction, into: &found)
        for stretch in found {
            stretches.append(
                StepStretch(
                    step: stretch.step?.code, range: stretch.range, isBeginning: stretch.isBeginning,
                    missing: stretch.missing, passed: stretch.passed, isLengthKnown: stretch.isLengthKnown))
        }
    }
}

extension Step {
    /// As a line's follower numbers it: its place among all of them.
    var code: UInt8 { Self.codes[self] ?? .max }

    package init?(code: UInt8?) {
        guard let code, Int(code) < Self.allCases.count else { return nil }
        self = Self.allCases[Int(code)]
    }

    private static let codes = Dictionary(uniqueKeysWithValues: zip(allCases, UInt8(0)...))
}
