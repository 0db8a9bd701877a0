import Bench
import Check
import Foundation
import Lessons
import Line
import Logging
import Ports
import Scenarios
import Story
import Wire
import Words

/// A lesson from its introduction to its question, at a terminal: a bench, what the learner types, and what comes of it.
final class LearnSession {
    enum Ending {
        case left
        case again
        case next
    }

    /// What the session waits for.
    enum News: Sendable {
        case typed(LearnInput.News)
        case story(String, StoryLine)
        case bench(String)
        case look
        case flasher(String)
        case flasherEnded(Int32)
        case listened(String)
        case listeningEnded
        case timeIsUp
        /// A flasher ended during this step, long enough ago for the step to be ticked.
        case remind(Int)
        case signal(Int32)
    }

    let lesson: Lesson
    let count: Int
    let demonstrates: Bool
    let screen: LearnScreen
    private let inbox: AsyncStream<News>
    let post: AsyncStream<News>.Continuation
    let emulation: EmulationThread
    let flasher: LearnFlasher
    /// As it was when it was last looked at.
    var shown: LessonRun
    /// Commands that wait for their turn.
    var pending: [String] = []
    var waits = Waits()
    /// Ends the listening.
    var listening = ThreadFlag()
    var story = QuietStory()
    var retries = QuietStory()
    /// The latest line about a rate, until it is known whether the port is closed right after it.
    var heldRate: (text: String, line: StoryLine)?
    let began = ContinuousClock.now
    /// Screens of the introduction that are still to be read; nil when it is not being read.
    var pages: [String]?
    /// Whether the question waits for the port to be free: what runs there would scroll it away.
    var owesQuestion = false

    /// What the next command waits for.
    struct Waits {
        var forTime = false
        var forFlasher = false
        var isListening = false
        var inputHasEnded = false
        /// What has come of the lesson is shown soon.
        var forLook = false
    }

    var isDone: Bool { shown.isDone }

    /// The bench stands, and its port can be opened. - Throws: `PortError`, `FileError`.
    init(_ lesson: Lesson, of count: Int, link: String?, demonstrates: Bool) async throws {
        self.lesson = lesson
        self.count = count
        self.demonstrates = demonstrates
        screen = LearnScreen(isInteractive: Console.canTalk && !demonstrates)
        let (inbox, post) = AsyncStream<News>.makeStream()
        (self.inbox, self.post) = (inbox, post)
        var plan = EmulationPlan(try lesson.bench.setup())
        plan.hookup = .loose
        plan.hasAudience = true
        emulation = try await Self.start(plan, link, post)
        flasher = try LearnFlasher(port: emulation.link ?? emulation.path, image: lesson.bench.image)
        shown = LessonRun(lesson)
    }

    /// Where no link is asked for, the first name that nobody uses. - Throws: `PortError`.
    private static func start(
        _ plan: EmulationPlan, _ link: String?, _ post: AsyncStream<News>.Continuation
    ) async throws -> EmulationThread {
        var plan = plan
        for number in 1...9 {
            plan.link = try link ?? PseudoTerminal.defaultLink(name: number == 1 ? "learn" : "learn-\(number)")
            plan.control = .wanted(ControlFolder.socket(besideLink: plan.link ?? ""))
            // What a learner is to find out is not told: what became of which byte on its way, and why. That an answer is
            // none of the chip's is told.
            let story = LiveStory(
                isColoured: Console.isColourful, width: Console.width - LearnScreen.storyMargin.count,
                hiding: ["differs", "lost", "garbled", "fault"]
            ) { post.yield(.story($0, $1)) }
            do {
                return try await EmulationThread.start(plan, log: ConsoleLog.logger(isQuiet: true), story: story) {
                    post.yield(.signal($0))
                } isReady: { emulation in
                    emulation.audience = EmulationAudience([]) { events in
                        for event in events where event.name == .lesson { post.yield(.bench(event.text)) }
                    }
                }
            } catch let error as PortError where link == nil && number < 9 && error.code == .busy {
                continue
            }
        }
        throw Failure(.environment, "nine lessons are being taken already: end one, or name a port with --link")
    }

    /// Goes through the lesson. - Throws: `PortError`, and what else the bench fails with.
    func take() async throws -> Ending {
        try await emulation.perform { [lesson] in try $0.begin(lesson, at: .prompt) }
        introduce()
        let input = demonstrates ? nil : try LearnInput(screen) { [post] in post.yield(.typed($0)) }
        screen.prompt(true)
        if pages == nil { beginStep() }
        var ending = try await step()
        for await news in inbox where ending == nil {
            ending = try await follow(news)
            if ending == nil { ending = try await step() }
            if ending != nil { break }
        }
        screen.prompt(false)
        input?.stop()
        if !isDone, !demonstrates { screen.say("Lesson \(lesson.number) is left; it begins anew the next time.") }
        if demonstrates { screen.say("Shown, and not counted: solderless learn \(lesson.name) takes it.") }
        flasher.stop()
        let (_, failure) = await emulation.stop()
        if let failure { throw failure }
        return ending ?? .left
    }

    // MARK: What happens

    /// - Returns: how the session ends, if it does.
    private func follow(_ news: News) async throws -> Ending? {
        switch news {
        case .typed(.line(let line)) where pages != nil:
            if Self.verb(of: line).isEmpty {
                turnPage()
                return nil
            }
            pages = nil
            beginStep()
            return try await follow(.typed(.line(line)))
        case .typed(.line(let line)):
            // Somebody at a terminal does not wait for the flasher's end to press a button.
            guard screen.isInteractive, waits.forFlasher, !Self.inTurn.contains(Self.verb(of: line)) else {
                pending.append(line)
                return nil
            }
            return try await carryOut(line: line)
        // ^D at a terminal leaves, as it does in a shell.
        case .typed(.end):
            if screen.isInteractive { return .left }
            waits.inputHasEnded = true
        case .story(let text, let line): tellStory(text, line)
        case .bench: lookSoon()
        case .look:
            waits.forLook = false
            try await lookAtLesson()
        case .flasher(let line): tellFlasher(line)
        case .flasherEnded(let code):
            flasher.hasEnded()
            if waits.forFlasher { try await waitForQuiet() }
            waits.forFlasher = waits.isListening && waits.forFlasher
            screen.say(flasher: "ended\(code == 0 ? "" : ", it failed (exit code \(code))")")
            try await remindSoon()
            askOwedQuestion()
        case .listened(let text): screen.say("  \(text)")
        case .listeningEnded:
            waits.isListening = false
            waits.forFlasher = flasher.isRunning && waits.forFlasher
            askOwedQuestion()
        case .timeIsUp: waits.forTime = false
        case .remind(let step):
            let before = shown.mistake
            try await lookAtLesson()
            guard step == shown.current, !flasher.isRunning, !waits.isListening else { return nil }
            remindOfStep(isTold: shown.mistake != before)
        case .signal: return interrupted()
        }
        return nil
    }

    /// A step may be done only when the line has been quiet: what is typed next is not to come before.
    private func waitForQuiet() async throws {
        guard let time = try await emulation.perform({ $0.quietToCome }) else { return }
        wait(for: time + .milliseconds(50))
    }

    /// What is typed meanwhile waits.
    func wait(for time: Duration) {
        waits.forTime = true
        let post = post
        Task {
            try? await Task.sleep(for: time)
            post.yield(.timeIsUp)
        }
    }

    /// What led to a step's end is told with a delay; it stands before what comes of it.
    private func lookSoon() {
        guard !waits.forLook else { return }
        waits.forLook = true
        let post = post
        Task {
            try? await Task.sleep(for: .milliseconds(700))
            post.yield(.look)
        }
    }

    /// Posts a reminder once the step could be ticked: most steps wait for the line to be quiet.
    private func remindSoon() async throws {
        let rest = try await emulation.perform { $0.quietToCome } ?? .zero
        let (post, step) = (post, shown.current)
        Task {
            try? await Task.sleep(for: min(rest, .seconds(2)) + .milliseconds(900))
            post.yield(.remind(step))
        }
    }

    /// Asks the question that has waited for the port to be free.
    private func askOwedQuestion() {
        guard owesQuestion, !flasher.isRunning, !waits.isListening else { return }
        askQuestion()
    }

    func tell(mistake: String) {
        screen.say("")
        screen.say(markdown: "**Not quite:** \(mistake)")
        screen.say("")
    }

    /// Shows what has become of the lesson.
    func lookAtLesson() async throws {
        guard let run = try await emulation.perform({ $0.lesson?.run }) else { return }
        let before = shown
        shown = run
        for step in before.current..<run.current {
            screen.say(Console.paint("✔ Step \(step + 1) is done: \(lesson.steps[step].title)", .green))
        }
        if run.current != before.current {
            pages = nil
            owesQuestion = run.step == nil && (flasher.isRunning || waits.isListening) && screen.isInteractive
            if owesQuestion {
                screen.say("The question comes when the port is free; stop ends what runs.")
            } else {
                beginStep()
            }
        }
        if let mistake = run.mistake, mistake != before.mistake { tell(mistake: mistake) }
    }
}
