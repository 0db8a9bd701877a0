import Line
import Testing

/// The list of faults, and what each does to a run by itself.
@Suite struct FaultTests {
    @Test func everyFaultIsListedOnceAndHasStandards() throws {
        let names = FaultCatalogue.summaries.map(\.name)
        #expect(Set(names).count == names.count)
        for summary in FaultCatalogue.summaries {
            #expect(!summary.about.isEmpty)
            for parameter in summary.parameters {
                #expect(parameter.range.contains(parameter.standard), "\(summary.name), \(parameter.name)")
                #expect(!parameter.about.isEmpty)
            }
            _ = try FaultCatalogue.fault(summary.name)
        }
    }

    @Test func wrongSettingsAreRefused() {
        #expect(throws: FaultError.unknownFault("lose-wire")) { try FaultCatalogue.fault("lose-wire") }
        #expect(throws: FaultError.unknownParameter("speed", of: LooseWire.summary)) {
            try FaultCatalogue.fault("loose-wire", values: ["speed": 1])
        }
        #expect(throws: FaultError.noDirection(fault: "unplugged")) {
            try FaultCatalogue.fault("unplugged", direction: .hostToChip)
        }
        for value in [Int.min, -1, 1001, .max] {
            #expect(throws: FaultError.self) { try FaultCatalogue.fault("loose-wire", values: ["loss": value]) }
        }
        #expect(
            "\(FaultError.unknownParameter("speed", of: StaleBytes.summary))"
                == "The fault 'stale-bytes' has no parameter 'speed'. Use: count.")
    }

    /// A fault in one direction leaves the other alone.
    @Test(arguments: ["open-wire", "stuck-wire", "loose-wire"])
    func directions(name: String) throws {
        let values = name == "loose-wire" ? ["onset": 1_000_000, "recovery": 1, "loss": 1000] : [:]
        for direction in Direction.allCases {
            let fault = try FaultCatalogue.fault(name, direction: direction, values: values)
            for other in Direction.allCases {
                let arrived = pass([1, 2, 3, 4, 5], through: fault, in: other)
                #expect(arrived == (other == direction ? [] : [1, 2, 3, 4, 5]), "\(name)")
            }
        }
    }

    /// Gilbert and Elliott: the share of bad time is onset / (onset + recovery), and errors stand together.
    @Test func aLooseWireErrsInBursts() throws {
        let fault = try FaultCatalogue.fault(
            "loose-wire", values: ["onset": 1000, "recovery": 50_000, "loss": 0, "change": 1000])
        let sent = [UInt8](repeating: 0, count: 500_000)
        let arrived = pass(sent, through: fault, in: .hostToChip)
        let bad = arrived.filter { $0 != 0 }.count
        // 1000 / 51000 of 500,000 are 9,804; half as much either way would be a broken generator.
        #expect((4900...14_700).contains(bad))
        let bursts = zip(arrived, arrived.dropFirst()).filter { $0 == 0 && $1 != 0 }.count
        // A burst lasts 20 characters on average.
        #expect(bad > bursts * 10)
    }

    /// What has not crossed when the adapter is pulled never does.
    @Test func unpluggedCutsARun() throws {
        let fault = try FaultCatalogue.fault("unplugged", values: ["after": 1])
        // At 100,000 baud a character takes 100 µs: ten have crossed after 1 ms.
        #expect(pass([UInt8](0..<25), through: fault, in: .chipToHost) == [UInt8](0..<10))
    }

    @Test func aWrongCrystalMovesTheRate() throws {
        let fault = try FaultCatalogue.fault("wrong-crystal", values: ["error": -30_000])
        #expect(fault.chipRate(BitRate(baud: 100_000)) == BitRate(baud: 97_000))
        #expect(fault.chipRate(BitRate(millibaud: 10_000_000_000)) == BitRate(baud: 9_700_000))
    }

    private func pass(
        _ characters: [UInt8], through fault: any LineFault, in direction: Direction
    ) -> [UInt8] {
        var run = characters
        var generator = SplitMix64(seed: 1)
        var chain = FaultChain([LabelledFault(fault)], seeds: &generator)
        var listener = SilentListener()
        let timing = RunTiming(start: .zero, backToBackAt: BitRate(baud: 100_000))
        chain.pass(&run, of: characters, timing, direction, offset: 0, &listener)
        return run
    }
}
