/// What a fault puts onto a wire: characters that were not sent, or that were held back.
package struct FaultRelease {
    /// As the faults have left them.
    package var characters: [UInt8]
    /// What was sent in their place; empty for added characters.
    package var whole: [UInt8]
    /// Where in its direction that was.
    package var offset: Int
    /// nil for what waits in the port's buffer.
    package var timing: RunTiming?
    /// The fault that puts it there; empty for what was held back.
    package var label = ""
}

/// A run as its sender sent it.
struct SentRun: Sendable {
    var characters: [UInt8]
    var steps: [StepStretch]
    /// Where in its direction it begins.
    var offset: Int
    var direction: Direction

    /// A part of it.
    func part(_ range: Range<Int>) -> SentRun {
        let steps = steps.flatMap { $0.part(range) }.map { step in
            var step = step
            step.range = (step.range.lowerBound - range.lowerBound)..<(step.range.upperBound - range.lowerBound)
            return step
        }
        return SentRun(
            characters: Array(characters[range]), steps: steps, offset: offset + range.lowerBound,
            direction: direction)
    }
}

extension StepStretch {
    /// What of it lies in a part of the run; nothing, or one.
    func part(_ range: Range<Int>) -> [StepStretch] {
        guard self.range.overlaps(range) else { return [] }
        var part = self
        part.range = self.range.clamped(to: range)
        part.isBeginning = isBeginning && part.range.lowerBound == self.range.lowerBound
        part.missing += self.range.upperBound - part.range.upperBound
        return [part]
    }
}
