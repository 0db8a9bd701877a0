import ArgumentParser
import Emulator
import Images
import ScenarioFiles
import Scenarios
import Wire
import Words

struct ScenariosBoardsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "boards",
        abstract: "List the boards for emulate --board.",
        discussion: """
            The flash in brackets is the part that is emulated. A reset by RTS needs a port with modem lines; a \
            pseudo-terminal has none.
            """)

    @OptionGroup var report: ReportFormat

    func run() throws {
        let boards = try Catalogue.boardNames.map { try Catalogue.board($0) }
        report.print(.report([.init("boards", .array(boards.map(\.json)))]), text: Self.text(of: boards))
    }

    private static func text(of boards: [Board]) -> String {
        var table = TextColumns(indent: 0)
        table.add("board", "straps", "reset", "crystal", "flash", "uboot", "stub", "application")
        for board in boards {
            let size = board.flashByteCount.map { "\($0 >> 20) MB" } ?? "unknown"
            table.add(
                board.name, board.straps.rawValue, board.reset?.rawValue ?? "unknown",
                board.crystal.map { "\($0.rawValue / 1_000_000) MHz" } ?? "unknown",
                "\(size) (\(board.emulatedFlash.name))", board.uboot?.rawValue ?? "auto",
                board.stub?.rawValue ?? "auto", board.application ?? "none")
        }
        return (table.lines + boards.map { "\n\($0.name): \($0.about)" }).joined(separator: "\n")
    }
}

extension Board {
    fileprivate var json: JSONValue {
        let text = { (value: String?) in value.map { JSONValue.string($0) } ?? .null }
        let integer = { (value: Int?) in value.map { JSONValue.integer(Int64($0)) } ?? .null }
        return .object([
            .init("name", .string(name)), .init("about", .string(about)), .init("chip", .string(chip)),
            .init("straps", .string(straps.rawValue)), .init("reset", text(reset?.rawValue)),
            .init("crystalHertz", integer(crystal?.rawValue)), .init("flashPart", text(flashPart?.name)),
            .init("flashBytes", integer(flashByteCount)), .init("emulatedFlash", .string(emulatedFlash.name)),
            .init("emulatedFlashID", .string(emulatedFlash.id.description)),
            .init("inputLowUpToMillivolts", integer(inputs?.lowUpTo)),
            .init("inputHighFromMillivolts", integer(inputs?.highFrom)),
            .init("uboot", .string(uboot?.rawValue ?? "auto")), .init("stub", .string(stub?.rawValue ?? "auto")),
            .init("application", text(application)),
        ])
    }
}
