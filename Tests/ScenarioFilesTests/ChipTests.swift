import Emulator
import Scenarios
import Testing
import Wire

@testable import ScenarioFiles

/// The chip and the flash parts that ship, against ECR6600 facts §5 and §8.
@Suite struct ChipTests {
    /// §5, the table, row by row.
    static let table = """
        GD25Q80E 1440C8 XM25QH80B 144020 ZB25VQ80 14605E
        GD25LQ80C 1460C8 XM25QH16C 154020 ZB25VQ16 15605E
        GD25Q16E 1540C8 XM25QH32B 164020 ZB25VQ32 16405E
        GD25Q32E 1640C8 XM25QH64C 174020 ZB25VQ64 17405E
        GD25Q128E 1840C8 XT25F08B 14400B ZB25VQ128 18405E
        P25Q80HD 146085 XT25F16F 15400B EN25Q16B 15701C
        P25Q16SH/H 156085 XT25F32F 16400B EN25QH32B 16701C
        P25Q16SH_OLD 154285 XT25F64F 17400B EN25Q32C 16301C
        P25Q16HB 152085 FM25QH16B 1540A1 TH25Q16HB 1560EB
        P25Q32SH 166085 W25Q32JV 1640EF BY25Q32CS 164068
        GT25Q16A 1560C4 GT25Q32A 1660C4 KH25L64 1720C2
        KH25L128 1820C2
        """

    @Test func thePartsAreThoseOfTheFacts() throws {
        let words = Self.table.split(whereSeparator: \.isWhitespace)
        let parts = try Catalogue.flashParts()
        #expect(parts.parts.count == words.count / 2)
        for index in stride(from: 0, to: words.count, by: 2) {
            #expect(parts[String(words[index])]?.id == FlashID(words[index + 1]), "\(words[index])")
        }
        // §5: 14→1 MB … 18→16 MB.
        #expect(parts["GD25Q128E"]?.byteCount == 16 << 20)
        #expect(parts["P25Q80HD"]?.byteCount == 1 << 20)
    }

    /// The file and the emulator's own default are one set of numbers.
    @Test func theUsualTimesAreTheEmulators() throws {
        #expect(try Catalogue.flashParts().parts.allSatisfy { $0.times == .typical })
    }

    /// §8 and §1.1.
    @Test func theChipIsThatOfTheFacts() throws {
        let chip = try Catalogue.chip("ecr6600")
        #expect(chip.supply == .init(least: 3000, typical: 3300, most: 3600))
        #expect(chip.resetBelow == 2500)
        #expect([chip.inputHigh, chip.inputLow, chip.outputHigh, chip.outputLow] == [700, 300, 900, 100])
        #expect(chip.outputHighCurrent == .init(least: 2000, typical: 3200, most: 5000))
        #expect(chip.outputLowCurrent == .init(least: 4000, typical: 5200, most: 7000))
        #expect(chip.leakage == 10)
        #expect(chip.pullUp == .init(least: 66_000, typical: 81_100, most: 110_000))
        #expect(chip.pullDown == .init(least: 55_000, typical: 62_700, most: 82_500))
        #expect([chip.transmitPin, chip.receivePin] == ["GPIO6", "GPIO5"])
    }

    @Test func aPartWhoseIdSaysAnotherSizeIsRefused() {
        let text = """
            solderless: 1
            kind: flash-parts
            about: x
            times: {page-program: 500 us}
            parts:
              - {name: A, id: 1540C8, size: 2 MB, sector-erase: 400 ms}
              - {name: B, id: 1540C8, size: 4 MB}
            """
        #expect {
            try FlashParts(parsing: Array(text.utf8), file: "f")
        } throws: { "\($0)" == "f:7: parts[1].size: the id 1540C8 says 2 MB" }
    }
}
