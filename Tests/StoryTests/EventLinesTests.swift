import Line
import Story
import Testing
import Wire

/// Lines on a screen that is narrower than they are.
@Suite struct EventLinesTests {
    private static let event = SessionEvent(
        direction: .chipToHost, offset: 0, byteCount: 1, start: 0, end: 0,
        kind: .text(Array("one two three four five six seven eight nine".utf8)), pitfall: .fellIntoReset("FLASH ID"))
    private static let mark = Mark(
        stamp: 0, text: "a note that is longer than fifty columns leave room for", kind: "note")

    @Test(arguments: [50, 60, 80])
    func areWrappedBehindTheirColumns(width: Int) throws {
        var (narrow, wide) = (EventLines(origin: 0, width: width), EventLines(origin: 0))
        for (lines, whole) in [
            (narrow.line(Self.event), wide.line(Self.event)), (narrow.line(Self.mark), wide.line(Self.mark)),
        ] {
            let rows = lines.split(separator: "\n")
            #expect(rows.count > whole.split(separator: "\n").count)
            // A screen on which not even twenty columns would be left is not respected.
            #expect(rows.allSatisfy { $0.count <= max(width, 34 + 2 + 20, 37 + 20) }, "\(lines)")
            #expect(rows.dropFirst().allSatisfy { $0.hasPrefix(String(repeating: " ", count: 34)) }, "\(lines)")
            func words(_ text: String) -> [Substring] { text.split { $0 == " " || $0 == "\n" } }
            #expect(words(lines) == words(whole))
        }
    }

    @Test func whatHasRoomStaysAsItIs() {
        var (narrow, wide) = (EventLines(origin: 0, width: 200), EventLines(origin: 0))
        #expect(narrow.line(Self.event) == wide.line(Self.event) && narrow.line(Self.mark) == wide.line(Self.mark))
    }
}
