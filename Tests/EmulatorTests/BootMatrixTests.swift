import Emulator
import Foundation
import Images
import Testing

/// What a terminal sees of a boot, for every flash, uboot and strap: BootMatrix.md in this folder, compared letter by
/// letter. It was read against ECR6600 facts §2 by hand; `SOLDERLESS_WRITE_SNAPSHOTS=1` writes it anew, and then it has
/// to be read again.
@Suite struct BootMatrixTests {
    struct Content: Sendable {
        var name: String
        /// The row of the facts that says what 1.3.x and 1.4.0 print.
        var source: String
        var damage: @Sendable (inout FlashImageBuilder) -> Void
        var isErased = false
        var settings: @Sendable (inout ChipSettings) -> Void = { _ in }
    }

    private static let contents = [
        Content(name: "empty", source: "§1.2", damage: { _ in }, isErased: true),
        Content(
            name: "table only", source: "§1.2",
            damage: {
                $0.ubootBody = nil
                $0.application = nil
            }),
        Content(name: "bad uboot header", source: "§1.2", damage: { $0.damage = .ubootHeader }),
        Content(name: "bad uboot body", source: "§1.2", damage: { $0.damage = .ubootBody }),
        Content(name: "no table", source: "§2, row 2", damage: { $0.hasPartitionTable = false }),
        Content(name: "erased application", source: "§2, row 2", damage: { $0.application = nil }),
        Content(name: "bad application header", source: "§2, row 2", damage: { $0.damage = .applicationHeader }),
        Content(
            name: "bad application body, 2pxH", source: "§2, row 3", damage: { $0.damage = .applicationBody }),
        Content(
            name: "bad application body, old magic", source: "§2, app header",
            damage: {
                $0.application?.magic = .old
                $0.damage = .applicationBody
            }),
        Content(name: "good", source: "§2, row 1", damage: { _ in }),
        good("check comes back with 4", "§2, row 5", { $0.ubootError = .partition }),
        good("check comes back with another code", "§2, row 5", { $0.ubootError = .other }),
        good("update pending", "§2, row 7", { $0.update = .pending }),
        good("update pending, no heap", "§2, row 7", { $0.update = .heapError }),
        good("provisioning", "§2, row 8", { $0.provisioning = .run }),
        good("provisioning without 1.8 V", "§2, row 8", { $0.provisioning = .without1V8 }),
    ]

    private static func good(
        _ name: String, _ source: String, _ settings: @escaping @Sendable (inout ChipSettings) -> Void
    ) -> Content {
        Content(name: "good, \(name)", source: source, damage: { _ in }, settings: settings)
    }

    private static let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("BootMatrix.md")

    private static let head = """
        # What a terminal at 115200 sees within 3.2 s of power

        Flashes whose rows say "any" under uboot print the same with all three.

        | straps | flash | uboot | terminal | then runs | takes a sync word then | source |
        |---|---|---|---|---|---|---|

        """

    @Test func isAsItWasReadAgainstTheFacts() throws {
        var text = Self.head
        for straps in BootMode.allCases { text += rows(straps) }
        text += Self.remarks
        if ProcessInfo.processInfo.environment["SOLDERLESS_WRITE_SNAPSHOTS"] == "1" {
            try text.write(to: Self.file, atomically: true, encoding: .utf8)
        }
        let kept = try String(contentsOf: Self.file, encoding: .utf8)
        for (line, keptLine) in zip(text.split(separator: "\n"), kept.split(separator: "\n")) {
            #expect(line == keptLine)
        }
        #expect(text.count == kept.count)
    }

    /// A row for each outcome of a mode; what has the same outcome shares one.
    private func rows(_ straps: BootMode) -> String {
        let outcomes = Self.contents.map { content in
            UBootVersion.allCases.map { outcome(straps, content, $0) }
        }
        if let first = outcomes.first?.first, outcomes.allSatisfy({ $0.allSatisfy { $0 == first } }) {
            return row(straps.rawValue, "any", "any", first, straps == .uart ? "§3, §9: ours" : "§1.1: ours")
        }
        var text = ""
        for (content, outcomes) in zip(Self.contents, outcomes) {
            for (index, outcome) in outcomes.enumerated() where outcomes.firstIndex(of: outcome) == index {
                let versions = zip(UBootVersion.allCases, outcomes).filter { $0.1 == outcome }.map(\.0.rawValue)
                let names = versions.count == outcomes.count ? "any" : versions.joined(separator: ", ")
                text += row(straps.rawValue, content.name, names, outcome, content.source)
            }
        }
        return text
    }

    private func row(
        _ straps: String, _ flash: String, _ uboot: String, _ outcome: Outcome, _ source: String
    ) -> String {
        "| \(straps) | \(flash) | \(uboot) | \(outcome.terminal) | \(outcome.loader) | \(outcome.listens) | "
            + "\(source) |\n"
    }

    private struct Outcome: Equatable {
        var terminal: String
        var loader: String
        var listens: String
    }

    private func outcome(_ straps: BootMode, _ content: Content, _ version: UBootVersion) -> Outcome {
        let image = content.isErased ? [] : BootFlash.image(uboot: version, adjust: content.damage)
        var tested = ChipUnderTest.booting(BootFlash.holding(image)) {
            $0.start = .straps(straps)
            content.settings(&$0)
        }
        tested.run(for: .milliseconds(3200))
        let terminal = tested.terminal.isEmpty ? "nothing" : tested.terminal.map { "`\($0)`" }.joined(separator: "<br>")
        let loader = (tested.chip.loaderName ?? "nothing").replacing(" \(version.rawValue)", with: "")
        _ = tested.heard()
        let listens = tested.ask(BootProtocolTests.sync, for: .milliseconds(500)).contains(0x01)
        return Outcome(terminal: terminal, loader: loader, listens: listens ? "yes" : "no")
    }

    private static let remarks = """

        Ours, because the facts do not say: the mask ROM's 20 ms to uboot (which precedes every time here, after 4.025 ms of \
        power-up), the 300 ms of check and copy, that the mask ROM prints nothing, that it waits for ever in UART boot and \
        is silent in the other two modes. Both sums of 1.3.11 were computed again outside the program, over 5000 bytes of 5A, \
        then 01 02 03, with bit 0 of the first one flipped for the computed sum.

        Ours, too, in the rows of §2 that an option leads to: that codes are found as early as a wrong header; that an \
        update comes before the check, counts in tenths of 200 ms and ends with the boot going on, whatever came of it; \
        that provisioning comes before both, counts in tenths of 100 ms, ends its lines as `puts` does, and stops for good \
        where 1.8 V are missing and at its end.

        """
}
