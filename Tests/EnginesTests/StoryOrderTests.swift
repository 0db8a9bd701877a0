import Flasher
import Line
import ScenarioFiles
import Scenarios
import Simulation
import Story
import Testing
import Trace
import Wire

/// A session is told in the order of its time, whatever the line makes of it.
@Suite struct StoryOrderTests {
    @Test(arguments: Catalogue.scenarioNames, LineEnd.allCases)
    func timesNeverGoBack(name: String, end: LineEnd) throws {
        let (_, events) = try Trial(try Catalogue.scenario(name), seed: 1, dialect: .community).runTraced()
        var follower = SessionFollower(end: end)
        var latest = Int64.min
        var told = 0
        func tell(_ item: SessionFollower.Told) {
            let stamp =
                switch item {
                case .event(let event, _): event.end
                case .mark(let mark): mark.stamp
                }
            if stamp < latest { Issue.record("\(item) comes after \(latest)") }
            latest = max(latest, stamp)
            told += 1
        }
        for event in events {
            if case .data(let direction, let bytes) = event.kind {
                follower.data(bytes.span, direction, at: event.time, tell: tell)
            } else {
                follower.other(event, tell: tell)
            }
        }
        follower.finish(tell: tell)
        #expect(told > 1)
    }
}
