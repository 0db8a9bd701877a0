import Emulator
import Line
import Testing
import Wire
import Words

/// Baud divisors (ECR6600 facts §4.3) and erase patterns (§4.4), for every stub.
@Suite struct DivisorAndEraseFactTests {
    /// §4.3, "Baud divisors at 80 MHz (OSCR×div)"; the rest is floor(10e6 / baud) times 8.
    static let divisors: [(baud: UInt32, oversampling: Int64, divisor: Int64)] = [
        (115_200, 8, 87), (460_800, 8, 21), (691_200, 8, 15), (806_400, 10, 10), (921_600, 8, 11), (1_000_000, 8, 10),
        (1_500_000, 18, 3), (2_000_000, 8, 5), (3_000_000, 8, 3),
        (9600, 8, 1041), (57_600, 8, 173), (230_400, 8, 43), (4_000_000, 8, 2), (10_000_000, 8, 1), (1, 8, 10_000_000),
    ]

    @Test(arguments: divisors, StubFactTests.versions)
    func baudSetsItsDivisor(row: (baud: UInt32, oversampling: Int64, divisor: Int64), version: String) {
        var tested = StubFactTests.stub(version)
        tested.give(StubRequest.baud(row.baud).bytes)
        let rate = BitRate(millibaud: 80_000_000_000 / (row.oversampling * row.divisor))
        #expect(tested.chip.receiverClock(at: tested.now).rate == rate, "§4.3: \(row.baud) on \(version)")
        tested.run(for: .milliseconds(100))
        #expect(tested.heard() == [0x5A, 7, 0, 0, 0, 0x61], "§4.2")
        #expect(tested.sent.last?.rate == rate, "§4.2: it answers at the new rate")
    }

    /// §4.3: above 10 M the divisor is 0, and 0 baud divides by zero: undefined, so the option decides and a note tells.
    @Test(arguments: [UInt32(0), 10_000_001, .max], StubFactTests.versions)
    func impossibleRatesAreUndefined(baud: UInt32, version: String) {
        for choice in ChipSettings.Undefined.allCases {
            var tested = ChipUnderTest.communityStub {
                $0.stub = StubFactTests.version(version)
                $0.undefined = choice
            }
            #expect(tested.ask(StubRequest.baud(baud).bytes).isEmpty)
            let notes = tested.chip.takeEvents().filter { if case .note = $0.kind { true } else { false } }
            #expect(!notes.isEmpty, "a line in the trace")
            tested.run(for: .seconds(1))
            _ = tested.heard()
            let answer = tested.ask([0xA5, 0, 4, 0, 0, 0, 0, 0, 0xA9])
            #expect(answer == (choice == .silent ? [] : [0x5A, 0, 0, 0, 1, 0x5B]), "\(choice)")
        }
    }

    /// §4.4: range, then how many sectors of 4 KB, blocks of 32 KB and blocks of 64 KB are erased.
    static let patterns: [(address: UInt32, length: UInt32, sectors: Int, blocks32: Int, blocks64: Int)] = [
        // The example of the facts.
        (0x7000, 0x11AA68, 3, 1, 17),
        // Below 64 KB: sectors only, the length rounded up.
        (0x1000, 0xF000, 15, 0, 0), (0x0000, 0xFFFF, 16, 0, 0), (0x3000, 1, 1, 0, 0),
        // From a 64 KB boundary.
        (0x0000, 0x10000, 0, 0, 1), (0x0000, 0x10001, 1, 0, 1), (0x10000, 0x17000, 7, 0, 1), (0x0000, 0x18000, 0, 1, 1),
        (0x0000, 0x19000, 1, 1, 1),
        // A head up to the boundary: its last 32 KB as one block where it has so many.
        (0x8000, 0x18000, 0, 1, 1), (0x9000, 0x17000, 7, 0, 1), (0x1000, 0x1F000, 7, 1, 1), (0x1000, 0x10000, 8, 1, 0),
        // A misaligned start erases nothing and reports success.
        (0x7004, 0x20000, 0, 0, 0), (0x7001, 0x100, 0, 0, 0),
    ]

    /// The time that passes before the answer tells which commands were used.
    @Test(arguments: patterns, StubFactTests.versions)
    func downloadErases(
        row: (address: UInt32, length: UInt32, sectors: Int, blocks32: Int, blocks64: Int), version: String
    ) {
        let took = time(StubRequest(.flashDownload, address: row.address, length: row.length), version)
        let expected = Duration.milliseconds(row.sectors) + .seconds(row.blocks32) + .seconds(1000 * row.blocks64)
        #expect(took == expected, "§4.4: \(hex(row.address)) + \(hex(row.length)) on \(version)")
    }

    /// §4.4: 04 knows sectors only.
    @Test(arguments: patterns, StubFactTests.versions)
    func eraseCommandErases(
        row: (address: UInt32, length: UInt32, sectors: Int, blocks32: Int, blocks64: Int), version: String
    ) {
        let sectors = row.address % 0x1000 == 0 ? Int(row.length + 0xFFF) / 0x1000 : 0
        let took = time(StubRequest(.erase, address: row.address, length: row.length), version)
        #expect(took == .milliseconds(sectors), "§4.4: \(hex(row.address)) + \(hex(row.length)) on \(version)")
    }

    private func time(_ request: StubRequest, _ version: String) -> Duration {
        var tested = ChipUnderTest.communityStub(timing: .fast) {
            $0.stub = StubFactTests.version(version)
            $0.timing.flash.sectorErase = .milliseconds(1)
            $0.timing.flash.block32Erase = .seconds(1)
            $0.timing.flash.block64Erase = .seconds(1000)
        }
        let asked = tested.now
        tested.give(request.bytes)
        tested.run(for: .seconds(20_000))
        return asked.duration(to: tested.sent.last?.start ?? .zero)
    }
}
