import Bench
import Foundation
import Lessons
import Line
import Ports
import Scenarios
import Wire
import Words

/// What is typed in a lesson, and what comes of it.
extension LearnSession {
    /// Carries out what waits, as far as nothing holds it up. - Returns: how the session ends, if it does.
    func step() async throws -> Ending? {
        while !waits.forTime, !waits.forFlasher, !pending.isEmpty {
            if let ending = try await carryOut(line: pending.removeFirst()) { return ending }
        }
        let isIdle = pending.isEmpty && !flasher.isRunning && !waits.isListening && !waits.forTime && !waits.forLook
        if isDone, demonstrates, isIdle { return .left }
        return waits.inputHasEnded && isIdle ? .left : nil
    }

    func carryOut(line: String) async throws -> Ending? {
        let verb = Self.verb(of: line)
        guard !verb.isEmpty, verb.first != "#" else { return nil }
        screen.begins(line)
        tellAnew()
        do {
            return try await carryOut(line, verb)
        } catch let refusal as ControlRefusal {
            screen.say(message: refusal.message)
        } catch let failure as Failure {
            screen.say(message: failure.message)
        } catch let problem as LessonCommand.Problem {
            screen.say(message: "\(problem)\nType help for the commands.")
        }
        return nil
    }

    private func carryOut(_ line: String, _ verb: String) async throws -> Ending? {
        switch verb {
        case "help", "?": screen.say(Self.help)
        case "hint":
            // Ticks are printed with a delay: the step may be done already.
            let before = shown
            try await lookAtLesson()
            guard shown.current == before.current else { return nil }
            // Repeat the mistake, which may have scrolled away: a hint does not help before it is mended.
            if let mistake = shown.mistake {
                if mistake == before.mistake { tell(mistake: mistake) }
                return nil
            }
            let (hint, isLast) = try await emulation.perform {
                ($0.lesson?.giveHint(), $0.lesson?.run.hasMoreHints == false)
            }
            screen.say(markdown: hint ?? "There is no hint here.")
            if hint != nil, isLast { screen.say("(That was the last hint.)") }
        case "intro": introduce()
        case "text": repeatStep()
        case "solution":
            for command in shown.step?.solution ?? [] { screen.say("  \(command)") }
        case "status": screen.say(try await emulation.perform { Self.status($0) })
        case "stop":
            guard flasher.isRunning || waits.isListening else { throw Failure(.usage, "nothing is running") }
            flasher.stop()
            listening.set()
        case "again", "restart": return .again
        case "next":
            guard isDone else {
                throw Failure(.usage, "this lesson is not finished; quit leaves it, and learn NAME takes another")
            }
            return .next
        case "quit", "exit": return .left
        default:
            // Only a question has numbers for answers.
            if shown.step == nil, let number = Int(line.filter { $0 != " " && $0 != ")" && $0 != "." }) {
                try await answer(number)
            } else if LessonCommand.verbs.contains(verb) {
                try await carryOut(LessonCommand(parsing: line))
            } else {
                let advice = Nearest.advice(for: verb, among: LessonCommand.verbs + Self.words)
                throw Failure(.usage, "\(quotedExcerpt(verb)) is no command\(advice)")
            }
        }
        return nil
    }

    private func carryOut(_ command: LessonCommand) async throws {
        switch command {
        case .wait(let time): wait(for: time)
        case .done:
            guard flasher.isRunning || waits.isListening else { return screen.say("nothing is running") }
            waits.forFlasher = true
            if screen.isInteractive { screen.say("waiting for its end; stop ends it") }
        case .flash(let task):
            guard !waits.isListening else {
                throw Failure(
                    .usage, "you are listening, and the port serves one at a time: type stop, or done to wait")
            }
            try await checkPort()
            try flasher.start(
                task, say: { [post] in post.yield(.flasher($0)) }, ended: { [post] in post.yield(.flasherEnded($0)) })
        case .listen(let time):
            try await checkPort()
            try listen(for: time)
        case .answer(let number): try await answer(number)
        default:
            guard let request = command.request else { return }
            let (before, after) = try await emulation.perform { emulation in
                let before = emulation.status.hookup
                _ = try emulation.carryOut(request)
                return (before, emulation.status.hookup)
            }
            guard before == after else { return }
            if case .plug(let wire, _) = command {
                screen.say("it is there already; unplug \(wire.rawValue) takes it off")
            } else if case .adapter = command {
                screen.say("it is so already")
            }
        }
    }

    /// - Throws: `Failure` where a program has the port open that was not started here.
    private func checkPort() async throws {
        guard !flasher.isRunning, !waits.isListening else { return }
        if try await !emulation.isPortFree() { throw Failure(.usage, EmulationThread.portIsTaken) }
    }

    private func answer(_ number: Int) async throws {
        try await lookAtLesson()
        guard shown.step == nil else { throw Failure(.usage, "the question comes when all steps are done") }
        guard let choice = try await emulation.perform({ $0.lesson?.answer(number - 1) }) else {
            throw Failure(.usage, "there is no answer \(number): they are 1 to \(lesson.question.choices.count)")
        }
        shown = try await emulation.perform { $0.lesson?.run } ?? shown
        owesQuestion = false
        screen.say(markdown: "**\(choice.isRight ? "Right" : "No")**: \(choice.verdict)")
        guard choice.isRight else { return }
        screen.say("")
        screen.say(Console.paint("✔ Lesson \(lesson.number) is done.", .green))
        if !demonstrates { screen.say("Type next for the next lesson, again to take it again, quit to leave.") }
    }

    /// Opens the port as a terminal program would, and shows what the chip prints.
    private func listen(for time: Duration) throws {
        guard !flasher.isRunning, !waits.isListening else {
            throw Failure(.usage, "the port is in use: type done to wait, stop to end what uses it")
        }
        waits.isListening = true
        listening = ThreadFlag()
        let (path, post, listening) = (emulation.path, post, listening)
        Thread.detachNewThread {
            do {
                var listener = try PortListener(path)
                let count = try listener.listen(for: time, until: { listening.isSet })
                post.yield(.listened("listened: " + (count == 0 ? "nothing came" : plural(count, "byte") + " came")))
            } catch {
                post.yield(.listened("\(error)"))
            }
            post.yield(.listeningEnded)
        }
    }

    /// What is not about the bench.
    private static let words = ["help", "hint", "intro", "text", "solution", "status", "stop", "again", "next", "quit"]

    /// Commands that wait until the flasher has ended.
    static let inTurn: Set = ["flash", "listen", "done", "wait", "next", "answer"]

    static func verb(of line: String) -> String {
        line.split(separator: " ").first.map { $0.lowercased() } ?? ""
    }

    /// ^C at a terminal stops what runs, and leaves only when nothing does. From elsewhere it is an end.
    func interrupted() -> Ending? {
        let isBusy = flasher.isRunning || waits.isListening || waits.forTime || !pending.isEmpty
        guard screen.isInteractive, isBusy else { return .left }
        (waits.forTime, waits.forFlasher, pending) = (false, false, [])
        flasher.stop()
        listening.set()
        screen.say("stopped; ^C once more, or quit, leaves the lesson")
        return nil
    }
}
