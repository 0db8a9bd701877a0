import Foundation
import Testing
import Words

/// How bytes and texts are written for others.
@Suite struct MarkupTests {
    /// RFC 4648 §10.
    @Test(arguments: [
        ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="),
        ("foobar", "Zm9vYmFy"),
    ])
    func base64OfBytes(text: String, encoded: String) {
        #expect(base64(Array(text.utf8)) == encoded)
    }

    @Test func base64OfEveryByte() {
        let bytes = (0...255).map { UInt8($0) }
        #expect(base64(bytes) == Data(bytes).base64EncodedString())
    }

    @Test func markupIsSpelledOut() {
        #expect(markup("<a href=\"x\">'&'\u{202E}") == "&lt;a href=&quot;x&quot;&gt;&#39;&amp;&#39;\\u{202E}")
    }

    @Test func linesAndTabsStay() {
        #expect(markupOfLines("a\tb\r\n\n<\u{1B}") == "a\tb\\u{D}\n\n&lt;\\u{1B}")
        #expect(markupOfLines("").isEmpty)
    }
}
