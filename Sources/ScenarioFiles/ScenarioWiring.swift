import Line
import Scenarios
import Words

/// `wiring:`, whether the grounds are joined, and how an adapter below the chip's level is lifted.
extension YAMLValue {
    static let wiringKeys = ["ground", "floating", "rail"]
    static let floatingKeys = [
        "mains", "amplitude", "diode", "own-coupling", "other-coupling", "coupling-time", "noise",
    ]
    static let railKeys = ["lift", "sag", "recovery"]
    static let groundWords = ["joined", "floating"]

    func read(wiring scenario: inout Scenario) throws(FileProblem) {
        let section = try section(Self.wiringKeys)
        let floating = section.optional("floating")
        let model = try floating.map { value throws(FileProblem) in try FloatingGround(value) } ?? FloatingGround()
        scenario.ground =
            try section.optional("ground").map { value throws(FileProblem) in
                try value.ground(model)
            } ?? .joined
        if let floating, scenario.ground == .joined {
            throw floating.problem("this ground is joined; say \"ground: floating\" or \"ground: joined-after 2 s\"")
        }
        guard let rail = section.optional("rail") else { return }
        if case .text = rail.content {
            _ = try rail.word(among: ["none"])
            scenario.rail = nil
        } else {
            scenario.rail = try ClampRail(rail)
        }
    }

    /// `joined`, `floating`, or `joined-after 2 s`.
    private func ground(_ model: FloatingGround) throws(FileProblem) -> Ground {
        let text = try text()
        let joining = "joined-after"
        if text.hasPrefix("\(joining) ") {
            let time = YAMLValue(
                file: file, line: line, key: key,
                content: .text(String(text.dropFirst(joining.count).drop { $0 == " " })))
            return .joinedAfter(
                .zero.advanced(by: try time.duration(in: .milliseconds(1)...(.seconds(3600)))), model)
        }
        switch text {
        case "joined": return .joined
        case "floating": return .floating(model)
        default:
            throw problem(
                "\(quotedExcerpt(text)) is not known here; it is joined, floating, or a time as in \"\(joining) 2 s\"")
        }
    }
}

extension FloatingGround {
    fileprivate init(_ value: YAMLValue) throws(FileProblem) {
        self.init()
        let section = try value.section(YAMLValue.floatingKeys)
        if let value = section.optional("mains") {
            mainsMillihertz = Int64(try value.quantity(.frequency, in: 1...1000)) * 1000
        }
        if let value = section.optional("amplitude") {
            openAmplitude = try value.quantity(.voltage, in: 0...1_000_000)
        }
        if let value = section.optional("diode") { diodeDrop = try value.quantity(.voltage, in: 0...2000) }
        if let value = section.optional("own-coupling") { ownCoupling = try value.quantity(.part, in: 0...1000) }
        if let value = section.optional("other-coupling") { otherCoupling = try value.quantity(.part, in: 0...1000) }
        if let value = section.optional("coupling-time") {
            couplingTime = Int64(try value.quantity(.time, in: 1...1_000_000_000))
        }
        if let value = section.optional("noise") { noise = try value.quantity(.voltage, in: 0...5000) }
    }
}

extension ClampRail {
    fileprivate init(_ value: YAMLValue) throws(FileProblem) {
        self.init()
        let section = try value.section(YAMLValue.railKeys)
        if let value = section.optional("lift") { lift = try value.quantity(.voltage, in: 0...3300) }
        if let value = section.optional("sag") { sagTime = Int64(try value.quantity(.time, in: 1000...10_000_000_000)) }
        if let value = section.optional("recovery") {
            recoveryTime = Int64(try value.quantity(.time, in: 1000...10_000_000_000))
        }
    }
}
