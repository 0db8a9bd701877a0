package import Line
package import Scenarios
import Words

/// What a learner types at a lesson's prompt, and what a solution is written in.
package enum LessonCommand: Hashable, Sendable {
    case plug(Hookup.Wire, Hookup.Pad)
    case unplug(Hookup.Wire)
    /// In millivolts: one of `Hookup.adapterLevels`.
    case adapter(Millivolts)
    case power(PowerButton)
    /// A pulse on RESET_B.
    case reset
    /// A fault of the line, by its name, begins or ends.
    case fault(String, isOn: Bool)
    /// Time passes.
    case wait(Duration)
    /// The port is opened at 115200 baud, and what comes is printed, for so long.
    case listen(Duration)
    /// Our own flasher begins; it runs while the next commands are given.
    case flash(FlashTask)
    /// Waits until the flasher, or the listening, has ended.
    case done
    /// Answers the question at the end, from 1.
    case answer(Int)

    package enum PowerButton: String, Hashable, Sendable, CaseIterable {
        case on
        case off
        case cycle
    }
}

/// What our own flasher is asked to do in a lesson.
package enum FlashTask: Hashable, Sendable {
    case info
    /// Under a name; nil for the usual one.
    case backup(String?)
    case write
    case verify
    case restore(String?)
    /// The application's sectors, or the whole chip.
    case erase(all: Bool)
}

extension LessonCommand {
    /// Why a line is no command, in a sentence without a full stop.
    package struct Problem: Error, Hashable, Sendable, CustomStringConvertible {
        package var description: String
    }

    /// How each is written, in the order in which a list has them.
    package static let forms = [
        "plug WIRE PAD", "unplug WIRE", "adapter 1.8|3.3|5", "power on|off|cycle", "reset", "fault NAME on|off",
        "wait 0.5 s",
        "listen 3 s", "flash info|backup [FILE]|write|verify|restore [FILE]|erase [all]", "done", "answer N",
    ]

    /// The words that they begin with.
    package static let verbs = [
        "plug", "unplug", "adapter", "power", "reset", "fault", "wait", "listen", "flash", "done", "answer",
        // As lessons call it.
        "pull",
    ]
    private static let tasks = ["info", "backup", "write", "verify", "restore", "erase"]
    /// The longest line that is looked at, in bytes.
    package static let longestLine = 1024
    private static let longestWait = Duration.seconds(3600)
    private static let mostChoices = 9

    /// Reads one as it is typed. - Throws: `Problem`.
    package init(parsing line: String) throws(Problem) {
        guard line.utf8.count <= Self.longestLine, let words = shellWords(of: line),
            let typed = words.first?.lowercased()
        else {
            throw Problem(description: "\(quotedExcerpt(line)) is no command")
        }
        // Both words are in use.
        let verb = typed == "pull" ? "unplug" : typed
        // Pads are written in capitals on boards.
        let isSpelt = ["plug", "unplug", "power", "fault"].contains(verb)
        let rest = words.dropFirst().map { isSpelt ? $0.lowercased() : $0 }
        func word(_ place: Int, _ what: String) throws(Problem) -> String {
            guard place < rest.count else {
                throw Problem(description: "\(verb) needs \(what): \(Self.form(of: verb))")
            }
            return rest[place]
        }
        func end(_ count: Int) throws(Problem) {
            guard rest.count > count else { return }
            throw Problem(
                description: "\(quotedExcerpt(rest[count])) is one word too many: \(Self.form(of: verb))")
        }
        switch verb {
        case "plug":
            self = .plug(
                try Self.known(word(0, "a wire"), "wire", Hookup.Wire.init, Hookup.Wire.allCases.map(\.rawValue)),
                try Self.known(word(1, "a pad"), "pad", Hookup.Pad.init, Hookup.Pad.allCases.map(\.rawValue)))
            try end(2)
        case "unplug":
            self = .unplug(
                try Self.known(word(0, "a wire"), "wire", Hookup.Wire.init, Hookup.Wire.allCases.map(\.rawValue)))
            try end(1)
        case "adapter":
            self = .adapter(try Self.level(word(0, "a level")))
            try end(rest.last == "V" ? 2 : 1)
        case "power":
            let buttons = PowerButton.allCases.map(\.rawValue)
            self = .power(try Self.known(word(0, "a word"), "way to switch it", PowerButton.init, buttons))
            try end(1)
        case "reset":
            self = .reset
            try end(0)
        case "fault":
            let names = Hookup.faults.map(\.name)
            let name = try Self.known(
                word(0, "a fault"), "fault of a running line", { names.contains($0) ? $0 : nil }, names)
            let isOn = try Self.known(
                word(1, "on or off"), "word for that", { ["on": true, "off": false][$0] }, ["on", "off"])
            self = .fault(name, isOn: isOn)
            try end(2)
        case "wait", "listen":
            let time = try Self.time(try word(0, "a time") + " " + (rest.count > 1 ? rest[1] : ""), verb)
            self = verb == "wait" ? .wait(time) : .listen(time)
            try end(2)
        case "flash":
            self = .flash(try Self.task(try word(0, "a task").lowercased(), rest.count > 1 ? rest[1] : nil))
            try end(2)
        case "done":
            self = .done
            try end(0)
        case "answer":
            let text = try word(0, "a number")
            guard let number = Int(text), (1...Self.mostChoices).contains(number) else {
                throw Problem(description: "\(quotedExcerpt(text)) is no number of an answer; the first is 1")
            }
            self = .answer(number)
            try end(1)
        default:
            throw Problem(
                description: "\(quotedExcerpt(verb)) is no command" + Nearest.advice(for: verb, among: Self.verbs))
        }
    }

    private static func form(of verb: String) -> String {
        forms.first { $0 == verb || $0.hasPrefix("\(verb) ") } ?? verb
    }

    private static func known<Value>(
        _ text: String, _ what: String, _ make: (String) -> Value?, _ words: [String]
    ) throws(Problem) -> Value {
        guard let value = make(text) else {
            throw Problem(description: "\(quotedExcerpt(text)) is no \(what)" + Nearest.advice(for: text, among: words))
        }
        return value
    }

    private static func level(_ text: String) throws(Problem) -> Millivolts {
        let levels: [String: Millivolts] = [
            "1.8": 1800, "3.3": 3300, "5": 5000, "5.0": 5000, "1.8V": 1800, "3.3V": 3300, "5V": 5000,
        ]
        guard let level = levels[text] else {
            throw Problem(
                description: "the adapter's levels are 1.8, 3.3 and 5 V; \(quotedExcerpt(text)) is not one of them")
        }
        return level
    }

    private static func time(_ text: String, _ verb: String) throws(Problem) -> Duration {
        let number = text.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
        let unit = text.dropFirst(number.count).filter { $0 != " " }
        let parts = number.split(separator: ".", omittingEmptySubsequences: false)
        let isNumber = (1...2).contains(parts.count) && parts.allSatisfy { (1...9).contains($0.count) }
        let milliseconds = ["": 1000, "s": 1000, "ms": 1, "min": 60_000][unit]
        guard isNumber, let milliseconds, let whole = Int64(parts[0]),
            let fraction = parts.count > 1 ? Int64(parts[1].prefix(3) + "000".dropFirst(parts[1].count)) : 0
        else {
            throw Problem(description: "\(quotedExcerpt(text)) is no time: \(form(of: verb))")
        }
        let time = Duration.milliseconds(whole * Int64(milliseconds) + fraction * Int64(milliseconds) / 1000)
        guard time <= longestWait else { throw Problem(description: "an hour is the longest") }
        return time
    }

    private static func task(_ name: String, _ rest: String?) throws(Problem) -> FlashTask {
        switch (name, rest) {
        case ("info", nil): return .info
        case ("backup", _): return .backup(rest)
        case ("write", nil): return .write
        case ("verify", nil): return .verify
        case ("restore", _): return .restore(rest)
        case ("erase", nil): return .erase(all: false)
        case ("erase", "all"): return .erase(all: true)
        case (_, let rest?) where tasks.contains(name):
            throw Problem(description: "\(quotedExcerpt(rest)) is one word too many: \(form(of: "flash"))")
        default:
            throw Problem(
                description: "\(quotedExcerpt(name)) is nothing that the flasher does"
                    + Nearest.advice(for: name, among: tasks))
        }
    }
}

extension LessonCommand: CustomStringConvertible {
    /// As it is typed.
    package var description: String {
        switch self {
        case .plug(let wire, let pad): "plug \(wire.rawValue) \(pad.rawValue)"
        case .unplug(let wire): "unplug \(wire.rawValue)"
        case .adapter(let level): "adapter \(level / 1000)" + (level % 1000 == 0 ? "" : ".\(level % 1000 / 100)")
        case .power(let button): "power \(button.rawValue)"
        case .reset: "reset"
        case .fault(let name, let isOn): "fault \(name) \(isOn ? "on" : "off")"
        case .wait(let time): "wait \(Self.text(time))"
        case .listen(let time): "listen \(Self.text(time))"
        case .flash(let task): "flash \(task)"
        case .done: "done"
        case .answer(let number): "answer \(number)"
        }
    }

    private static func text(_ time: Duration) -> String {
        let milliseconds = time.wholeNanoseconds / 1_000_000
        return milliseconds % 1000 == 0 ? "\(milliseconds / 1000) s" : "\(milliseconds) ms"
    }
}

extension FlashTask: CustomStringConvertible {
    /// As it is typed.
    package var description: String {
        switch self {
        case .info: "info"
        case .backup(let file): "backup" + (file.map { " " + shellWord($0) } ?? "")
        case .write: "write"
        case .verify: "verify"
        case .restore(let file): "restore" + (file.map { " " + shellWord($0) } ?? "")
        case .erase(let isAll): isAll ? "erase all" : "erase"
        }
    }
}
