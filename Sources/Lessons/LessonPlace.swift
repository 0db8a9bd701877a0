import Line
import Scenarios

/// Where somebody takes a lesson: it decides what the same command is called.
package enum LessonPlace: Hashable, Sendable {
    /// At a terminal, where commands are typed.
    case prompt
    /// At the bench in the browser, where there are plugs and buttons.
    case page

    /// More at once would be no hint.
    private static let mostCommands = 8
    /// Nobody counts the time between two clicks: a solution waits so that it is the same each time.
    private static let leastWait = Duration.seconds(1)

    /// How a paragraph begins that is for this place alone.
    private var head: String { self == .page ? "In the browser, " : "At the terminal, " }

    /// A text as it is read here: without the paragraphs that are for the other place, and without the words that say for which
    /// place one is.
    package func text(_ markdown: String) -> String {
        let other: LessonPlace = self == .page ? .prompt : .page
        var paragraphs: [Substring] = []
        for paragraph in markdown.split(separator: "\n\n").map(Self.withoutComment)
        where !paragraph.hasPrefix(other.head) {
            guard paragraph.hasPrefix(head) else {
                paragraphs.append(paragraph)
                continue
            }
            let rest = paragraph.dropFirst(head.count)
            paragraphs.append(rest.prefix(1).uppercased() + rest.dropFirst())
        }
        return paragraphs.joined(separator: "\n\n")
    }

    /// Where a fact comes from stands before the paragraph.
    private static func withoutComment(_ paragraph: Substring) -> Substring {
        guard paragraph.hasPrefix("<!--"), let end = paragraph.firstRange(of: "-->") else { return paragraph }
        return paragraph[end.upperBound...].drop { $0.isWhitespace }
    }

    /// What exactly to do, in a sentence; nil for nothing, and for more than a sentence takes.
    package func advice(_ solution: [LessonCommand]) -> String? {
        var commands = solution.filter { command in
            if case .wait(let time) = command { time >= Self.leastWait } else { true }
        }
        // There, a button that cannot be pressed says that something still runs.
        if self == .page, commands.first == .done { commands.removeFirst() }
        guard (1...Self.mostCommands).contains(commands.count) else { return nil }
        let words = commands.map(words).joined(separator: ", then ")
        return self == .prompt ? "Type \(words)." : "\(words.prefix(1).uppercased())\(words.dropFirst())."
    }

    /// Wires by their names here.
    func words(_ wires: [Hookup.Wire]) -> String {
        wires.map { self == .page ? $0.label : "`\($0.rawValue)`" }.joined(separator: ", ")
    }

    private func words(_ command: LessonCommand) -> String {
        guard self == .page else { return "`\(command)`" }
        return switch command {
        case .plug(let wire, let pad): "plug \(wire.label) onto \(pad.label)"
        case .unplug(let wire): "pull \(wire.label) off"
        case .adapter(let level): "set the adapter to \(level / 1000).\(level % 1000 / 100) V"
        case .power(.on): "switch the supply on"
        case .power(.off): "switch the supply off"
        case .power(.cycle): "switch the supply off and on again"
        case .reset: "press the reset button"
        case .fault(let name, let isOn): "switch the fault \(name) \(isOn ? "on" : "off")"
        case .wait: "\(command)"
        case .listen: "start “listen for 10 s” in the list of the built-in flasher"
        case .flash(let task): "start the built-in flasher with “\(task.label)”"
        case .done: "wait until it has ended"
        case .answer(let number): "choose answer \(number)"
        }
    }
}

extension Hookup.Wire {
    /// As the bench in the browser calls it.
    fileprivate var label: String {
        switch self {
        case .adapterTX: "the adapter's TX"
        case .adapterRX: "the adapter's RX"
        case .adapterGround: "the adapter's GND"
        case .adapterRTS: "the adapter's RTS"
        case .supplyGround: "the supply's GND"
        case .supplyPlus: "the supply's 3.3 V"
        }
    }
}

extension Hookup.Pad {
    /// Likewise.
    fileprivate var label: String { self == .supply ? "3.3 V" : rawValue.uppercased() }
}

extension FlashTask {
    /// As the list of the built-in flasher's tasks calls it there.
    fileprivate var label: String {
        switch self {
        case .info: "identify the flash"
        case .backup: "back up"
        case .write: "write the image"
        case .verify: "verify the image"
        case .restore: "restore the back-up"
        case .erase: "erase"
        }
    }
}
