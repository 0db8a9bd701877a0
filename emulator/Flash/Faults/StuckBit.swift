package import Line

/// One cell that does not change any more. Stuck at 1, no program makes it 0; stuck at 0, no erase makes it 1. What it
/// holds at the beginning stays until then.
package struct StuckBit: FlashFault {
    package static let summary = FaultSummary(
        "stuck-bit", "One bit of the flash cannot be programmed, or not erased.",
        parameters: [
            FaultParameter("address", in: .address, 0...0xFF_FFFF, standard: 0x8000, about: "its byte"),
            FaultParameter("bit", in: .bit, 0...7, standard: 0, about: "which of the byte's bits"),
            FaultParameter(
                "level", in: .level, 0...1, standard: 1, about: "1: does not program to 0; 0: does not erase to 1"),
        ])

    private let address: Int
    private let mask: UInt8
    private let isStuckHigh: Bool

    package init(_ settings: FaultSettings) {
        address = settings["address"]
        mask = 1 << settings["bit"]
        isStuckHigh = settings["level"] == 1
    }

    package mutating func erase(_ sector: inout [UInt8], at address: Int, before: [UInt8]) -> String? {
        let offset = self.address - address
        guard !isStuckHigh, sector.indices.contains(offset), sector[offset] & mask != 0 else { return nil }
        sector[offset] &= ~mask
        return "a bit at \(hexAddress(self.address)) does not erase"
    }

    package mutating func program(_ bytes: inout [UInt8], at address: Int, before: [UInt8]) -> String? {
        let offset = self.address - address
        guard isStuckHigh, bytes.indices.contains(offset), before[offset] & ~bytes[offset] & mask != 0 else {
            return nil
        }
        bytes[offset] |= mask
        return "a bit at \(hexAddress(self.address)) does not program"
    }
}
