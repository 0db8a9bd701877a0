import Testing

@testable import Check

/// What a program prints, as a person would have seen it.
@Suite struct OutputWatchTests {
    private func watch(_ texts: [String] = [], _ pieces: [String]) -> (OutputWatch, [String]) {
        var watch = OutputWatch(lookingFor: texts)
        var news: [String] = []
        for piece in pieces { news += watch.take(Array(piece.utf8)) }
        return (watch, news)
    }

    @Test func textsAreFoundWhereverTheyAreCut() {
        let text = "ok\nnow power the device\nnow power the device"
        for size in 1...9 {
            let bytes = Array(text.utf8)
            var watch = OutputWatch(lookingFor: ["power the device", "never"])
            var news: [String] = []
            for start in stride(from: 0, to: bytes.count, by: size) {
                news += watch.take(Array(bytes[start..<min(start + size, bytes.count)]))
            }
            #expect(news == ["power the device", "power the device"], "pieces of \(size)")
            #expect(watch.counts == ["power the device": 2] && watch.text == text)
        }
    }

    @Test func whatOnlyATerminalUnderstandsIsLeftOut() {
        let (watch, news) = watch(
            ["done"], ["\u{1B}[32mdo\u{1B}[0mne\u{1B}]0;title\u{7}\r\n", "10 %\r20 %\r\n\u{8}\u{0}end"])
        #expect(watch.text == "done\n20 %\nend")
        #expect(news == ["done"])
    }

    /// A spinner asks once, however often it turns; the next line asks again.
    @Test func aLineWrittenAnewIsPrintedOnce() {
        let turns = "|/-|/-|/-".map { "\r\($0) power it" }
        #expect(watch(["power it"], turns).1 == ["power it"])
        #expect(watch(["power it"], turns + ["\r\n"] + turns).1 == ["power it", "power it"])
        #expect(watch(["power it"], ["power it\r\n", "power it\r\n"]).1 == ["power it", "power it"])
        #expect(watch(["power it"], ["power it, power it"]).1 == ["power it", "power it"])
    }

    /// What a terminal would obey ends with its line at the latest: a stray one hides nothing that comes later.
    @Test func aStrayEscapeHidesNoMoreThanItsLine() {
        for stray in ["\u{1B}]", "\u{1B}[", "\u{1B}", "\u{1B}]title", "\u{1B}]0;a\u{1B}"] {
            for end in ["\n", "\r\n", "\r"] {
                let (watch, news) = watch(["done"], ["a\(stray)", end, "done"])
                #expect(news == ["done"] && watch.text.hasSuffix("done"), "\(stray.debugDescription)")
            }
        }
        #expect(watch([], ["a\u{1B}]x\u{0}b"]).0.text == "ab")
        #expect(watch([], ["a\u{1B}]0;x\u{1B}\\b\u{1B}]0;y\u{1B}[1mc"]).0.text == "abc")
        let title = String(repeating: "x", count: 255)
        #expect(watch([], ["\u{1B}]\(title)yz"]).0.text == "yz")
    }

    @Test func aFloodIsKeptInPart() {
        var watch = OutputWatch(lookingFor: ["last"])
        _ = watch.take(Array("first".utf8))
        for _ in 0..<1000 { _ = watch.take([UInt8](repeating: UInt8(ascii: "x"), count: 1000)) }
        #expect(watch.take(Array("last".utf8)) == ["last"])
        #expect(watch.byteCount >= 990_000)
        #expect(watch.text.hasPrefix("first") && watch.text.hasSuffix("last") && watch.text.contains("left out"))
        #expect(
            watch.text.utf8.count <= OutputWatch.mostAtStart + 2 * OutputWatch.mostAtEnd + OutputWatch.longestLine + 100
        )
    }
}
