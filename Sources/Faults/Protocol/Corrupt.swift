package import Line
package import Wire

/// A byte of a step arrives as another.
package struct Corrupt: ProtocolFault {
    package static let summary = FaultSummary(
        "corrupt", "One byte of a step of the protocol arrives changed.", takesDirection: true, takesAim: true,
        parameters: [
            FaultParameter(
                "byte", in: .characters, 0...65_545, standard: 0,
                about: "which byte, from 1; 0: the seed decides"),
            FaultParameter("xor", in: .mask, 1...255, standard: 1, about: "the bits to flip"),
        ])

    private var aim: AimFinder
    private let byte: Int
    private let mask: UInt8
    /// Which byte of the step is to be changed, from 0; nil until it is known.
    private var place: Int?
    private var seen = 0

    package init(_ aim: AimFinder, _ settings: FaultSettings) {
        self.aim = aim
        byte = settings["byte"]
        mask = UInt8(settings["xor"])
    }

    package mutating func judge(
        _ run: Span<UInt8>, _ steps: [StepStretch], _ timing: RunTiming, in direction: Direction,
        _ generator: inout SplitMix64, _ verdict: inout FaultVerdict
    ) {
        guard let hit = aim.find(in: steps, direction) else { return }
        if hit.isBeginning { seen = hit.passed.count }
        place = place ?? choose(from: seen + hit.range.count + hit.missing, hit.isLengthKnown, &generator)
        defer { seen += hit.range.count }
        guard let place else { return }
        let index = hit.range.lowerBound + place - seen
        if hit.range.contains(index) { verdict.change(index, xor: mask) }
    }

    /// - Parameter count: the step's bytes, as far as is known.
    private func choose(from count: Int, _ isLengthKnown: Bool, _ generator: inout SplitMix64) -> Int? {
        guard byte > 0 else { return seen + Int(generator.next(below: UInt64(count - seen))) }
        return byte <= count || isLengthKnown ? min(byte, count) - 1 : nil
    }
}
