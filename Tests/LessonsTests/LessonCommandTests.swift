import Line
import Scenarios
import Testing

import Lessons

/// What a learner types.
@Suite struct LessonCommandTests {
    @Test(arguments: [
        ("plug adapter-gnd gnd", LessonCommand.plug(.adapterGround, .ground)),
        ("unplug supply-3v3", .unplug(.supplyPlus)), ("adapter 1.8", .adapter(1800)), ("adapter 5", .adapter(5000)),
        ("power cycle", .power(.cycle)), ("reset", .reset), ("fault loose-wire on", .fault("loose-wire", isOn: true)),
        ("wait 500 ms", .wait(.milliseconds(500))), ("listen 3 s", .listen(.seconds(3))), ("flash info", .flash(.info)),
        ("flash backup", .flash(.backup(nil))), ("flash backup first.bin", .flash(.backup("first.bin"))),
        ("flash restore 'my file'", .flash(.restore("my file"))), ("flash erase all", .flash(.erase(all: true))),
        ("flash erase", .flash(.erase(all: false))), ("done", .done), ("answer 2", .answer(2)),
    ])
    func isReadAndWritten(line: String, command: LessonCommand) throws {
        #expect(try LessonCommand(parsing: line) == command)
        #expect(command.description == line)
    }

    @Test(arguments: [
        ("pull adapter-tx", LessonCommand.unplug(.adapterTX)), ("flash INFO", .flash(.info)),
        ("adapter 3.3 V", .adapter(3300)),
        ("adapter 3.3V", .adapter(3300)),
        ("wait 0.5 s", .wait(.milliseconds(500))),
        ("wait 2", .wait(.seconds(2))), ("listen 1.25s", .listen(.milliseconds(1250))), ("  power   on ", .power(.on)),
    ])
    func otherSpellings(line: String, command: LessonCommand) throws {
        #expect(try LessonCommand(parsing: line) == command)
    }

    @Test(arguments: [
        ("pull", "unplug needs a wire: unplug WIRE"),
        ("plugg adapter-gnd gnd", "did you mean \"plug\""), ("plug adapter-gmd gnd", "did you mean \"adapter-gnd\""),
        ("plug adapter-gnd gpio7", "is no pad"), ("plug adapter-gnd", "plug needs a pad: plug WIRE PAD"),
        ("plug adapter-gnd gnd gnd", "one word too many"),
        ("adapter 12", "the adapter's levels are 1.8, 3.3 and 5 V; \"12\" is not one of them"),
        ("power onn", "did you mean \"on\""), ("fault loose-wir on", "did you mean \"loose-wire\""),
        ("fault loose-wire maybe", "is no word for that"), ("wait", "wait needs a time"), ("wait soon", "is no time"),
        ("wait 2 hours", "is no time"), ("wait 99999999 min", "an hour is the longest"),
        ("flash", "flash needs a task"),
        ("flash bakup", "did you mean \"backup\""), ("flash info now", "one word too many"),
        ("answer 0", "is no number"),
        ("", "is no command"), ("flash 'info", "is no command"),
    ])
    func whatIsWrongIsSaid(line: String, complaint: String) {
        #expect {
            try LessonCommand(parsing: line)
        } throws: { error in
            "\(error)".contains(complaint)
        }
    }

    /// No line makes it crash.
    @Test func anyLineIsTakenOrRefused() {
        var generator = SplitMix64(seed: 1)
        let words = [
            "plug", "wait", "adapter", "flash", "answer", "1.", ".5", "999999999.999999999", "s", "-1", "'", "\\", "é",
            "on",
        ]
        for _ in 0..<2000 {
            let line = (0..<Int(generator.next(below: 5))).map { _ in
                words[Int(generator.next(below: UInt64(words.count)))]
            }
            _ = try? LessonCommand(parsing: line.joined(separator: " "))
        }
    }
}
