import Line
import Testing

/// The rail of a 1.8 V adapter: a model of ours for ECR6600 facts §11.3.
@Suite struct ClampRailTests {
    @Test func zerosSagAndOnesLift() {
        var state = ClampRailState(ClampRail())
        let idle = state.lift(at: .zero)
        #expect(idle == 400)
        // 4000 characters of zeros at 921600 are 39 ms low: ten time constants.
        let rate = BitRate(baud: 921_600)
        let zeros = RunTiming(start: .zero, backToBackAt: rate)
        state.transmitted([UInt8](repeating: 0, count: 4000).span, timing: zeros)
        let end = zeros.end(of: 4000)
        let sagged = state.lift(at: end)
        #expect(sagged < 40)
        // After one of its time constants 1/e of what is missing still is: 400 − 400/e = 253.
        let later = state.lift(at: end.advanced(by: .milliseconds(100)))
        #expect((253...275).contains(later))
        let isRising = state.isRising(at: end.advanced(by: .milliseconds(100)))
        #expect(isRising)
    }

    /// The same characters sag the rail in the same way however they are cut into runs.
    @Test func chunkingChangesNothing() {
        let rate = BitRate(baud: 1_000_000)
        let bytes = [UInt8](repeating: 0x35, count: 1000)
        let timing = RunTiming(start: .zero, backToBackAt: rate)
        var whole = ClampRailState(ClampRail())
        whole.transmitted(bytes.span, timing: timing)
        var cut = ClampRailState(ClampRail())
        for index in 0..<10 {
            cut.transmitted(bytes.span.extracting(first: 100), timing: timing.dropping(index * 100))
        }
        let lifts = (whole.lift(at: timing.end(of: 1000)), cut.lift(at: timing.end(of: 1000)))
        #expect(lifts.0 == lifts.1)
    }

    /// Where the parameters make the three reports true together. The picture stands in docs/line.md.
    @Test func theRegion() {
        let picture = [
            (200, "........."), (250, "wwwwwwwww"), (300, "wwwwMMMMr"), (350, "wwMMMMMrr"), (400, "wwMMMMMrr"),
            (450, "wwMMMMrrr"), (500, "wMMMMMrrr"), (600, "wMMMMrrrr"), (700, "wMMMMrrrr"), (800, "wMMMrrrrr"),
        ]
        for (lift, row) in picture {
            let found = [500, 1000, 2000, 3000, 4000, 6000, 8000, 12_000, 16_000].map { microseconds in
                var rail = ClampRail()
                rail.lift = lift
                rail.sagTime = Int64(microseconds) * 1000
                return Self.place(rail)
            }
            #expect(String(found) == row, "lift \(lift) mV")
        }
    }

    /// `.`: the chip hears nothing even from an idle line; `w`: not even a write works, because a short answer already
    /// sags the rail too far; `r`: reading may work too; `M`: writing works and reading does not.
    private static func place(_ rail: ClampRail) -> Character {
        guard isHeard(after: [], at: 115_200, rail) else { return "." }
        // The chip's ACK and the flash id (§10) at 115200, a hash's answer (38 bytes, §4.3) at 921600.
        let answers: [(bytes: [UInt8], baud: Int)] = [
            ([0x06], 115_200), ([0x5A, 0x90, 0x04, 0x00, 0xC8, 0x40, 0x15, 0x00, 0x00, 0x0B], 115_200),
            ([UInt8](repeating: 0x55, count: 38), 921_600),
        ]
        guard answers.allSatisfy({ isHeard(after: $0.bytes, at: $0.baud, rail) }) else { return "w" }
        // A block of 1K with its head and its CRC (§10), half of its bits zeros. An input that changes its mind two
        // noises lower surely hears what the real one may hear.
        let block = [UInt8](repeating: 0x55, count: 1029)
        return isHeard(after: block, at: 921_600, rail, allowance: 2 * Input.ecr6600().noise) ? "r" : "M"
    }

    /// Whether the chip surely hears a host that speaks at once behind these bytes of the chip.
    private static func isHeard(
        after bytes: [UInt8], at baud: Int, _ rail: ClampRail, allowance: Millivolts = 0
    ) -> Bool {
        let timing = RunTiming(start: .zero, backToBackAt: BitRate(baud: baud))
        var input = Input.ecr6600()
        input.threshold -= allowance
        var levels = InputLevels(driver: Adapter(.ft232r, level: 1800).driver, input: input, rail: rail, seed: 1)
        levels.rail?.transmitted(bytes.span, timing: timing)
        let end = timing.end(of: bytes.count)
        return levels.isClear(from: end, to: end)
    }
}
