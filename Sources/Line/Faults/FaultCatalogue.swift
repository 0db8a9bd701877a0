/// Every fault of the wires. A new one is a file in this folder and an entry in `all`.
package enum FaultCatalogue {
    package static let all: [any WireFault.Type] = [
        OpenWire.self, SwappedWires.self, StuckWire.self, LooseWire.self, WrongCrystal.self, Unplugged.self,
        StaleBytes.self, BootChatter.self, LoseCharacters.self, ChangeCharacters.self,
    ]

    /// What there is, as a list shows it.
    package static var summaries: [FaultSummary] { all.map { $0.summary } }

    /// A fault by its name. - Parameter values: by the parameters' names; what is not given is the standard.
    package static func fault(
        _ name: String, direction: Direction? = nil, values: [String: Int] = [:]
    ) throws(FaultError) -> any LineFault {
        guard let type = all.first(where: { $0.summary.name == name }) else { throw .unknownFault(name) }
        return type.init(try type.summary.settings(direction: direction, values: values))
    }
}

/// Why a fault cannot be made.
package enum FaultError: Error, Hashable, Sendable, CustomStringConvertible {
    case unknownFault(String)
    case unknownParameter(String, of: FaultSummary)
    case outOfRange(Int, FaultParameter, fault: String)
    case noDirection(fault: String)
    case noAim(fault: String)

    package var description: String {
        switch self {
        case .unknownFault(let name):
            let known = FaultCatalogue.summaries.map(\.name).joined(separator: ", ")
            return "There is no fault '\(name)'. Use one of: \(known)."
        case .unknownParameter(let name, let fault):
            let known = fault.parameters.map(\.name)
            return known.isEmpty
                ? "The fault '\(fault.name)' takes no parameters. Leave '\(name)' out."
                : "The fault '\(fault.name)' has no parameter '\(name)'. Use: \(known.joined(separator: ", "))."
        case .outOfRange(let value, let parameter, let fault):
            return "The fault '\(fault)' cannot have '\(parameter.name)' at \(value). "
                + "Use \(parameter.range.lowerBound) to \(parameter.range.upperBound) (\(parameter.unit.rawValue))."
        case .noAim(let fault):
            return "The fault '\(fault)' is aimed at a step of the protocol. Say at which, like block-ack 3."
        case .noDirection(let fault):
            return "The fault '\(fault)' is always in the same wires. Leave its direction out."
        }
    }
}
