import Testing
import Words

@Suite struct PrintableTests {
    /// What a terminal obeys, and what makes a text look like another, is spelled out.
    @Test(arguments: [
        ("plug", "plug"), ("Grün ✓", "Grün ✓"), ("\u{1B}[2J", "\\u{1B}[2J"), ("a\nb", "a\\u{A}b"),
        ("\u{202E}gnp", "\\u{202E}gnp"), ("\u{9B}31m", "\\u{9B}31m"), ("\u{FEFF}", "\\u{FEFF}"),
        // Joiners make some scripts and pictures.
        ("क्\u{200D}ष", "क्\u{200D}ष"),
    ])
    func spellsOutWhatATerminalObeys(_ text: String, _ printed: String) {
        #expect(printable(text) == printed)
    }

    @Test func anExcerptEndsAfterSixtyCharacters() {
        #expect(excerpt(String(repeating: "a", count: 60)) == String(repeating: "a", count: 60))
        #expect(excerpt(String(repeating: "a", count: 61)) == String(repeating: "a", count: 60) + "…")
        #expect(quotedExcerpt("x") == "\"x\"")
    }

    @Test func theNearestWordIsNear() {
        #expect(Nearest.word(to: "flahs", among: ["flash", "power"]) == "flash")
        #expect(Nearest.word(to: "of", among: ["on", "off", "cycle"]) == "off", "of two as near, what begins like it")
        #expect(Nearest.word(to: "zzzzz", among: ["flash", "power"]) == nil)
        #expect(Nearest.advice(for: "zzzzz", among: ["flash", "power"]) == "; it is one of flash, power")
    }

    /// RFC 8259 §7: quotation mark, backslash and everything below 0x20 are escaped.
    @Test func jsonEscapesWhatItMust() {
        let value = JSONValue.object([.init("a\"b", .array([.integer(-1), .null, .bool(true), .string("\u{1}\\\n")]))])
        #expect("\(value)" == #"{"a\"b":[-1,null,true,"\u0001\\\n"]}"#)
    }
}
