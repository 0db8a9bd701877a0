import Words

/// From what a flasher saw to the class of causes that fits: the likely ones in order, each with its cure, and the one
/// check that tells them apart.
///
/// It is a guess with reasons. Many causes are one and the same silence to a host.
package struct Diagnosis: Hashable, Sendable {
    package var causeClass: CauseClass
    /// What it rests on.
    package var observations: Observations

    package init(_ observations: Observations) {
        self.observations = observations
        causeClass = Self.rows.first { $0.fits(observations) }?.causeClass ?? .damagedAnswers
    }

    package var causes: [Cause] { causeClass.causes }

    /// Class, the first two causes with their cures, the names of the others, the check: a line each.
    package var lines: [String] {
        let place = observations.stoppedAt.map { ", in the write at \(hex($0))" } ?? ""
        var lines = ["Diagnosis: \(causeClass.summary)\(place)."]
        lines += zip(1..., causes.prefix(2)).map { number, cause in
            "\(number). Perhaps \(cause.remedy.cause). \(cause.remedy.cure)"
        }
        let others = causes.dropFirst(2).map(\.remedy.cause)
        if !others.isEmpty { lines.append("Or: \(others.joined(separator: "; ")).") }
        if let check = causeClass.check { lines.append("Check: \(check)") }
        return lines
    }
}

// MARK: - The table

extension Diagnosis {
    /// Which observations mean which class. What a row does not name may be anything.
    private struct Row {
        var causeClass: CauseClass
        var trouble: Observations.Trouble?
        var stages: [Observations.Stage]?
        var sounds: [ByteTally.Sound]?
        /// One of them is enough.
        var signs: [Observations.Sign]?

        init(
            _ causeClass: CauseClass, trouble: Observations.Trouble? = nil, stages: [Observations.Stage]? = nil,
            sounds: [ByteTally.Sound]? = nil, signs: [Observations.Sign]? = nil
        ) {
            self.causeClass = causeClass
            self.trouble = trouble
            self.stages = stages
            self.sounds = sounds
            self.signs = signs
        }

        func fits(_ seen: Observations) -> Bool {
            (trouble.map { $0 == seen.trouble } ?? true)
                && (stages?.contains(seen.stage) ?? true)
                && (sounds?.contains(seen.heard.sound) ?? true)
                && (signs?.contains { seen.count(of: $0) > 0 } ?? true)
        }
    }

    /// The first row that fits decides. What no row names is an answer that came damaged.
    private static let rows = [
        Row(.portGone, trouble: .port),
        Row(.flashUnidentified, trouble: .flash, stages: [.connecting, .starting]),
        Row(.flashUnidentified, stages: [.connecting, .starting], sounds: [.flashComplaint]),
        Row(.flashTrouble, trouble: .flash),
        Row(.flashTrouble, signs: [.flashError]),

        Row(.refusal, stages: [.connecting], sounds: [.nothing], signs: [.refusedCommand]),
        Row(.silence, stages: [.connecting], sounds: [.nothing]),
        Row(.echo, stages: [.connecting, .starting], sounds: [.echo]),
        Row(.rateLost, stages: [.changingBaud]),
        Row(.rateLost, signs: [.unprovenRate]),
        Row(.text, stages: [.connecting, .starting], sounds: [.text]),
        Row(.garbage, stages: [.connecting, .starting], sounds: [.garbage]),

        Row(.lostAcknowledgements, stages: [.reading], signs: [.repeatedBlock, .cancelled]),
        Row(.lostBlocks, stages: [.starting, .writing], signs: [.refusedBlock, .lostBlock]),
        Row(.silentStub, stages: [.starting], sounds: [.nothing]),
        Row(.silenceAfterSync, signs: [.gone]),
        Row(.fewBytes, sounds: [.fewBytes]),
        Row(.damagedAnswers, signs: [.damagedAnswer, .unseenDamage]),
        Row(.refusal, sounds: [.nothing], signs: [.refusedCommand]),
        Row(.silenceAfterSync, sounds: [.nothing]),
    ]
}
