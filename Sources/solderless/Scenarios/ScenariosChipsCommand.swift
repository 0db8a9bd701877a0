import ArgumentParser
import Emulator
import Line
import ScenarioFiles
import Scenarios
import Wire
import Words

struct ScenariosChipsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "chips",
        abstract: "List the chip's levels, and the flash parts that loaders know by id.")

    @OptionGroup var report: ReportFormat

    func run() throws {
        let chips = try Catalogue.chipNames.map { try Catalogue.chip($0) }
        let parts = try Catalogue.flashParts().parts
        report.print(
            .report([.init("chips", .array(chips.map(\.json))), .init("flashParts", .array(parts.map(\.json)))]),
            text: Self.text(of: chips, parts))
    }

    private static func text(of chips: [ChipDescription], _ parts: [FlashPart]) -> String {
        var table = TextColumns(rightAligned: [2], indent: 0)
        table.add("flash part", "id", "size", "page", "4 KB erase")
        for part in parts {
            table.add(
                part.name, part.id.description, "\(part.byteCount >> 20) MB",
                "\(part.times.pageProgram.wholeNanoseconds / 1000) µs",
                "\(part.times.sectorErase.wholeNanoseconds / 1_000_000) ms")
        }
        return (chips.flatMap(\.lines) + [""] + table.lines).joined(separator: "\n")
    }
}

extension ChipDescription {
    /// For people, in the datasheet's units.
    fileprivate var lines: [String] {
        [
            "\(name): \(about)",
            "supply \(Self.volts(supply.least)) to \(Self.volts(supply.most)), typically "
                + "\(Self.volts(supply.typical)); in reset below \(Self.volts(resetBelow))",
            "inputs: low up to \(Self.part(inputLow)), high from \(Self.part(inputHigh)); "
                + "outputs: low up to \(Self.part(outputLow)), high from \(Self.part(outputHigh))",
            "UART0: TXD \(transmitPin), RXD \(receivePin), FIFOs of \(fifoDepth) characters",
        ]
    }

    private static func volts(_ millivolts: Int) -> String { "\(millivolts / 1000).\(millivolts % 1000 / 100) V" }
    private static func part(_ thousandths: Int) -> String { "\(thousandths / 10) % of the supply" }

    fileprivate var json: JSONValue {
        let number = { (value: Int) in JSONValue.integer(Int64(value)) }
        let spread = { (value: Spread) in
            JSONValue.array([number(value.least), number(value.typical), number(value.most)])
        }
        return .object([
            .init("name", .string(name)), .init("about", .string(about)),
            .init("supplyMillivolts", spread(supply)), .init("resetBelowMillivolts", number(resetBelow)),
            .init("inputHighPerMille", number(inputHigh)), .init("inputLowPerMille", number(inputLow)),
            .init("outputHighPerMille", number(outputHigh)), .init("outputLowPerMille", number(outputLow)),
            .init("outputHighMicroamperes", spread(outputHighCurrent)),
            .init("outputLowMicroamperes", spread(outputLowCurrent)), .init("leakageMicroamperes", number(leakage)),
            .init("pullUpOhms", spread(pullUp)), .init("pullDownOhms", spread(pullDown)),
            .init("transmitPin", .string(transmitPin)), .init("receivePin", .string(receivePin)),
            .init("fifoCharacters", number(fifoDepth)),
        ])
    }
}

extension FlashPart {
    fileprivate var json: JSONValue {
        let time = { (value: Duration) in JSONValue.integer(value.wholeNanoseconds) }
        return .object([
            .init("name", .string(name)), .init("id", .string(id.description)),
            .init("bytes", .integer(Int64(byteCount))), .init("pageProgramNanoseconds", time(times.pageProgram)),
            .init("sectorEraseNanoseconds", time(times.sectorErase)),
            .init("block32EraseNanoseconds", time(times.block32Erase)),
            .init("block64EraseNanoseconds", time(times.block64Erase)),
            .init("chipErasePerMegabyteNanoseconds", time(times.chipErasePerMegabyte)),
        ])
    }
}
