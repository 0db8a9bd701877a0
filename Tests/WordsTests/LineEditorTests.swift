import Testing
import Words

@Suite struct LineEditorTests {
    /// What came of some keys: the lines, and what is left.
    private func typed(_ keys: String) -> (lines: [String], text: String, hasEnded: Bool) {
        var editor = LineEditor()
        var (lines, hasEnded): ([String], Bool) = ([], false)
        for key in keys.utf8 {
            switch editor.type(key) {
            case .line(let line): lines.append(line)
            case .end: hasEnded = true
            case .edited, .nothing: break
            }
        }
        return (lines, editor.text, hasEnded)
    }

    @Test func linesEndWithEnter() {
        #expect(typed("power on\rhint\nhel").lines == ["power on", "hint"])
        #expect(typed("power on\rhint\nhel").text == "hel")
    }

    @Test func rubbingOutTakesWholeCharacters() {
        #expect(typed("a\u{7F}b\u{8}c").text == "c")
        #expect(typed("grün\u{7F}\u{7F}").text == "gr")
        #expect(typed("\u{7F}\u{7F}a").text == "a")
    }

    @Test func aWordAndALineCanBeDropped() {
        #expect(typed("plug adapter-gnd \u{17}").text == "plug ")
        #expect(typed("plug adapter-gnd\u{15}x").text == "x")
    }

    @Test func arrowsGoThroughWhatWasTyped() {
        #expect(typed("one\rtwo\r\u{1B}[A").text == "two")
        #expect(typed("one\rtwo\r\u{1B}[A\u{1B}[A\u{1B}[A").text == "one")
        #expect(typed("one\rtwo\r\u{1B}OA\u{1B}OA\u{1B}[B").text == "two")
        #expect(typed("one\r\u{1B}[A\u{1B}[B").text == "")
        #expect(typed("one\rone\r\u{1B}[A\u{1B}[A").text == "one")
    }

    @Test func otherKeysDoNothing() {
        #expect(typed("a\t\u{1B}[3~\u{1B}[1;5Cb\u{1B}xc").text == "abc")
    }

    @Test func theEndIsControlDOnAnEmptyLine() {
        #expect(typed("\u{4}").hasEnded)
        #expect(!typed("a\u{4}").hasEnded)
    }

    /// However much is pasted, it takes no more than that.
    @Test func aLineIsBounded() {
        #expect(typed(String(repeating: "x", count: 5000)).text.count == 1000)
    }
}
