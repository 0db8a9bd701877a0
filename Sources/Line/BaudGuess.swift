/// A rate told from how long a wire stays at a level.
package enum BaudGuess {
    /// The rate of a wire of which the pulses are known: the shortest that is no glitch is a bit, others are whole numbers
    /// of it. A rate within 3 % of a nominal one is that one.
    /// - Parameter pulses: picoseconds between one edge and the next; at most some ten thousand.
    /// - Returns: bits per second; nil where there is no pulse.
    package static func rate(ofPulses pulses: [Int64]) -> Int? {
        let sorted = pulses.filter { $0 > 0 }.sorted()
        guard let longest = sorted.last else { return nil }
        // A glitch has few of its like: a bit has at least one in two hundred.
        let enough = max(1, sorted.count / 200)
        var shortest = longest
        for (index, pulse) in sorted.enumerated() {
            let last = index + enough - 1
            guard last < sorted.count else { break }
            if sorted[last] <= pulse + pulse / 4 {
                shortest = pulse
                break
            }
        }
        var bit = shortest
        // A few bits at a time: what a sampling analyser rounds evens out, and long pauses tell nothing.
        for limit in [3, 9] as [Int64] {
            var length: Int64 = 0
            var bitCount: Int64 = 0
            for pulse in sorted where pulse >= shortest {
                let count = (pulse + bit / 2) / bit
                guard count <= limit else { break }
                let (sum, overflow) = length.addingReportingOverflow(pulse)
                guard !overflow else { break }
                length = sum
                bitCount += count
            }
            if bitCount > 0 { bit = max(1, length / bitCount) }
        }
        let rate = Int((1_000_000_000_000 + bit / 2) / bit)
        guard rate > 0 else { return nil }
        return Int(NominalBaud.snapped(UInt32(clamping: rate), withinPercent: 3))
    }
}
