import Faults
import Line
import Wire
import Words

/// `faults:`, what is wrong besides: a list of names, each with its numbers.
extension FaultChoice {
    /// Each is asked about each run.
    package static let mostInList = 1000

    /// Reads one as the command line has it, which is as a list has it: `open-wire`, or
    /// `drop: {direction: host-to-chip, at: {block-ack: 3}}`. - Throws: `FileProblem`.
    package init(parsing text: String) throws(FileProblem) {
        guard text.contains(where: { !$0.isWhitespace }) else {
            throw FileProblem(file: "--fault", line: 0, key: "", message: "there is no fault's name")
        }
        try self.init(YAMLReader.value(of: Array(text.utf8), file: "--fault"))
    }

    static func list(_ value: YAMLValue) throws(FileProblem) -> [FaultChoice] {
        if case .list(let items) = value.content, items.isEmpty { return [] }
        let items = try value.list()
        guard items.count <= mostInList else {
            throw value.problem("these are \(items.count) faults; at most \(mostInList) are allowed")
        }
        var choices: [FaultChoice] = []
        for item in items { choices.append(try FaultChoice(item)) }
        return choices
    }

    private init(_ value: YAMLValue) throws(FileProblem) {
        guard case .section(let entries) = value.content else {
            try self.init(name: value, settings: nil)
            return
        }
        guard entries.count == 1, let entry = entries.first else {
            throw value.problem("a fault is one name with what belongs to it below, like \"- drop: {at: {eot: 1}}\"")
        }
        let name = YAMLValue(
            file: entry.value.file, line: entry.value.line, key: value.key, content: .text(entry.key))
        try self.init(name: name, settings: entry.value)
    }

    private init(name: YAMLValue, settings: YAMLValue?) throws(FileProblem) {
        let summaries = FaultRegistry.summaries
        let word = try name.text()
        guard let summary = summaries.first(where: { $0.name == word }) else {
            throw name.problem(
                "\(quotedExcerpt(word)) is no fault" + Nearest.advice(for: word, among: summaries.map(\.name)))
        }
        self.init(word)
        var keys = summary.parameters.map(\.name)
        if summary.takesDirection { keys.append("direction") }
        if summary.takesAim { keys.append("at") }
        guard let section = try settings?.section(keys) else {
            if summary.takesAim { throw name.problem("say at which step, like \"\(word): {at: {block-ack: 3}}\"") }
            return
        }
        direction = try section.optional("direction").map { value throws(FileProblem) in
            try value.direction()
        }
        if summary.takesAim { aim = try section.value("at").aim(direction) }
        for parameter in summary.parameters {
            guard let value = section.optional(parameter.name) else { continue }
            values[parameter.name] = try value.value(of: parameter)
        }
    }
}

extension YAMLValue {
    /// `{block-ack: 3}`, or `block-ack` for the first.
    fileprivate func aim(_ direction: Direction?) throws(FileProblem) -> Aim {
        guard case .section(let entries) = content else { return Aim(try word(Step.self), direction: direction) }
        guard entries.count == 1, let entry = entries.first else {
            throw problem("it is aimed at one step, like {block-ack: 3}")
        }
        let name = YAMLValue(file: file, line: entry.value.line, key: key, content: .text(entry.key))
        return Aim(
            try name.word(Step.self), count: try entry.value.number(in: 1...Aim.mostCount), direction: direction)
    }
}
