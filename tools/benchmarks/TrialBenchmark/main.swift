import Check
import Digests
import Flasher
import Glibc
import Line
import Ports
import ScenarioFiles
import Scenarios
import Simulation
import Wire

// How much CPU time trials of `good-bench` take, and how much of it the work itself is: the CRC-16, the SHA-256 and the
// copies of the same bytes, in the same process.
//
//   TrialBenchmark [TRIALS]     prints seconds of the trials, and of the floor

let count = CommandLine.arguments.dropFirst().first.flatMap { Int($0) } ?? 200
let scenario = try Catalogue.scenario("good-bench")

/// CPU seconds that this process has used.
func cpu() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
}

/// What nobody could do without who backs a flash of 2 MB up and holds the result against it: each block's CRC at both
/// ends, the SHA-256 of the chip, of the host, of what crossed and of the flash afterwards, and a copy from each hand to
/// the next: flash, block, transmitter, wire, port, host, back-up.
struct Floor {
    let flash: [UInt8]
    private var hands = [[UInt8]](repeating: [], count: 7)
    private(set) var sum = 0

    init() {
        var generator = SplitMix64(seed: 1)
        flash = generator.bytes(2 << 20)
    }

    mutating func run() {
        for hand in hands.indices { hands[hand].removeAll(keepingCapacity: true) }
        for start in stride(from: 0, to: flash.count, by: 1024) {
            let block = start..<(start + 1024)
            hands[0] += flash[block]
            for hand in 1..<hands.count { hands[hand] += hands[hand - 1][block] }
            for hand in [hands[0], hands[6]] {
                let bytes = hand.span
                sum &+= Int(CRC16.of(bytes.extracting(block)))
            }
        }
        for hand in [0, 2, 4, 6] { sum &+= Int(SHA256.of(hands[hand])[0]) }
    }
}

// As `solderless simulate` does.
keepFreedMemory()
var floor = Floor()
floor.run()
var (ours, least) = (0.0, 0.0)
var failures = 0
// By turns, so that a machine that slows down slows both.
for seed in 0..<UInt64(count) {
    var start = cpu()
    floor.run()
    least += cpu() - start
    start = cpu()
    let result = try Trial(scenario, seed: seed, dialect: .community).run()
    ours += cpu() - start
    if result.ending != .success || !result.verdicts.isEmpty { failures += 1 }
}
guard failures == 0 else { fatalError("\(failures) of \(count) trials did not end well") }
print(ours, least)
