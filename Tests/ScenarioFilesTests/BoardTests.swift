import Emulator
import Images
import Scenarios
import Testing
import Wire

@testable import ScenarioFiles

/// Boards and chips: what ships, and what is said of what somebody wrote.
@Suite struct BoardTests {
    static let board = """
        solderless: 1
        kind: board
        name: mine
        about: A board of mine.
        chip: ecr6600
        straps: flash
        reset: none
        crystal: 26 MHz
        flash: {part: GD25Q32E, size: 4 MB}
        uboot: 1.3.11
        stub: vendor-1.3.4
        application: openbeken
        """

    static func read(_ text: String) throws(FileProblem) -> Board {
        try Board(parsing: Array(text.utf8), file: "mine.yaml", parts: Catalogue.flashParts())
    }

    /// `Board` with one line in place of another, and what is said of it.
    static func complaint(replacing line: String, with other: String) -> String {
        do {
            _ = try read(board.replacing(line, with: other))
            return "nothing"
        } catch {
            return error.description
        }
    }

    /// Names and keys reach terminals: what a terminal obeys is refused in the one, and spelled out in the other.
    @Test func nothingInAFileReachesTheTerminalToBeObeyed() {
        let name = Self.complaint(replacing: "name: mine", with: "name: \"\\e[31m\"")
        #expect(
            name == "mine.yaml:3: name: \"\\u{1B}[31m\" is no name: 1 to 40 letters, digits, - and _")
        let key = Self.complaint(replacing: "reset: none", with: "\"\\e[2J\": none")
        #expect(key.hasPrefix("mine.yaml:7: \\u{1B}[2J: this key is not known here"), "\(key)")
    }

    @Test func aBoardIsReadWhole() throws {
        let board = try Self.read(Self.board)
        #expect(board.name == "mine")
        #expect(board.straps == .flash)
        #expect(board.reset == Board.Reset.none)
        #expect(board.crystal == .mhz26)
        #expect(board.emulatedFlash.id == FlashID("1640C8"))
        #expect(board.flashByteCount == 4 << 20)
        #expect(board.stub == .vendor134)
        var settings = ChipSettings()
        board.apply(to: &settings)
        #expect(settings.start == .flash)
        #expect(settings.uboot == .v1311)
        #expect(settings.applicationLog == ApplicationLog.named("openbeken"))
    }

    @Test(arguments: [
        (
            "name: mine", "name: \"a\\e[2J\"",
            "mine.yaml:3: name: \"a\\u{1B}[2J\" is no name: 1 to 40 letters, digits, - and _"
        ),
        ("straps: flash", "straps: flsh", "mine.yaml:6: straps: \"flsh\" is not known here; did you mean \"flash\"?"),
        (
            "uboot: 1.3.11", "uboot: 1.3.12",
            "mine.yaml:10: uboot: \"1.3.12\" is not known here; did you mean \"1.3.11\"?"
        ),
        ("stub: vendor-1.3.4", "stbu: auto", "mine.yaml:11: stbu: this key is not known here; did you mean \"stub\"?"),
        ("size: 4 MB", "size: 4", "mine.yaml:9: flash.size: \"4\" has no unit; it is one of KB, B, MB"),
        ("size: 4 MB", "size: 4 MBB", "mine.yaml:9: flash.size: \"MBB\" is no unit of size; did you mean \"MB\"?"),
        ("size: 4 MB", "size: 2 MB", "mine.yaml:9: flash.size: a GD25Q32E has 4 MB"),
        ("size: 4 MB", "size: big", "mine.yaml:9: flash.size: \"big\" is no size; it is written like \"10 KB\""),
        ("GD25Q32E", "GD25Q32", "mine.yaml:9: flash.part: \"GD25Q32\" is not known here; did you mean \"GD25Q32E\"?"),
        ("crystal: 26 MHz", "crystal: 25 MHz", "mine.yaml:8: crystal: the chip takes 26 MHz or 40 MHz"),
        (
            "reset: none", "reset: off",
            "mine.yaml:7: reset: YAML takes off for a boolean; name it otherwise, or put it in quotes"
        ),
        (
            "reset: none", "on: none",
            "mine.yaml:7: as a key, YAML takes on for a boolean; name it otherwise, or put it in quotes"
        ),
        ("reset: none", "name: none", "mine.yaml:7: the key \"name\" stands in line 3 already"),
        ("reset: none", "reset:", "mine.yaml:7: reset: there is no value"),
        ("reset: none", "reset: [none]", "mine.yaml:7: reset: expected a single value, found a list"),
        (
            "reset: none", "reset: &a none",
            "mine.yaml:7: anchors (&) and aliases (*) are not taken: write the value where it belongs"
        ),
        (
            "reset: none", "reset: *a",
            "mine.yaml:7: anchors (&) and aliases (*) are not taken: write the value where it belongs"
        ),
        ("reset: none\n", "", "mine.yaml:1: the key \"reset\" is missing"),
        ("solderless: 1", "solderless: 2", "mine.yaml:1: solderless: this program reads version 1"),
        ("kind: board", "kind: chip", "mine.yaml:2: kind: \"chip\" is not known here; it is one of board"),
        (
            "part: GD25Q32E", "part: unknown",
            "mine.yaml:9: flash: where the part is unknown, \"emulated\" says which one the emulator has in its place"
        ),
        ("about: A board of mine.", "about: [1", "mine.yaml:5: this is not YAML"),
    ])
    func complaintsNameLineAndKey(line: String, other: String, complaint: String) {
        let found = Self.complaint(replacing: line, with: other)
        #expect(found.hasPrefix(complaint), "\(found)")
    }

    @Test(arguments: Catalogue.boardNames)
    func whatShipsCanBeRead(name: String) throws {
        let board = try Catalogue.board(name)
        #expect(board.name == name)
        #expect(board.emulatedFlash.byteCount == 2 << 20, "§12: 2 MB where it is known")
    }

    /// ECR6600 facts §1.1 and §12.
    @Test func boardsAreWhatTheFactsSay() throws {
        #expect(try Catalogue.board("tnce-plug").reset == Board.Reset.none)
        #expect(try Catalogue.board("evk").reset == .rts)
        #expect(try Catalogue.board("axy2s").flashByteCount == 2 << 20)
        #expect(try Catalogue.board("axy2s").reset == nil)
        #expect(try Catalogue.board("axyu").flashByteCount == 2 << 20, "§11.3: a 2 MB board")
        #expect(try Catalogue.board("axyu").flashPart == nil)
        #expect(try Catalogue.board("wg236").inputs == Board.Inputs(lowUpTo: 800, highFrom: 2000), "§8")
        #expect(try Catalogue.boardNames.allSatisfy { try Catalogue.board($0).crystal == nil })
    }

    @Test func anUnknownBoardIsNotFarFromAKnownOne() {
        #expect { try Catalogue.board("tnce-plgu") } throws: { "\($0)".contains("did you mean \"tnce-plug\"?") }
    }
}
