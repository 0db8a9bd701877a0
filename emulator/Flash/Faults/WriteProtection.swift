package import Line

/// Part of the flash is protected by its status registers (ECR6600 facts §5: 05/35, 01/31, which no loader is known to
/// look at): erasing and programming there do nothing, and are answered as if they had. That they take their usual time,
/// and that a block or the whole chip loses what is not protected, is ours.
package struct WriteProtection: FlashFault {
    package static let summary = FaultSummary(
        "write-protection", "A range of the flash is protected: it keeps what it has.",
        parameters: [
            FaultParameter("start", in: .address, 0...0xFF_FFFF, standard: 0, about: "where it begins"),
            FaultParameter("bytes", in: .bytes, 1...1 << 24, standard: 1 << 24, about: "how long it is"),
        ])

    private let range: Range<Int>

    package init(_ settings: FaultSettings) {
        range = settings["start"]..<(settings["start"] + settings["bytes"])
    }

    package mutating func erase(_ sector: inout [UInt8], at address: Int, before: [UInt8]) -> String? {
        let kept = range.clamped(to: address..<(address + sector.count))
        guard !kept.isEmpty else { return nil }
        for position in kept { sector[position - address] = before[position - address] }
        return "the sector at \(hexAddress(address)) is protected: not erased"
    }

    package mutating func program(_ bytes: inout [UInt8], at address: Int, before: [UInt8]) -> String? {
        let kept = range.clamped(to: address..<(address + bytes.count))
        guard !kept.isEmpty else { return nil }
        for position in kept { bytes[position - address] = 0xFF }
        return "\(hexAddress(kept.lowerBound)) to \(hexAddress(kept.upperBound - 1)) is protected: not programmed"
    }
}
