package import Line
package import Wire

/// Something that goes wrong with one step of the protocol: the third block's ACK, the EOT, BAUD's answer. It is in the
/// line as any fault is, and knows what the characters mean.
package protocol ProtocolFault: LineFault {
    /// - Parameters:
    ///   - aim: the step.
    ///   - settings: every parameter of the summary has a value within its range.
    init(_ aim: AimFinder, _ settings: FaultSettings)
}

extension ProtocolFault {
    package var watchesSteps: Bool { true }
}

/// Every fault of the protocol. A new one is a file beside this one and a word in `all`.
package enum ProtocolFaultCatalogue {
    package static let all: [any ProtocolFault.Type] = [
        Drop.self, Corrupt.self, Truncate.self, Duplicate.self, Delay.self, WrongChecksum.self, StopAnswering.self,
    ]

    /// What there is, as a list shows it.
    package static var summaries: [FaultSummary] { all.map { $0.summary } }

    /// A fault by what a scenario says of it; nil when it names none of these.
    /// - Throws: `FaultError`, also when it is aimed at nothing.
    static func fault(_ choice: FaultChoice) throws(FaultError) -> (any LineFault)? {
        guard let type = all.first(where: { $0.summary.name == choice.name }) else { return nil }
        let settings = try type.summary.settings(direction: choice.direction, values: choice.values)
        guard var aim = choice.aim else { throw .noAim(fault: choice.name) }
        if let direction = choice.direction { aim.direction = direction }
        return type.init(AimFinder(aim), settings)
    }
}
