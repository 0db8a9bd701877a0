import Emulator
import Faults
import Flasher
import Images
import Line
import Scenarios
import Wire

@testable import ScenarioFiles

/// Scenarios of any kind whose numbers are within what a file may say.
struct RandomScenario {
    private var generator: SplitMix64

    init(seed: UInt64) {
        generator = SplitMix64(seed: seed)
    }

    mutating func next() throws -> Scenario {
        var scenario = Scenario(name: name(), about: about())
        if coin(), let board = pick(Catalogue.boardNames) { scenario.apply(try Catalogue.board(board)) }
        if coin() { changeChip(&scenario) }
        if coin(), let kind = pick(Adapter.Kind.allCases) {
            scenario.adapter = Adapter(kind, level: pick([1800, 3300, 5000]) ?? 3300)
            // Ascending, so that none is asked for twice.
            var asked = 299
            for _ in 0..<number(0...3) {
                asked += number(1...2_000_000)
                scenario.adapter?.wrongRates.append(.init(asked: asked, made: number(300...10_000_000)))
            }
        }
        scenario.ground = ground()
        scenario.rail = rail()
        scenario.power = power()
        if coin() { scenario.chip.powerRamp = .nanoseconds(number(0...60_000_000_000)) }
        scenario.faults = faults()
        scenario.host = host()
        scenario.expectation = expectation()
        return scenario
    }

    // MARK: Parts

    /// Words that YAML takes for something else are among them.
    private mutating func name() -> String {
        if number(0...9) == 0 { return pick(["no", "Off", "null", "-", "--", "1", "1e3", "y", "_", "0x10"]) ?? "a" }
        let letters = Array("abcdefghijklmnopqrstuvwxyzABCXYZ0123456789-_")
        return String((0..<number(1...40)).map { _ in letters[number(0...(letters.count - 1))] })
    }

    /// What a reader makes of any text: words with one space between, paragraphs with one empty line between.
    private mutating func about() -> String {
        let words = [
            "power", "- late", "#", "&anchor", "*alias*", "R&D", "\"quoted\"", "back\\slash", "a:", "{b}", "[c",
            "---", "...", "µs", "'", "%", "日本", "| >",
        ]
        let paragraphs = (0..<number(0...3)).map { _ in
            (0..<number(1...12)).map { _ in pick(words) ?? "" }.joined(separator: " ")
        }
        return paragraphs.joined(separator: "\n\n")
    }

    private mutating func changeChip(_ scenario: inout Scenario) {
        scenario.chip.start = pick(ChipSettings.Start.allCases) ?? .rom
        scenario.chip.crystal = coin() ? .mhz26 : .mhz40
        scenario.chip.fifoDepth = coin() ? 16 : 32
        scenario.chip.uboot = coin() ? nil : pick(UBootVersion.allCases)
        scenario.chip.stub = coin() ? nil : pick(StubImage.Version.allCases)
        scenario.chip.applicationLog = coin() ? nil : pick(ApplicationLog.names).flatMap(ApplicationLog.named)
        let value = generator.next()
        scenario.flashID = FlashID(
            manufacturer: UInt8(truncatingIfNeeded: value), type: UInt8(truncatingIfNeeded: value >> 8),
            sizeCode: UInt8(truncatingIfNeeded: value >> 16))
    }

    private mutating func ground() -> Ground {
        var model = FloatingGround()
        if coin() {
            model.mainsMillihertz = Int64(number(1...1000)) * 1000
            model.openAmplitude = number(0...1_000_000)
            model.diodeDrop = number(0...2000)
            model.ownCoupling = number(0...1000)
            model.otherCoupling = number(0...1000)
            model.couplingTime = Int64(number(1...1_000_000_000))
            model.noise = number(0...5000)
        }
        return switch number(0...2) {
        case 0: .joined
        case 1: .floating(model)
        default: .joinedAfter(.zero.advanced(by: .nanoseconds(number(1_000_000...3_600_000_000_000))), model)
        }
    }

    private mutating func rail() -> ClampRail? {
        guard coin() else { return coin() ? nil : ClampRail() }
        var rail = ClampRail()
        rail.lift = number(0...3300)
        rail.sagTime = Int64(number(1000...10_000_000_000))
        rail.recoveryTime = Int64(number(1000...10_000_000_000))
        return rail
    }

    /// Any switches in any order, sensible or not.
    private mutating func power() -> PowerSchedule {
        guard coin() else { return coin() ? .on : .off }
        return PowerSchedule(
            (0..<number(0...64)).map { _ in
                let delay = Duration.nanoseconds(coin() ? 0 : number(0...86_400_000_000_000))
                return PowerSchedule.Switch(trigger(), after: delay, isOn: coin())
            })
    }

    private mutating func trigger() -> PowerSchedule.Trigger {
        switch number(0...3) {
        case 0: .start
        case 1: .firstHostByte
        case 2: .erase(number(1...Aim.mostCount))
        default: .step(aim(coin() ? nil : pick(Direction.allCases)))
        }
    }

    private mutating func aim(_ direction: Direction?) -> Aim {
        Aim(pick(Step.allCases) ?? .sync, count: number(1...Aim.mostCount), direction: direction)
    }

    /// Each of those there are, now and then, with values anywhere in their ranges.
    private mutating func faults() -> [FaultChoice] {
        (0..<number(0...6)).compactMap { _ in pick(FaultRegistry.summaries) }.map { summary in
            var choice = FaultChoice(summary.name)
            if summary.takesDirection, coin() { choice.direction = pick(Direction.allCases) }
            if summary.takesAim { choice.aim = aim(choice.direction) }
            for parameter in summary.parameters where coin() {
                choice.values[parameter.name] =
                    coin() ? number(parameter.range) : coin() ? parameter.range.lowerBound : parameter.range.upperBound
            }
            return choice
        }
    }

    private mutating func host() -> Scenario.HostAdvice {
        var host = Scenario.HostAdvice()
        if coin() { host.workingBaud = number(300...10_000_000) }
        host.task = pick(Scenario.Task.allCases) ?? .backup
        if coin() { host.delay = .nanoseconds(number(0...3_600_000_000_000)) }
        if coin() { host.syncWindow = .nanoseconds(number(100_000_000...600_000_000_000)) }
        return host
    }

    private mutating func expectation() -> Scenario.Expectation {
        var expectation = Scenario.Expectation()
        expectation.ending = pick(Scenario.Expectation.Ending.allCases) ?? .success
        expectation.limit = .nanoseconds(number(1_000_000...3_600_000_000_000))
        if expectation.ending != .success, coin() { expectation.cause = pick(Cause.allCases) }
        return expectation
    }

    // MARK: Chance

    private mutating func coin() -> Bool { generator.next() & 1 == 0 }

    private mutating func number(_ range: ClosedRange<Int>) -> Int {
        range.lowerBound + Int(generator.next() % UInt64(range.upperBound - range.lowerBound + 1))
    }

    private mutating func pick<Element>(_ choice: [Element]) -> Element? {
        choice.isEmpty ? nil : choice[number(0...(choice.count - 1))]
    }
}
