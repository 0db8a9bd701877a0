package import Line
package import Wire

/// Something that is wrong with a flash: one duty, one file. The facts (§5) name the flash's commands and say nothing of
/// worn or broken parts, so every model here is ours.
package protocol FlashFault: Sendable {
    /// Its name, what it is on a bench, and its parameters.
    static var summary: FaultSummary { get }

    /// - Parameter settings: every parameter of the summary has a value within its range.
    init(_ settings: FaultSettings)

    /// The id that the flash answers to 9F instead; nil for its own.
    var id: FlashID? { get }

    /// An erase command begins. - Returns: how many times longer than usual it takes.
    func slowness() -> Int

    /// Changes what an erase leaves of a sector. - Parameters:
    ///   - sector: all ones, or what the faults before have left.
    ///   - before: what it held.
    /// - Returns: what happened, or nil for nothing.
    mutating func erase(_ sector: inout [UInt8], at address: Int, before: [UInt8]) -> String?

    /// Changes what is programmed: a bit that is set stays as it is in the flash. - Parameters:
    ///   - bytes: what is to be programmed at `address`, within one sector.
    ///   - before: what stands there.
    /// - Returns: what happened, or nil for nothing.
    mutating func program(_ bytes: inout [UInt8], at address: Int, before: [UInt8]) -> String?
}

extension FlashFault {
    package var id: FlashID? { nil }

    package func slowness() -> Int { 1 }

    package mutating func erase(_ sector: inout [UInt8], at address: Int, before: [UInt8]) -> String? { nil }

    package mutating func program(_ bytes: inout [UInt8], at address: Int, before: [UInt8]) -> String? { nil }
}

/// An address as people write it.
func hexAddress(_ address: Int) -> String { "0x" + String(address, radix: 16, uppercase: true) }
