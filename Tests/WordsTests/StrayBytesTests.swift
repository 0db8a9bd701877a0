import Testing
import Words

@Suite struct StrayBytesTests {
    /// Bytes, the text that they are, and what people are shown.
    @Test(arguments: [
        (Array("plug.pcap".utf8), "plug.pcap", "plug.pcap"), ([], "", ""),
        (Array("Grün 𝄞 \u{10FFFD}".utf8), "Grün 𝄞 \u{10FFFD}", "Grün 𝄞 \u{10FFFD}"),
        ([0x63, 0x61, 0x66, 0xE9], "caf\u{10FEE9}", #"caf\xE9"#),
        // A sequence that ends too early: before another character, and with the text.
        ([0xE2, 0x82, 0x2E], "\u{10FEE2}\u{10FE82}.", #"\xE2\x82."#),
        ([0xC3, 0xA9, 0xC3], "é\u{10FEC3}", #"é\xC3"#), ([0xC3, 0xC3, 0xA9], "\u{10FEC3}é", #"\xC3é"#),
        // Longer than it need be: a slash in two bytes.
        ([0xC0, 0xAF], "\u{10FEC0}\u{10FEAF}", #"\xC0\xAF"#),
        // Half a surrogate pair, and what is beyond the last code point.
        ([0xED, 0xA0, 0x80], "\u{10FEED}\u{10FEA0}\u{10FE80}", #"\xED\xA0\x80"#),
        ([0xF4, 0x90, 0x80, 0x80], "\u{10FEF4}\u{10FE90}\u{10FE80}\u{10FE80}", #"\xF4\x90\x80\x80"#),
        // The first and the last of the code points that carry stray bytes, and their neighbours, which carry none.
        ([0xF4, 0x8F, 0xBA, 0x80], "\u{10FEF4}\u{10FE8F}\u{10FEBA}\u{10FE80}", #"\xF4\x8F\xBA\x80"#),
        ([0xF4, 0x8F, 0xBB, 0xBF], "\u{10FEF4}\u{10FE8F}\u{10FEBB}\u{10FEBF}", #"\xF4\x8F\xBB\xBF"#),
        ([0xF4, 0x8F, 0xB9, 0xBF], "\u{10FE7F}", "\u{10FE7F}"), ([0xF4, 0x8F, 0xBC, 0x80], "\u{10FF00}", "\u{10FF00}"),
    ])
    func bytesAreText(_ bytes: [UInt8], _ text: String, _ shown: String) {
        // Scalar by scalar: texts that only look alike are equal.
        #expect(Array(String(keeping: bytes).unicodeScalars) == Array(text.unicodeScalars))
        #expect(text.keptBytes == bytes)
        #expect(text.hasStrayBytes == (text != shown))
        #expect(legible(text) == shown)
    }

    @Test func everyByteAndEveryPairComesBack() {
        for first in UInt8.min...UInt8.max {
            #expect(String(keeping: [first]).keptBytes == [first])
            for second in UInt8.min...UInt8.max where String(keeping: [first, second]).keptBytes != [first, second] {
                Issue.record("\(first), \(second)")
            }
        }
    }

    @Test func randomBytesComeBack() {
        var state: UInt64 = 0x5EED
        func next(below limit: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % limit
        }
        // Mostly what sequences are made of: random bytes alone seldom make one.
        let parts: [[UInt8]] = [
            [0x2F], [0x41], [0x80], [0xBF], [0xC3, 0xA9], [0xCC, 0x81], [0xE2, 0x82, 0xAC], [0xED, 0xA0], [0xF0, 0x9D],
            [0xF4, 0x8F], [0xBA, 0x80], [0xFF],
        ]
        for _ in 0..<20_000 {
            let bytes = (0..<next(below: 9)).flatMap { _ in
                next(below: 4) == 0 ? [UInt8(next(below: 256))] : parts[next(below: parts.count)]
            }
            let text = String(keeping: bytes)
            guard text.keptBytes == bytes else {
                Issue.record("\(bytes) became \(text.keptBytes)")
                return
            }
            if let valid = String(validating: bytes, as: UTF8.self), !text.hasStrayBytes { #expect(text == valid) }
        }
    }

    /// Wherever people or programs read it.
    @Test func itIsSpelledOut() {
        #expect(printable("caf\u{10FEE9}\n") == #"caf\xE9\u{A}"#)
        #expect(quotedExcerpt("\u{10FEFF}") == #""\xFF""#)
        #expect(
            JSONValue.object([.init("caf\u{10FEE9}", .string("\u{10FEFF}"))]).description == #"{"caf\\xE9":"\\xFF"}"#)
    }

    @Test(arguments: [
        ("plug.pcap", "plug.pcap"), ("/tmp/Grün-1,2@0x7000", "/tmp/Grün-1,2@0x7000"), ("", "''"), ("a b", "'a b'"),
        ("it's", #"'it'\''s'"#), ("it'\u{301}s", "'it'\\''\u{301}s'"), ("$HOME", "'$HOME'"),
        ("caf\u{10FEE9}", #"$'caf\xE9'"#), ("it's \\ \u{10FEFF}", #"$'it\'s \\ \xFF'"#),
    ])
    func aShellTakesIt(_ word: String, _ taken: String) {
        #expect(Array(shellWord(word).unicodeScalars) == Array(taken.unicodeScalars))
    }
}
