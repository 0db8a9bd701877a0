import Testing
import Words

/// As far as lessons have it.
@Suite struct MarkdownTests {
    @Test func blocks() {
        let text = """
            One line
            and its second.

            <!-- ECR6600 facts §12 -->
            - an item
              that goes on
            - another
            1. two

            ```
            power on
              wait
            ```
            2. is a number
            """
        #expect(
            Markdown.blocks(text) == [
                .paragraph("One line and its second."),
                .list(["an item that goes on", "another", "two"], isNumbered: false),
                .code(["power on", "  wait"]), .list(["is a number"], isNumbered: true),
            ])
    }

    @Test func aTerminalsLines() {
        let plain = MarkdownText(width: 24, isColoured: false)
        #expect(
            plain.lines("Plug `adapter-gnd` onto *GND*, **now**.\n\n- one two three four five six") == [
                "Plug adapter-gnd onto", "GND, now.", "", "- one two three four", "  five six",
            ])
        let coloured = MarkdownText(width: 40, isColoured: true)
        #expect(coloured.lines("a `b` *c*") == ["a \u{1B}[36mb\u{1B}[0m \u{1B}[1mc\u{1B}[0m"])
    }

    /// Signs that are never closed, comments that never end, and no text at all.
    @Test(arguments: ["", "```", "`", "*", "<!--", "<!-- x", "- ", "1. ", "a <!-- b --> c <!--"])
    func whateverIsGivenEnds(text: String) {
        _ = MarkdownText(width: 1, isColoured: true).lines(text)
    }
}
