import Faults
import Lessons
import Line
import Scenarios
import Words

/// `bench:`, what a lesson begins with.
extension YAMLValue {
    func lessonBench() throws(FileProblem) -> LessonBench {
        let section = try section(LessonFile.benchKeys)
        var bench = LessonBench()
        let board = try section.optional("board")?.word(among: Catalogue.boardNames)
        bench.board = try Catalogue.board(board ?? LessonFile.usualBoard)
        if let value = section.optional("wires") { bench.hookup = try value.hookup() }
        if let value = section.optional("adapter") { bench.hookup.adapterLevel = try value.adapterLevel() }
        if let value = section.optional("supply") { bench.hookup.isSupplyOn = try value.isOn() }
        if let value = section.optional("flash") { bench.contents = try value.word() }
        if let value = section.optional("faults") {
            bench.hookup.switchedOn = try value.switchableFaults().map { FaultChoice($0) }
        }
        if let value = section.optional("seed") { bench.seed = UInt64(try value.number(in: 1...1_000_000)) }
        return bench
    }

    /// `wired`, `loose`, or wires and their pads.
    private func hookup() throws(FileProblem) -> Hookup {
        if case .text = content { return try word(among: ["wired", "loose"]) == "wired" ? .wired : .loose }
        var hookup = Hookup.loose
        for (wire, pad) in try wires() { hookup[wire] = pad }
        return hookup
    }

    /// Wires and what they are on; `loose` for none.
    func wires() throws(FileProblem) -> [(wire: Hookup.Wire, pad: Hookup.Pad?)] {
        let section = try section(Hookup.Wire.allCases.map(\.rawValue))
        var wires: [(wire: Hookup.Wire, pad: Hookup.Pad?)] = []
        for wire in Hookup.Wire.allCases {
            guard let value = section.optional(wire.rawValue) else { continue }
            let name = try value.word(among: Hookup.Pad.allCases.map(\.rawValue) + ["loose"])
            wires.append((wire, Hookup.Pad(rawValue: name)))
        }
        guard !wires.isEmpty else { throw problem("there is no wire") }
        return wires
    }

    /// One of those that an adapter's switch has.
    func adapterLevel() throws(FileProblem) -> Millivolts {
        let level = Millivolts(try quantity(.voltage, in: 0...6000))
        guard Hookup.adapterLevels.contains(level) else {
            throw problem("an adapter's level is one of 1.8 V, 3.3 V, 5 V")
        }
        return level
    }

    func isOn() throws(FileProblem) -> Bool { try word(among: ["on", "off"]) == "on" }

    /// Names of faults that can be switched while a line runs; there may be none.
    func switchableFaults() throws(FileProblem) -> [String] {
        if case .list(let items) = content, items.isEmpty { return [] }
        return try each { item throws(FileProblem) in try item.word(among: Hookup.faults.map(\.name)) }
    }
}
