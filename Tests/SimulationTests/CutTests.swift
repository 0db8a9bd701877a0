import Check
import Emulator
import Flasher
import Line
import Scenarios
@testable import Simulation
import TestForms
import Testing

/// A job that is cut wherever it can be, and the command given again.
@Suite struct CutTests {
    private static func trial(_ dialect: Dialect = .community, backsUp: Bool = false) -> Trial {
        var scenario = Scenario(name: "cuts")
        // As on the good bench: somebody switches the plug on.
        scenario.power = .afterFirstCharacter(.milliseconds(500))
        scenario.expectation.limit = .seconds(90)
        var trial = Trial(scenario, seed: 1, dialect: dialect)
        trial.task = .write
        trial.backsUp = backsUp
        return trial
    }

    /// 24 KB: six sectors of 4 KB, 96 pages of 256 bytes (ECR6600 facts §5), a step for each of 24 blocks and its answer.
    @Test func everyPlaceIsFound() throws {
        let whole = try CutCampaign(Self.trial(), tears: false).whole()
        #expect(whole.result.ending == .success && whole.result.verdicts.isEmpty)
        let places = whole.places
        #expect(places.map(\.number) == Array(1...places.count))
        #expect(places.map(\.moment) == places.map(\.moment).sorted())
        let flash = places.filter { $0.kind == .flash }
        #expect(flash.filter { $0.words.hasPrefix("while erasing") }.count == 6)
        #expect(flash.filter { $0.words.hasPrefix("while programming") }.count == 96)
        #expect(flash.map(\.stretch).allSatisfy { $0 == "XMODEM write" })
        #expect(places.count { $0.words.contains("block") && $0.kind == .step } >= 24)
    }

    /// A frame of many kilobytes has a place at each of them, and one after it.
    @Test func longMessagesHaveOneEachKilobyte() throws {
        let places = try CutCampaign(Self.trial(.vendor, backsUp: true), tears: false).whole().places
        let read = places.filter { $0.stretch == "FLASH read" }
        let inside = read.filter { $0.kind == .bytes }
        let frames = read.count { $0.kind == .step && $0.words.contains("upload frame") }
        #expect(inside.count + frames > 2048 - 64 && inside.count > 10 * frames, "\(inside.count) in \(frames) of 2 MB")
    }

    @Test func aBackupIsCutAtEveryKilobyte() throws {
        let places = try CutCampaign(Self.trial(backsUp: true), tears: false).whole().places
        #expect(places.count { $0.stretch == "XMODEM read" } > 2048, "2 MB")
    }

    /// Forks do not disturb the run that they come from, nor each other.
    @Test(arguments: [false, true]) func aForkIsARunOfItsOwn(tears: Bool) throws {
        let campaign = CutCampaign(Self.trial(), tears: tears)
        let places = try campaign.whole().places.edges
        var together: [CutCampaign.Cut] = []
        try campaign.cut(at: places) { together.append($0) }
        #expect(together.count == places.count)
        for cut in together {
            var alone: [CutCampaign.Cut] = []
            try campaign.cut(at: [cut.place]) { alone.append($0) }
            #expect(alone.map(\.result) == [cut.result] && alone.map(\.state) == [cut.state], "\(cut.place.words)")
        }
    }

    /// What was under way is done, or torn: only there the two differ.
    @Test func tornStatesLieInOperations() throws {
        let trial = Self.trial()
        let places = try CutCampaign(trial, tears: true).whole().places
        var (whole, torn): ([CutCampaign.Cut], [CutCampaign.Cut]) = ([], [])
        try CutCampaign(trial, tears: false).cut(at: places) { whole.append($0) }
        try CutCampaign(trial, tears: true).cut(at: places) { torn.append($0) }
        for (one, other) in zip(whole, torn) where one.place.kind == .flash {
            #expect(one.state != other.state, "\(one.place.words)")
        }
        #expect(whole.first?.held == .old && whole.last?.held == .new)
        #expect(torn.contains { $0.held == .neither })
        #expect(torn.count { $0.held == .neither } > 96)
    }

    /// None lies, and the command given again ends right, from every state that a cut has left.
    @Test(
        arguments: byForm(
            short: [(Dialect.community, true), (.vendor, false), (.rdtool, false)],
            long: Dialect.allCases.flatMap { [($0, true), ($0, false)] }))
    func noCutIsFatal(dialect: Dialect, backsUp: Bool) throws {
        let campaign = CutCampaign(Self.trial(dialect, backsUp: backsUp), tears: true)
        let whole = try campaign.whole()
        var states: Set<String> = []
        var left: [CutCampaign.Cut] = []
        try campaign.cut(at: byForm(short: whole.places.edges, long: whole.places)) { cut in
            #expect(cut.result.verdicts.isEmpty, "cut \(cut.place.number), \(cut.place.words)")
            #expect(cut.result.ending != .outOfTime)
            if states.insert(cut.state).inserted { left.append(cut) }
        }
        #expect(left.count >= 3)
        for cut in left {
            let again = try campaign.outcome(from: cut.flash)
            #expect(
                again.ending == .success && again.verdicts.isEmpty,
                "after cut \(cut.place.number), \(cut.place.words): \(again.failure?.what ?? "")")
        }
    }

    /// Without its plug the chip programs the block that it has just been given; without power at most a page of it.
    @Test func thePlugLeavesTheChipItsPower() throws {
        let (power, plug) = (
            CutCampaign(Self.trial(), tears: false), CutCampaign(Self.trial(), tears: false, pullsPlug: true)
        )
        let places = try power.whole().places.filter { $0.kind == .step && $0.words.contains("block 1") }
        let place = try #require(places.first)
        var flashes: [[UInt8]] = []
        for campaign in [power, plug] {
            try campaign.cut(at: [place]) { cut in
                #expect(cut.result.ending == .failure && cut.result.verdicts.isEmpty)
                flashes.append(cut.flash.bytes(SampleJob.range))
            }
        }
        let rest = flashes.map { Array($0[256..<1024]) }
        #expect(rest.count == 2 && rest[0].allSatisfy { $0 == 0xFF } && rest[1].contains { $0 != 0xFF })
        #expect(flashes.map { $0.dropFirst(1024).allSatisfy { $0 == 0xFF } } == [true, true])
    }

    /// None lies, and once it is plugged in again the command given again ends right.
    @Test(arguments: Dialect.allCases) func noPulledPlugIsFatal(dialect: Dialect) throws {
        let campaign = CutCampaign(Self.trial(dialect), tears: false, pullsPlug: true)
        let whole = try campaign.whole()
        var left: [String: CutCampaign.Cut] = [:]
        try campaign.cut(at: byForm(short: whole.places.edges, long: whole.places)) { cut in
            #expect(cut.result.verdicts.isEmpty, "cut \(cut.place.number), \(cut.place.words)")
            #expect(cut.result.ending == .failure)
            left[cut.state] = cut
        }
        for cut in left.values {
            let again = try campaign.outcome(from: cut.flash)
            #expect(again.ending == .success && again.verdicts.isEmpty, "after cut \(cut.place.number)")
        }
    }

    @Test func edgesAreThoseOfStretches() {
        func place(_ number: Int, _ stretch: String) -> CutPlace {
            CutPlace(number: number, kind: .step, moment: Instant(nanoseconds: 0), stretch: stretch, words: "")
        }
        let places = (1...7).map { place($0, "a") } + [place(8, "b")] + (9...10).map { place($0, "a") }
        #expect(places.edges.map(\.number) == [1, 4, 7, 8, 9, 10])
    }
}
