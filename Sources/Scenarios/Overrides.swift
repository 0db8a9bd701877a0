package import Emulator
package import Images
import Line
package import Wire

/// What somebody asks for otherwise than a scenario has it; nil leaves it as it is.
///
/// The order of precedence, from the last word to the first: an option, the board that an option names, the chip's file,
/// the scenario (and its own board), the program's defaults.
package struct Overrides: Hashable, Sendable {
    /// A chip's file in place of the built-in one.
    package var chip: ChipDescription?
    package var board: Board?
    package var start: ChipSettings.Start?
    package var flashID: FlashID?
    /// `.some(nil)`: whichever the flash asks for.
    package var uboot: UBootVersion??
    /// `.some(nil)`: whichever is uploaded.
    package var stub: StubImage.Version??
    package var fifoDepth: Int?
    package var applicationLog: ApplicationLog??
    package var romTimeout: Duration?
    package var romWindow: Duration?
    package var romAcknowledgesPieces: Bool?
    package var bootSelection: BootSelection?
    package var signature: ChipSettings.Signature?
    package var ubootError: ChipSettings.UBootError?
    package var update: ChipSettings.Update?
    package var provisioning: ChipSettings.Provisioning?
    package var encryption: ChipSettings.Encryption?
    package var undefined: ChipSettings.Undefined?
    package var hasFactoryData: Bool?
    package var flashBootReturns: Bool?
    package var power: PowerSchedule?
    package var powerRamp: Duration?

    package init() {}
}

extension Overrides {
    /// Puts what is asked for in its place.
    package func apply(to scenario: inout Scenario) {
        if let chip { scenario.apply(chip) }
        if let board { scenario.apply(board) }
        if let flashID { scenario.flashID = flashID }
        if let power { scenario.power = power }
        set(\.start, start, in: &scenario.chip)
        set(\.uboot, uboot, in: &scenario.chip)
        set(\.stub, stub, in: &scenario.chip)
        set(\.fifoDepth, fifoDepth, in: &scenario.chip)
        set(\.applicationLog, applicationLog, in: &scenario.chip)
        if let romTimeout { scenario.chip.romTimeout = romTimeout }
        set(\.romWindow, romWindow, in: &scenario.chip)
        set(\.romAcknowledgesPieces, romAcknowledgesPieces, in: &scenario.chip)
        set(\.bootSelection, bootSelection, in: &scenario.chip)
        set(\.signature, signature, in: &scenario.chip)
        set(\.ubootError, ubootError, in: &scenario.chip)
        set(\.update, update, in: &scenario.chip)
        set(\.provisioning, provisioning, in: &scenario.chip)
        set(\.encryption, encryption, in: &scenario.chip)
        set(\.undefined, undefined, in: &scenario.chip)
        set(\.hasFactoryData, hasFactoryData, in: &scenario.chip)
        set(\.flashBootReturns, flashBootReturns, in: &scenario.chip)
        set(\.powerRamp, powerRamp, in: &scenario.chip)
    }

    private func set<Value>(
        _ place: WritableKeyPath<ChipSettings, Value>, _ value: Value?, in settings: inout ChipSettings
    ) {
        if let value { settings[keyPath: place] = value }
    }
}
