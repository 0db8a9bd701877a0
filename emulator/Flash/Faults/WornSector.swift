package import Line

/// A sector that has been erased too often: an erase leaves it as it was. No loader looks after an erase (ECR6600 facts
/// §5: they poll the flash's busy bit alone), so the answer says success and only the contents tell.
package struct WornSector: FlashFault {
    package static let summary = FaultSummary(
        "worn-sector", "A sector of 4 KB does not erase any more.",
        parameters: [
            FaultParameter("address", in: .address, 0...0xFF_FFFF, standard: 0x8000, about: "any within the sector"),
            FaultParameter(
                "times", in: .times, 0...1_000_000, standard: 0, about: "erases that fail before one works; 0 for all"),
        ])

    private let sector: Int
    /// Erases that still fail; nil for all.
    private var failures: Int?

    package init(_ settings: FaultSettings) {
        sector = settings["address"] / NORFlash.sectorByteCount
        failures = settings["times"] == 0 ? nil : settings["times"]
    }

    package mutating func erase(_ sector: inout [UInt8], at address: Int, before: [UInt8]) -> String? {
        guard address / NORFlash.sectorByteCount == self.sector, failures != 0 else { return nil }
        failures = failures.map { $0 - 1 }
        sector = before
        return "the sector at \(hexAddress(address)) does not erase"
    }
}
