import GoldenSessions
import Line
import Testing
import Wire

/// The steps of events are those that the follower tells while the bytes go by.
@Suite struct EventStepsTests {
    @Test(arguments: GoldenSession.names)
    func asManyAsTheFollowerTells(name: String) throws {
        let session = try GoldenSession(name)
        let told = try #require(StepBeginning.told(of: session.runs))
        var followed: [Step: Int] = [:]
        for beginning in told { followed[beginning.step, default: 0] += 1 }
        var steps = EventSteps()
        var counted: [Step: Int] = [:]
        for event in session.events() {
            if let (step, count) = steps.note(event) { counted[step, default: 0] += count }
        }
        for step in Step.allCases {
            #expect(counted[step] == followed[step], "\(step.rawValue)")
        }
        #expect(!counted.isEmpty)
    }
}
