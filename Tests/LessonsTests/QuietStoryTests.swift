import Line
import Testing

import Lessons

/// A session that somebody is told while they read a step's text.
@Suite struct QuietStoryTests {
    /// The answers to lines that come at these moments, in milliseconds.
    private func told(_ lines: [(Int64, String)], _ story: inout QuietStory) -> [[QuietStory.Told]] {
        lines.map { story.take($0.1, at: Instant(nanoseconds: $0.0 * 1_000_000)) }
    }

    /// "byte" and "bytes" are two.
    @Test func whatIsNewIsToldOnce() {
        var story = QuietStory()
        let lines: [(Int64, String)] = [
            (0, "→ chip  sync word"), (50, "→ chip  sync word"), (60, "← chip  noise, 1 byte"),
            (70, "← chip  noise, 3 bytes"), (80, "← chip  header refused"),
        ]
        #expect(told(lines, &story) == [[.line], [], [.more(1), .line], [.line], [.line]])
    }

    /// Numbers of what the chip prints are told.
    @Test func numbersAreNoNews() {
        var story = QuietStory()
        let lines: [(Int64, String)] = [
            (0, "→ chip  … 18 more sync words"), (1000, "→ chip  … 20 more sync words"),
            (2000, "← chip  text \"boot 1\""), (3000, "← chip  text \"boot 2\""),
        ]
        #expect(told(lines, &story) == [[.line], [], [.more(1), .line], [.line]])
    }

    /// A flasher that asks for half a minute.
    @Test func howOftenItWasSaidAgainIsToldNowAndThen() {
        var story = QuietStory()
        let lines = (0..<600).map { (Int64($0) * 50, "→ chip  sync word") }
        let all = told(lines, &story).flatMap { $0 }
        #expect(all.filter { $0 == .line }.count == 1)
        // 29.9 s: every five seconds one.
        #expect(all.filter { $0 != .line } == Array(repeating: .more(101), count: 5))
    }

    /// All of what somebody has just done is seen.
    @Test func afterACommandAllIsNews() {
        var story = QuietStory()
        #expect(
            told([(0, "→ chip  ERASE 0x1000 +4096"), (50, "→ chip  ERASE 0xA000 +4096")], &story) == [[.line], []])
        #expect(story.begin() == [.more(1)])
        #expect(told([(100, "→ chip  ERASE 0x1000 +4096")], &story) == [[.line]])
        #expect(story.begin() == [])
    }

    @Test func aTorrentIsCut() {
        var story = QuietStory()
        let lines = (0..<100).map { (Int64($0), "← chip  text \"\($0)\"") } + [(1000, "← chip  text \"100\"")]
        let all = told(lines, &story)
        #expect(all.prefix(100).flatMap { $0 } == Array(repeating: .line, count: 16))
        #expect(all[100] == [.more(84), .line])
    }

    @Test func whatHappensAtTheBenchIsNeverLeftOut() {
        var story = QuietStory()
        _ = told((0..<100).map { (Int64($0), "← chip  text \"\($0)\"") }, &story)
        for _ in 0..<2 {
            _ = told([(100, "← chip  text \"100\"")], &story)
            let told = story.take("· power    on", at: Instant(nanoseconds: 100_000_000), .bench)
            #expect(told.last == .line && told.count == 2)
        }
    }

    /// What is explained is told even in a torrent, and once; explained otherwise, it is another line.
    @Test func whatIsExplainedIsToldOnce() {
        var story = QuietStory()
        _ = told((0..<100).map { (Int64($0), "← chip  text \"\($0)\"") }, &story)
        let now = Instant(nanoseconds: 100_000_000)
        #expect(story.take("← chip  header refused\n  ! Not sent.", at: now, .explained) == [.more(84), .line])
        #expect(story.take("← chip  header refused\n  ! Not sent.", at: now, .explained) == [])
        #expect(story.take("← chip  header refused\n  ! No answer.", at: now, .explained) == [.more(1), .line])
    }

    /// Nothing more is printed once the room is used up, however long the learner reads.
    @Test func aTextHasItsRoom() {
        var story = QuietStory()
        #expect(story.begin(room: 3) == [])
        let lines = (0..<50).map { (Int64($0) * 1000, "← chip  text \"\($0)\"") }
        #expect(told(lines, &story).flatMap { $0 } == [.line, .line, .line])
        let now = Instant(nanoseconds: 50_000_000_000)
        #expect(story.take("← chip  header refused\n  ! Not sent.", at: now, .explained) == [])
        #expect(story.take("· power    on", at: now, .bench) == [.more(48), .line])
        #expect(told([(51_000, "← chip  text \"50\"")], &story) == [[]])
        #expect(story.begin() == [.more(1)])
        #expect(told([(52_000, "← chip  text \"51\"")], &story) == [[.line]])
    }

    /// A count of left-out lines takes room, too.
    @Test func countsHaveTheirRoom() {
        var story = QuietStory()
        _ = story.begin(room: 3)
        let all = told((0..<60).map { (Int64($0) * 1000, "→ chip  sync word") }, &story).flatMap { $0 }
        #expect(all.count == 3 && all.first == .line)
    }

    /// A command's own lines are seen, even in a torrent.
    @Test func aCommandEndsATorrent() {
        var story = QuietStory()
        _ = told((0..<100).map { (Int64($0), "← chip  text \"\($0)\"") }, &story)
        #expect(story.begin() == [.more(84)])
        #expect(told([(100, "→ chip  sync word")], &story) == [[.line]])
    }
}
