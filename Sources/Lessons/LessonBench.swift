package import Check
package import Emulator
package import Flasher
import Images
package import Line
package import Scenarios
import Wire

/// The bench that a lesson begins with.
package struct LessonBench: Hashable, Sendable {
    /// What is in the flash.
    package enum Contents: String, Hashable, Sendable, CaseIterable {
        /// What a plug may come with, made up (`SampleFlash`).
        case factory
        /// The same with the lesson's image in it.
        case openBeken = "openbeken"
        case erased
        /// The board carries another chip, which never answers.
        case otherChip = "other-chip"
    }

    /// nil for a chip without a board.
    package var board: Board?
    /// What is plugged, switched on and wrong.
    package var hookup: Hookup
    package var contents: Contents
    /// Decides what the factory's flash holds, all noise, and when a fault does something.
    package var seed: UInt64

    package init(
        board: Board? = nil, hookup: Hookup = .wired, contents: Contents = .factory, seed: UInt64 = 1
    ) {
        (self.board, self.hookup, self.contents, self.seed) = (board, hookup, contents, seed)
    }

    /// Its scenario. What is plugged and switched lies over it (`Hookup.conditions`).
    package var scenario: Scenario {
        var scenario = Scenario(name: "lesson")
        if let board { scenario.apply(board) }
        scenario.power = hookup.suppliesChip ? .on : .off
        scenario.chip.firmwareLogs = image.firmwareLogs
        if contents == .otherChip {
            // The other chip is not modelled. One whose application has the line and says nothing looks the same from the
            // port, whatever is done to it: an assumption.
            scenario.chip.start = .app
            scenario.chip.applicationLog = nil
            scenario.chip.firmwareLogs = []
        }
        return scenario
    }

    /// Everything that it is made of, the same each time. - Throws: `FaultError`, never for a scenario without faults.
    package func setup() throws(FaultError) -> Setup { try Setup(scenario, seed: seed) }

    /// The image that is written in lessons.
    package var image: LessonImage { LessonImage.openBeken(byteCount: flashByteCount) }

    private var flashByteCount: Int { (board?.emulatedFlash.id ?? .gd25q16e).byteCount ?? 2 << 20 }

    /// The flash at the beginning. - Parameter factory: `Setup.sampleFlash` of its setup.
    package func flash(_ factory: NORFlash) -> NORFlash {
        var flash = factory
        switch contents {
        case .factory, .otherChip: break
        case .openBeken: for segment in image.segments { flash.load(segment.bytes, at: segment.address) }
        case .erased: flash = NORFlash(id: factory.id)
        }
        return flash
    }

    /// A watch for the lesson's expectations. - Parameters:
    ///   - texts: those that the lesson listens for.
    ///   - received: bytes that the host has received on the line before.
    package func watch(factory: NORFlash, texts: [String], received: Int = 0) -> BenchWatch {
        BenchWatch(
            hookup, flash: flash(factory), factory: factory, image: image.segments, texts: texts, received: received)
    }

    /// What our own flasher does for a task. A write makes no back-up by itself: making one is what is learnt.
    /// - Parameter backup: what is restored; nil for nothing, of which there is no job.
    package func job(_ task: FlashTask, backup: [UInt8]?) -> Job? {
        switch task {
        case .info: .info
        case .backup: .read(nil)
        case .write: .write(image.segments, backup: false)
        case .verify: .verify(image.segments)
        case .restore: backup.map { .write([Segment(address: 0, bytes: $0)], backup: false) }
        case .erase(let isAll): .erase(isAll ? nil : image.applicationRange, backup: false)
        }
    }
}

/// What is written in lessons: a stand-in for OpenBeken's image, made up by us. It is all-in-one and a boot finds everything in it
/// right, and none of it is code; it brings what the factory's flash has in its first sectors, and an application of its own.
package struct LessonImage: Hashable, Sendable {
    /// As it goes into the flash, by address.
    package let segments: [Segment]
    /// As a file: "oneb" (ECR6600 facts §6).
    package let file: [UInt8]
    /// The sectors of its application.
    package let applicationRange: Range<Int>
    /// What the emulator has its application say, which by itself would say nothing.
    package let firmwareLogs: [FirmwareLog]

    /// A quarter of what the factory's application has: enough to see it being written.
    private static let applicationByteCount = 0x4_0000

    private static let usual = LessonImage(byteCount: 2 << 20)

    /// - Parameter byteCount: of the flash that it is for, 1 MB or more.
    package static func openBeken(byteCount: Int) -> LessonImage {
        byteCount == 2 << 20 ? usual : LessonImage(byteCount: max(1 << 20, byteCount))
    }

    private init(byteCount: Int) {
        let builder = SampleFlash.builder(byteCount: byteCount)
        let application = SampleFlash.application("OpenBeken", byteCount: Self.applicationByteCount, seed: 1)
        guard let place = builder.layout.table[BootCheck.applicationPartition]?.range.lowerBound,
            let head = try? builder.image()[..<place]
        else { preconditionFailure("every layout of a sample flash has an application, and holds it") }
        let start = PartitionTable.ubootAddress
        let uboot = start..<max(start + 1, (head.lastIndex { $0 != 0xFF } ?? start) + 1)
        segments = [
            Segment(address: 0, bytes: Array(head[..<uboot.lowerBound])),
            Segment(address: uboot.lowerBound, bytes: Array(head[uboot])),
            Segment(address: place, bytes: application),
        ]
        applicationRange = place..<(place + application.count)
        let entries = segments.map { AllInOneImage.Entry(.flash, at: UInt32($0.address), data: $0.bytes) }
        guard let image = try? AllInOneImage(entries: entries) else {
            preconditionFailure("three entries are fewer than 255")
        }
        file = image.bytes
        let header = Array(application.prefix(ApplicationHeader.byteCount))
        firmwareLogs = ApplicationLog.named("openbeken").map { [FirmwareLog(at: place, header, says: $0)] } ?? []
    }
}
