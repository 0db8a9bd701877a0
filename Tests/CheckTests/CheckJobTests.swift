import Scenarios
import Testing

@testable import Check

/// What a program is given, and what the flash has to hold then.
@Suite struct CheckJobTests {
    private func job(_ task: Scenario.Task, seed: UInt64 = 2, _ parts: [CheckJob.Part] = []) throws -> CheckJob {
        let scenario = Scenario(name: "s")
        let run = CheckCase(scenario, named: "s", task: task, seed: seed)
        return CheckJob(
            run, on: try Setup(scenario, seed: seed),
            firmware: parts.isEmpty ? nil : (file: [0xAA], parts: parts), readByteCount: nil)
    }

    /// What is written by other runs is not in the flash that is verified: an odd seed has one wrong bit, an even one none.
    @Test(arguments: [[], [CheckJob.Part(address: 0x1000, bytes: [1, 2, 3])]])
    func aVerifyIsOfWhatTheFlashHolds(parts: [CheckJob.Part]) throws {
        for seed in UInt64(1)...4 {
            let job = try job(.verify, seed: seed, parts)
            let (held, image) = (Array(job.before[job.range]), try #require(job.image))
            #expect(image.count == job.range.count && job.range == SampleJob.range)
            let bits = zip(held, image).reduce(0) { $0 + ($1.0 ^ $1.1).nonzeroBitCount }
            #expect(bits == (seed % 2 == 1 ? 1 : 0), "seed \(seed)")
            #expect(job.wanted == job.before && job.parts.isEmpty)
        }
    }

    @Test func aWriteIsOfTheParts() throws {
        let job = try job(.write, [.init(address: 0x3000, bytes: [3]), .init(address: 0x1000, bytes: [1, 2])])
        #expect(job.image == [0xAA] && job.range == 0x1000..<0x3001)
        #expect(job.wanted[0x1000] == 1 && job.wanted[0x1001] == 2 && job.wanted[0x3000] == 3)
        #expect(job.parts == [0x1000..<0x1002, 0x3000..<0x3001])
    }

    /// A flash keeps its size, whatever is to be put after its end.
    @Test func aPartBeyondTheFlashDoesNotLengthenIt() throws {
        let size = try job(.info).before.count
        let job = try job(.write, [.init(address: size - 2, bytes: [1, 2, 3, 4])])
        #expect(job.wanted.count == size && Array(job.wanted.suffix(2)) == [1, 2])
    }

    @Test func anEraseLeavesOnesInItsRange() throws {
        let job = try job(.erase)
        #expect(job.image == nil && job.parts == [SampleJob.range])
        #expect(job.wanted[SampleJob.range].allSatisfy { $0 == 0xFF })
        #expect(job.wanted[..<SampleJob.address] == job.before[..<SampleJob.address])
    }
}
