package import Line
import Wire
import Words

extension FaultChoice {
    /// As a scenario's list and the command line have it: `drop: {at: {block: 3}}`.
    package var text: String {
        var pairs: [String] = []
        if let direction { pairs.append("direction: \(direction.name)") }
        if let aim { pairs.append("at: {\(aim.step.rawValue): \(aim.count)}") }
        for parameter in FaultRegistry.summaries.first(where: { $0.name == name })?.parameters ?? [] {
            guard let value = values[parameter.name] else { continue }
            let text = parameter.unit.text(value)
            // Six digits may look like a number to other readers of YAML, 2040E8 even like a very large one.
            pairs.append("\(parameter.name): \(parameter.unit == .flashID ? "\"\(text)\"" : text)")
        }
        return pairs.isEmpty ? name : "\(name): {\(pairs.joined(separator: ", "))}"
    }

    /// What logs, traces and reports call each of some faults, in their order: by name and aim, and as a list has it where
    /// another fault has the same name and aim and is not the same.
    package static func labels(_ choices: [FaultChoice]) -> [String] {
        choices.map { choice in
            let isAlone = choices.allSatisfy { $0.label != choice.label || $0 == choice }
            return isAlone ? choice.label : choice.text
        }
    }

    /// Labels as a report lists them: each once, with how many there are of it.
    package static func counted(_ labels: [String]) -> [String] {
        var counts: [(label: String, count: Int)] = []
        for label in labels {
            if let index = counts.firstIndex(where: { $0.label == label }) {
                counts[index].count += 1
            } else {
                counts.append((label, 1))
            }
        }
        return counts.map { $0.count == 1 ? $0.label : "\($0.label) (\($0.count) times)" }
    }
}

extension FaultParameter.Unit {
    /// A value as a file has it, in the largest unit that divides it.
    package func text(_ value: Int) -> String {
        switch self {
        case .milliseconds: Dimension.time.text(value * 1_000_000)
        case .partsPerMillion: Dimension.partPerMillion.text(value)
        case .thousandths: Dimension.part.text(value)
        case .characters, .lines, .times, .level, .bit: "\(value)"
        case .address, .mask: "0x\(String(value, radix: 16, uppercase: true))"
        case .bytes: Dimension.size.text(value)
        case .flashID: Self.sixDigits(value)
        }
    }

    private static func sixDigits(_ value: Int) -> String {
        let digits = String(value & 0xFF_FFFF, radix: 16, uppercase: true)
        return String(repeating: "0", count: 6 - digits.count) + digits
    }
}
