import Line
import Testing

/// Faults in their order, and what is counted: incidents, not the runs that bring the characters.
@Suite struct FaultChainTests {
    /// Keeps the events.
    private struct Ear: LineListener {
        var incidents: [Incident] = []

        mutating func happened(_ event: LineEvent) {
            if case .incident(let incident) = event.kind { incidents.append(incident) }
        }
    }

    private func chain(_ faults: [(name: String, values: [String: Int])]) throws -> FaultChain {
        var generator = SplitMix64(seed: 7)
        return FaultChain(
            try faults.map { LabelledFault(try FaultCatalogue.fault($0.name, direction: nil, values: $0.values)) },
            seeds: &generator)
    }

    /// What one fault puts on a wire goes through those behind it; what is in the port's buffer already does not.
    @Test func faultsMeetInTheirOrder() throws {
        var chain = try chain([("stale-bytes", [:]), ("boot-chatter", [:]), ("open-wire", [:])])
        var ear = Ear()
        let stale = chain.release(by: .zero, .chipToHost, sent: 0, &ear)
        #expect(stale?.characters.count == 16)
        let chatter = chain.release(
            by: Instant.zero.advanced(by: .milliseconds(200)), .chipToHost, sent: 0, &ear)
        #expect(chatter?.characters == [])
        #expect(chain.incidents.map(\.count) == [1, 1, 1])
        #expect(ear.incidents.map(\.effect) == [.adds, .adds, .loses])
    }

    /// However the characters are cut into runs, the same becomes of them, and it is as many incidents.
    @Test(arguments: [1, 2, 7, 64, 5000])
    func chunkingMakesNoDifference(size: Int) throws {
        let faults: [(name: String, values: [String: Int])] = [
            ("lose-characters", ["from": 100, "count": 900]), ("change-characters", ["at": 2000, "xor": 1]),
            ("loose-wire", ["onset": 3000]),
        ]
        func carry(_ size: Int) throws -> ([UInt8], [Incident]) {
            var chain = try chain(faults)
            var ear = Ear()
            var arrived: [UInt8] = []
            let sent = (0..<5000).map { UInt8(truncatingIfNeeded: $0 &* 7) }
            let timing = RunTiming(start: .zero, backToBackAt: BitRate(baud: 115_200))
            for first in stride(from: 0, to: sent.count, by: size) {
                var run = Array(sent[first..<min(sent.count, first + size)])
                chain.pass(&run, of: run, timing.dropping(first), .hostToChip, offset: first, &ear)
                arrived += run
            }
            // Of one fault in their order; which fault comes first depends on the runs.
            return (arrived, faults.flatMap { fault in ear.incidents.filter { $0.fault == fault.name } })
        }
        let whole = try carry(5000)
        let cut = try carry(size)
        #expect(cut.0 == whole.0)
        #expect(cut.1 == whole.1)
        #expect(whole.1.filter { $0.fault == "lose-characters" }.map(\.offset) == [100])
        #expect(whole.1.filter { $0.fault == "change-characters" }.map(\.offset) == [2900], "counted as it came to it")
        #expect(whole.1.filter { $0.fault == "loose-wire" }.count > 3)
    }
}
