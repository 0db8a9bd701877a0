import Emulator
import Line
import Wire

/// Where a job of ours begins, and what it writes when nobody says what: in the factory's application, and where faults of
/// the flash are unless told otherwise.
package enum SampleJob {
    package static let address = 0x8000
    /// Six sectors: whole ones, so that a write needs no read around it.
    package static let byteCount = 0x6000
    package static let range = address..<(address + byteCount)
}

extension Setup {
    /// What is written: another firmware than the flash has.
    package func newFirmware() -> [UInt8] {
        SampleFlash.application("new", byteCount: SampleJob.byteCount, seed: jobSeed)
    }

    /// The contents of the job's range with one bit changed: what a verify must not find.
    package func almost(_ contents: [UInt8]) -> [UInt8] {
        var (almost, generator) = (contents, SplitMix64(seed: jobSeed))
        almost[Int(generator.next(below: UInt64(contents.count)))] ^= 1 << UInt8(generator.next(below: 8))
        return almost
    }

    /// The sizes in bytes that a stub takes the flash for where a fault has changed its id: what the id says, and 2 MB,
    /// which 1.3.11 begins with and keeps where the id says nothing to it (ECR6600 facts §4).
    /// - Parameter firings: labels of faults and how often each did something.
    package func reportedSizes(_ firings: [(label: String, count: Int)]) -> [Int] {
        let hasFired = firings.contains { $0.label.hasPrefix(WrongFlashID.summary.name) && $0.count > 0 }
        return hasFired ? flashFaults.otherIDs.compactMap(\.byteCount) + [2 << 20] : []
    }
}
