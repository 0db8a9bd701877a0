import Emulator
import Line
import Testing

/// The logs that applications speak.
@Suite struct ApplicationLogTests {
    @Test func linesComeAtTheirTimes() throws {
        let log = try ApplicationLog(parsing: Array("# a remark\n120 hello\n\n35 you there\r\n0 done\n".utf8))
        var tested = ChipUnderTest.booting {
            $0.start = .app
            $0.applicationLog = log
        }
        tested.run(for: .seconds(1))
        let start = Instant.zero.advanced(by: ChipTiming.wire.powerUp + ChipTiming.wire.romToUBoot)
        #expect(tested.runs.map(\.text) == ["hello\r\n", "you there\r\n", "done\r\n"])
        #expect(tested.runs[0].start == start.advanced(by: .milliseconds(120)))
        #expect(tested.runs[1].start == start.advanced(by: .milliseconds(155)))
    }

    /// A host that talks to it changes nothing.
    @Test func itDoesNotListen() throws {
        let log = try ApplicationLog(parsing: Array("500 one\n500 two\n".utf8))
        var tested = ChipUnderTest.booting {
            $0.start = .app
            $0.applicationLog = log
        }
        for _ in 0..<60 { tested.give(BootProtocolTests.sync); tested.run(for: .milliseconds(50)) }
        #expect(tested.runs.map(\.text) == ["one\r\n", "two\r\n"])
    }

    @Test(arguments: ["tuya", "openbeken"])
    func whatComesWithTheProgramCanBeRead(name: String) throws {
        let log = try #require(ApplicationLog.named(name))
        #expect(log.lines.count > 8)
        #expect(log.lines.allSatisfy { $0.characters.allSatisfy { $0 < 0x7F } })
    }

    @Test(arguments: [
        ("hello", 1, "expected milliseconds"), ("10 a\n-5 b", 2, "expected milliseconds"), ("10", 1, "expected"),
        ("99999999999999999999 x", 1, "expected"), ("600001 x", 1, "more than"),
        ("1 " + String(repeating: "x", count: 257), 1, "bytes"),
        (String(repeating: "1 x\n", count: 2001), 2001, "at most"),
    ])
    func whatIsNoLogIsRefused(text: String, line: Int, reason: String) {
        #expect {
            try ApplicationLog(parsing: Array(text.utf8))
        } throws: { error in
            guard let problem = error as? ApplicationLog.Problem else { return false }
            return problem.line == line && problem.description.contains(reason)
        }
    }
}
