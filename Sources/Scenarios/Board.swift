import Line
package import Emulator
package import Images

/// What a chip is soldered to (ECR6600 facts §12), `emulator/boards/*.yaml`. What nobody knows is nil.
package struct Board: Hashable, Sendable {
    /// What drives RESET_B.
    package enum Reset: String, Hashable, Sendable, CaseIterable {
        /// The adapter's RTS: asserted, it pulls the pin low. That it is this way round is an assumption; the pulses of
        /// real hosts fit it (ECR6600 facts §11.2).
        case rts
        /// Nothing: who wants a reset switches the power.
        case none
    }

    /// Levels that a module's sheet gives in millivolts, in place of the chip's.
    package struct Inputs: Hashable, Sendable {
        package var lowUpTo: Int
        package var highFrom: Int

        package init(lowUpTo: Int, highFrom: Int) {
            self.lowUpTo = lowUpTo
            self.highFrom = highFrom
        }
    }

    package var name: String
    package var about: String
    package var chip: String
    /// The mode that its straps stand for.
    package var straps: BootMode
    package var reset: Reset?
    package var crystal: Crystal?
    /// What is soldered to it.
    package var flashPart: FlashPart?
    package var flashByteCount: Int?
    /// What the emulator has in its place.
    package var emulatedFlash: FlashPart
    package var inputs: Inputs?
    /// nil: whichever is in the flash.
    package var uboot: UBootVersion?
    /// nil: whichever is uploaded.
    package var stub: StubImage.Version?
    /// Name of the log that its application speaks; nil for none.
    package var application: String?

    /// A board of which no more is known than what it cannot be without.
    package init(name: String, about: String, chip: String, straps: BootMode, emulatedFlash: FlashPart) {
        self.name = name
        self.about = about
        self.chip = chip
        self.straps = straps
        self.emulatedFlash = emulatedFlash
    }
}

extension Board {
    /// Puts what the board decides into a chip's settings.
    package func apply(to settings: inout ChipSettings) {
        settings.start = .straps(straps)
        settings.crystal = crystal ?? ChipSettings().crystal
        settings.uboot = uboot
        settings.stub = stub
        settings.resetLines = reset == .rts ? .requestToSend : []
        settings.applicationLog = application.flatMap(ApplicationLog.named)
    }
}

extension Scenario {
    /// Puts what a board decides in its place.
    package mutating func apply(_ board: Board) {
        self.board = board.name
        board.apply(to: &chip)
        flashID = board.emulatedFlash.id
        boardInputs = board.inputs
    }
}
