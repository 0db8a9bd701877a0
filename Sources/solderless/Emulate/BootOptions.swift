import ArgumentParser
import Emulator
import Files
import ScenarioFiles
import Scenarios
import Words

/// What the chip is soldered to, and how it boots where the facts leave a choice.
struct BootOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The board: \(Catalogue.boardNames.joined(separator: ", ")), or a file. It sets straps, flash, crystal, "
                + "uboot, stub and the application's log; other options override it.",
            valueName: "name|file"))
    var board: String?

    @Option(
        help: ArgumentHelp(
            "A chip description to use instead of the built-in emulator/chips/ecr6600.yaml: FIFO depth and pin levels.",
            valueName: "file"))
    var chip: String?

    @Option(
        help: ArgumentHelp(
            "A list of flash parts, with ids and times, to use instead of the built-in "
                + "emulator/chips/flash-parts.yaml.",
            valueName: "file"))
    var flashParts: String?

    @Option(
        help: ArgumentHelp(
            "What the application prints while it starts: none, \(ApplicationLog.names.joined(separator: ", ")), or a "
                + "file with lines such as \"120 hello\" (milliseconds, text). (default: none, or the board's)",
            valueName: "name|file"))
    var appLog: String?

    @Option(
        help: ArgumentHelp(
            "How long the mask ROM waits for a sync word in UART boot before it boots from flash. A real chip does "
                + "this too; after how long is unknown. (default: never)",
            valueName: "seconds"))
    var romTimeout: Double?

    @Option(
        help: ArgumentHelp(
            "How long the mask ROM looks for a sync word in flash boot. Whether a real one does is unknown. "
                + "(default: 0)",
            valueName: "seconds"))
    var romWindow: Double?

    @Option(
        help: ArgumentHelp(
            "What selects the boot mode: straps, or efuse (word 0x20, bit 19; if it is clear, the chip boots from "
                + "flash). (default: straps)")
    )
    var bootSelect: BootSelection?

    @Option(
        help: ArgumentHelp(
            "Whether secure boot (eFuse word 0x20, bit 2) finds the application's signature good or bad. (default: "
                + "good)")
    )
    var signature: ChipSettings.Signature?

    @Option(
        help: ArgumentHelp(
            "Force an error in uboot's check of the application, whatever the flash holds: none (check the flash), "
                + "partition (\"partition err\") or other (\"uboot err\"); 1.4.0 falls silent instead. Whether a "
                + "real one ever does is unclear. (default: none)"))
    var ubootError: ChipSettings.UBootError?

    @Option(
        help: ArgumentHelp(
            "Whether uboot finds a pending over-the-air update: none, pending (1.3.x prints percentages) or "
                + "heap-error (1.4.0 cannot allocate its heap). The update takes 2 s (heap-error: no time) and "
                + "writes nothing; then the boot continues. What makes an update pending is unknown. (default: none)"))
    var ota: ChipSettings.Update?

    @Option(
        help: ArgumentHelp(
            "Whether uboot provisions flash encryption: none, run (up to \"END, need power off\") or no-1v8 (up to "
                + "\"need 1.8V power\"). It only prints; flash and eFuse do not change. What makes a real one do it "
                + "is unknown. (default: none)"))
    var provisioning: ChipSettings.Provisioning?

    @Flag(
        help: """
            Store writes encrypted if the eFuse asks for it (word 0x20, bit 3 and counter). The cipher is a stand-in, \
            an XOR: the real one is unknown. A flash that was not written through the chip does not boot then.
            """)
    var encryptionStandIn = false

    mutating func validate() throws {
        if let romTimeout, !(0.001...86_400).contains(romTimeout) {
            throw ValidationError("--rom-timeout takes 0.001 to 86400 seconds, not \(romTimeout)")
        }
        if let romWindow, !(0...86_400).contains(romWindow) {
            throw ValidationError("--rom-window takes 0 to 86400 seconds, not \(romWindow)")
        }
        if let board, !Self.isPath(board), !Catalogue.boardNames.contains(board) {
            throw ValidationError(
                "--board: there is no board \(board)\(Nearest.advice(for: board, among: Catalogue.boardNames))")
        }
        let logs = ["none"] + ApplicationLog.names
        if let appLog, !Self.isPath(appLog), !logs.contains(appLog) {
            throw ValidationError("--app-log: there is no log \(appLog)\(Nearest.advice(for: appLog, among: logs))")
        }
    }

    /// The board, if one was named. - Throws: `FileError`, `FileProblem`.
    private func readBoard(parts: FlashParts) throws -> Board? {
        guard let board else { return nil }
        guard Self.isPath(board) else { return try Catalogue.board(board, parts: parts) }
        let bytes = try FileStore.read(path: board, limit: YAMLReader.mostBytes)
        return try Board(parsing: bytes, file: board, parts: parts)
    }

    /// The flash parts, built in or of a file. - Throws: `FileError`, `FileProblem`.
    func readFlashParts() throws -> FlashParts {
        guard let flashParts else { return try Catalogue.flashParts() }
        return try FlashParts(
            parsing: FileStore.read(path: flashParts, limit: YAMLReader.mostBytes), file: flashParts)
    }

    /// What these options ask for. - Throws: `FileError`, `FileProblem`.
    func overrides(parts: FlashParts) throws -> Overrides {
        var overrides = Overrides()
        overrides.board = try readBoard(parts: parts)
        if let chip {
            overrides.chip = try ChipDescription(
                parsing: FileStore.read(path: chip, limit: YAMLReader.mostBytes), file: chip)
        }
        overrides.romTimeout = romTimeout.map { .seconds($0) }
        overrides.romWindow = romWindow.map { .seconds($0) }
        overrides.bootSelection = bootSelect
        overrides.signature = signature
        overrides.ubootError = ubootError
        overrides.update = ota
        overrides.provisioning = provisioning
        if encryptionStandIn { overrides.encryption = .standIn }
        if let appLog {
            let log = Self.isPath(appLog) ? try Self.readLog(path: appLog) : ApplicationLog.named(appLog)
            overrides.applicationLog = .some(log)
        }
        return overrides
    }

    private static func readLog(path: String) throws -> ApplicationLog {
        let bytes = try FileStore.read(path: path, limit: ApplicationLog.mostBytes)
        do {
            return try ApplicationLog(parsing: bytes)
        } catch {
            throw FileProblem(file: path, line: error.line, key: "", message: error.description)
        }
    }

    /// A name has neither slash nor dot.
    private static func isPath(_ text: String) -> Bool {
        text.contains("/") || text.contains(".")
    }
}

/// `--uboot`.
enum UBootChoice: String, ExpressibleByArgument, CaseIterable {
    case auto
    case v134 = "1.3.4"
    case v1311 = "1.3.11"
    case v140 = "1.4.0"

    var version: UBootVersion? { UBootVersion(rawValue: rawValue) }
}

extension BootSelection: ExpressibleByArgument {}
extension ChipSettings.Signature: ExpressibleByArgument {}
extension ChipSettings.UBootError: ExpressibleByArgument {}
extension ChipSettings.Update: ExpressibleByArgument {}
extension ChipSettings.Provisioning: ExpressibleByArgument {}
