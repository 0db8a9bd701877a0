/// What a list of faults says of one.
package struct FaultSummary: Hashable, Sendable {
    /// As scenarios write it.
    package var name: String
    /// What it is on a bench, in a sentence.
    package var about: String
    /// Whether one may say which wire it is in; otherwise its nature says so.
    package var takesDirection: Bool
    /// Whether it must be aimed at a step of the protocol.
    package var takesAim: Bool
    package var parameters: [FaultParameter]

    package init(
        _ name: String, _ about: String, takesDirection: Bool = false, takesAim: Bool = false,
        parameters: [FaultParameter] = []
    ) {
        self.name = name
        self.about = about
        self.takesDirection = takesDirection
        self.takesAim = takesAim
        self.parameters = parameters
    }

    /// What the fault is set to. - Parameter values: by the parameters' names; what is not given is the standard.
    package func settings(
        direction: Direction? = nil, values: [String: Int] = [:]
    ) throws(FaultError) -> FaultSettings {
        if direction != nil, !takesDirection { throw .noDirection(fault: name) }
        for given in values.keys.sorted() where !parameters.contains(where: { $0.name == given }) {
            throw .unknownParameter(given, of: self)
        }
        var settled: [String: Int] = [:]
        for parameter in parameters {
            let value = values[parameter.name] ?? parameter.standard
            guard parameter.range.contains(value) else { throw .outOfRange(value, parameter, fault: name) }
            settled[parameter.name] = value
        }
        return FaultSettings(direction: direction, values: settled)
    }
}

/// A number that a fault takes.
package struct FaultParameter: Hashable, Sendable {
    package enum Unit: String, Hashable, Sendable {
        case milliseconds = "ms"
        case partsPerMillion = "ppm"
        case thousandths = "1/1000"
        case characters
        case level = "0 or 1"
        case lines
        /// An address in the flash.
        case address
        case bytes
        /// A bit's number in a byte, 0…7 from the lowest.
        case bit
        /// The bits of a character that are meant.
        case mask
        /// A flash id's 24 bits, size code first.
        case flashID = "flash id"
        /// So many times.
        case times
    }

    package var name: String
    package var unit: Unit
    package var range: ClosedRange<Int>
    /// An assumption, unless the summary names a source.
    package var standard: Int
    package var about: String

    package init(
        _ name: String, in unit: Unit, _ range: ClosedRange<Int>, standard: Int, about: String
    ) {
        self.name = name
        self.unit = unit
        self.range = range
        self.standard = standard
        self.about = about
    }
}

/// What a fault is set to.
package struct FaultSettings: Hashable, Sendable {
    /// The wire it is in; nil for both.
    package let direction: Direction?
    private let values: [String: Int]

    init(direction: Direction?, values: [String: Int]) {
        self.direction = direction
        self.values = values
    }

    /// The value of a parameter that the fault's summary lists.
    package subscript(name: String) -> Int {
        guard let value = values[name] else { preconditionFailure("the summary lists no parameter \(name)") }
        return value
    }

    /// Whether a run in `direction` meets the fault.
    package func isIn(_ direction: Direction) -> Bool {
        self.direction == nil || self.direction == direction
    }
}
