package import Emulator
package import Line

/// How an emulation came out.
package struct EmulationSummary: Sendable {
    /// What the line's clock and the wall's showed at the end.
    package var lineTime: Instant
    package var wallTime: Instant
    /// What crossed the line; nil where nobody counted.
    package var tally: SessionTally?
    /// What the chip did at the end, in a few words.
    package var chip: String
    /// What ran on it; nil for nothing.
    package var program: String?
    /// What each fault has done.
    package var faults: [ControlStatus.FaultCount]
    /// What became of each expectation of the flash, in their order.
    package var flashDifferences: [FlashComparison]
    /// What the chip holds.
    package var flash: NORFlash
    /// When the session was cut as planned; nil for not.
    package var cutAt: Instant?
    /// Points that the session has come to, if the planned cut keeps them.
    package var passedPoints: [PassedPoint]
    /// By how much something that was due came later, at most, on the wall's clock.
    package var lateness: Duration
}

/// What a part of the flash has to hold at the end.
package struct ExpectedFlash: Hashable, Sendable {
    /// Where the bytes come from, for messages.
    package var path: String
    package var address: Int
    package var bytes: [UInt8]

    package init(path: String, address: Int, bytes: [UInt8]) {
        self.path = path
        self.address = address
        self.bytes = bytes
    }
}

/// The flash at the end, held against what was expected of it.
package struct FlashComparison: Hashable, Sendable {
    package let path: String
    package let address: Int
    /// Bytes that were compared.
    package let byteCount: Int
    /// Those that differ; 0 where all is as expected.
    package let differingCount: Int
    /// The first that differs.
    package let first: First?

    package struct First: Hashable, Sendable {
        package var address: Int
        package var expected: UInt8
        package var found: UInt8
    }

    /// - Parameter expected: of bytes that lie in the flash.
    package init(_ expected: ExpectedFlash, in flash: NORFlash) {
        let end = min(expected.address + expected.bytes.count, flash.byteCount)
        let found = expected.address < end ? flash.bytes(expected.address..<end) : []
        var (count, first): (Int, First?) = (expected.bytes.count - found.count, nil)
        for (offset, (wanted, byte)) in zip(expected.bytes, found).enumerated() where wanted != byte {
            count += 1
            first = first ?? First(address: expected.address + offset, expected: wanted, found: byte)
        }
        path = expected.path
        address = expected.address
        byteCount = expected.bytes.count
        differingCount = count
        self.first = first
    }
}
