import Emulator
package import Scenarios
import Words

/// What a program is given to do, and what the flash has to hold then.
package struct CheckJob: Hashable, Sendable {
    package struct Part: Hashable, Sendable {
        package var address: Int
        package var bytes: [UInt8]

        package init(address: Int, bytes: [UInt8]) {
            self.address = address
            self.bytes = bytes
        }

        package var range: Range<Int> { address..<(address + bytes.count) }

        /// Why it cannot be written to a flash of a size; nil where it can. A success over what the flash has no place
        /// for could not be judged.
        package func problem(inFlashOf byteCount: Int) -> String? {
            guard range.upperBound > byteCount else { return nil }
            return "the image ends at \(hex(range.upperBound)), and the flash has \(byteCount) bytes"
        }
    }

    /// What `{image}` is a file of; nil for a job without one.
    package var image: [UInt8]?
    /// What `{address}` and `{length}` are.
    package var range: Range<Int>
    package var before: [UInt8]
    package var wanted: [UInt8]
    /// The parts that change.
    package var parts: [Range<Int>]

    /// - Parameters:
    ///   - firmware: what is written in place of what is made up; its file and its parts.
    ///   - readByteCount: how much is read; nil for all of it.
    package init(
        _ run: CheckCase, on setup: Setup, firmware: (file: [UInt8], parts: [Part])?, readByteCount: Int?
    ) {
        let flash = setup.sampleFlash().contents
        before = flash
        wanted = flash
        parts = []
        range = SampleJob.range
        switch run.task {
        case .info: break
        case .backup: range = 0..<min(readByteCount ?? flash.count, flash.count)
        case .write:
            let new = firmware?.parts ?? [Part(address: range.lowerBound, bytes: setup.newFirmware())]
            image = firmware?.file ?? new.first?.bytes
            put(new)
        case .verify:
            let held = Array(flash[range])
            // Not the firmware: the flash has never been given that.
            image = run.comparesWithOther ? setup.almost(held) : held
        case .erase:
            wanted.replaceSubrange(range, with: repeatElement(0xFF, count: range.count))
            parts = [range]
        }
    }

    private mutating func put(_ new: [Part]) {
        for part in new.sorted(by: { $0.address < $1.address }) {
            let held = part.range.clamped(to: wanted.indices)
            wanted.replaceSubrange(held, with: part.bytes.prefix(held.count))
            parts.append(part.range)
        }
        if let first = parts.first, let last = parts.map(\.upperBound).max() { range = first.lowerBound..<last }
    }

    /// What is known of the flash when the run is over.
    package func evidence(found: [UInt8], reportedSizes: [Int], task: Scenario.Task) -> Evidence {
        Evidence(
            before: before, wanted: wanted, found: found, reportedSizes: reportedSizes,
            askedFor: task == .backup ? range : nil, parts: parts)
    }
}
