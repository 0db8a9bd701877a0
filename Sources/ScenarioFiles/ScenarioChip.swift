import Emulator
import Scenarios
import Wire
import Words

/// `chip:`, what a scenario wants otherwise than its board has it.
extension YAMLValue {
    static let chipKeys = ["start", "crystal", "flash", "fifo", "uboot", "stub", "application"]

    func read(chip scenario: inout Scenario, parts: FlashParts) throws(FileProblem) {
        let section = try section(Self.chipKeys)
        if let value = section.optional("start") {
            let name = try value.word(among: ChipSettings.Start.allCases.map(\.name))
            scenario.chip.start = ChipSettings.Start.allCases.first { $0.name == name } ?? scenario.chip.start
        }
        if let value = section.optional("crystal") {
            let hertz = try value.quantity(.frequency, in: 1_000_000...100_000_000)
            guard let crystal = Crystal(rawValue: hertz) else { throw value.problem("the chip takes 26 MHz or 40 MHz") }
            scenario.chip.crystal = crystal
        }
        if let value = section.optional("flash") { scenario.flashID = try value.flashID(parts) }
        if let value = section.optional("fifo") {
            let depth = try value.number(in: 1...1024)
            guard depth == 16 || depth == 32 else { throw value.problem("it is 16 or 32; the facts name both") }
            scenario.chip.fifoDepth = depth
        }
        if let value = section.optional("uboot") { scenario.chip.uboot = try value.wordOrAuto() }
        if let value = section.optional("stub") { scenario.chip.stub = try value.wordOrAuto() }
        if let value = section.optional("application") {
            let name = try value.word(among: ["none"] + ApplicationLog.names)
            scenario.chip.applicationLog = ApplicationLog.named(name)
        }
    }

    /// A part's name, or an id as six hexadecimal digits.
    private func flashID(_ parts: FlashParts) throws(FileProblem) -> FlashID {
        let text = try text()
        if let part = parts[text] { return part.id }
        if let id = FlashID(text) { return id }
        let names = parts.parts.map(\.name)
        throw problem(
            "\(quotedExcerpt(text)) is no flash: neither an id of six hexadecimal digits nor a part"
                + Nearest.advice(for: text, among: names))
    }

    /// One of the words, or `auto`: nil.
    private func wordOrAuto<Word>() throws(FileProblem) -> Word? where Word: RawRepresentable<String> & CaseIterable {
        Word(rawValue: try word(among: ["auto"] + Word.allCases.map(\.rawValue)))
    }
}
