import Emulator
import Images
package import Scenarios
import Words

/// A board as a file: `emulator/boards/*.yaml`.
extension Board {
    /// Reads a board. - Throws: `FileProblem`.
    package init(
        parsing bytes: [UInt8], file: String, parts: FlashParts, chips: [String] = Catalogue.chipNames
    ) throws(FileProblem) {
        let board = try YAMLReader.section(
            of: bytes, file: file, kind: "board",
            keys: [
                "name", "about", "chip", "straps", "reset", "crystal", "flash", "inputs", "uboot", "stub",
                "application",
            ])
        // In the order of the file, so that the first complaint is the first line's.
        let name = try board.value("name").name()
        let about = try board.value("about").text().split(whereSeparator: \.isNewline).joined(separator: " ")
        let chip = try board.value("chip").word(among: chips)
        let straps: BootMode = try board.value("straps").word()
        let flash = try Self.flash(board.value("flash"), parts)
        self.init(name: name, about: about, chip: chip, straps: straps, emulatedFlash: flash.emulated)
        (flashPart, flashByteCount) = (flash.part, flash.byteCount)
        reset = try board.value("reset").ifKnown { value throws(FileProblem) in try value.word(Reset.self) }
        crystal = try board.value("crystal").ifKnown(Self.crystal)
        inputs = try board.optional("inputs").map { value throws(FileProblem) in try Inputs(value) }
        uboot = try Self.choice(board.value("uboot"), UBootVersion.self)
        stub = try Self.choice(board.value("stub"), StubImage.Version.self)
        let spoken = try board.value("application").word(among: ["none"] + ApplicationLog.names)
        application = spoken == "none" ? nil : spoken
    }

    /// `auto` or one of the words; nil for `auto`.
    private static func choice<Word>(_ value: YAMLValue, _: Word.Type) throws(FileProblem) -> Word?
    where Word: RawRepresentable<String> & CaseIterable {
        let text = try value.word(among: ["auto"] + Word.allCases.map(\.rawValue))
        return Word(rawValue: text)
    }

    private static func crystal(_ value: YAMLValue) throws(FileProblem) -> Crystal {
        let hertz = try value.quantity(.frequency, in: 1_000_000...100_000_000)
        guard let crystal = Crystal(rawValue: hertz) else { throw value.problem("the chip takes 26 MHz or 40 MHz") }
        return crystal
    }

    private static func flash(
        _ value: YAMLValue, _ parts: FlashParts
    ) throws(FileProblem) -> (part: FlashPart?, byteCount: Int?, emulated: FlashPart) {
        let section = try value.section(["part", "size", "emulated"])
        let named = { (value: YAMLValue) throws(FileProblem) in
            let name = try value.word(among: parts.parts.map(\.name))
            // The word is one of theirs.
            return parts[name]
        }
        let part = try section.value("part").ifKnown(named) ?? nil
        let size = try section.value("size")
        let byteCount = try size.ifKnown { size throws(FileProblem) in
            try size.quantity(.size, in: (1 << 20)...(16 << 20))
        }
        guard let emulated = try section.optional("emulated").map(named) ?? part else {
            throw value.problem("where the part is unknown, \"emulated\" says which one the emulator has in its place")
        }
        for candidate in [part, emulated] {
            guard let candidate, let byteCount, candidate.byteCount != byteCount else { continue }
            throw size.problem("a \(candidate.name) has \(candidate.byteCount >> 20) MB")
        }
        return (part, byteCount, emulated)
    }
}

extension Board.Inputs {
    fileprivate init(_ value: YAMLValue) throws(FileProblem) {
        let section = try value.section(["low-up-to", "high-from"])
        let low = try section.value("low-up-to").quantity(.voltage, in: 0...6000)
        let high = try section.value("high-from")
        let highFrom = try high.quantity(.voltage, in: 0...6000)
        guard low < highFrom else { throw high.problem("it is not above low-up-to") }
        self.init(lowUpTo: low, highFrom: highFrom)
    }
}
