import Check
import Emulator
import Faults
import Flasher
import Images
package import Line
import Scenarios
import Simulation
import Wire

/// Plays a lesson as a learner would who types its solutions, with our flasher and the emulated chip in virtual time, and sees
/// whether the lesson does what it promises.
package struct LessonRehearsal: ~Copyable {
    private var line: VirtualLine<LessonHost, Chip>
    private var desk: RehearsalDesk
    private let base: LineConditions
    private var report = RehearsalReport()

    /// Nobody has more patience: no job of our flasher takes as long.
    private static let patience = Duration.seconds(1800)
    /// How long the supply stays off in a cycle.
    private static let cycle = Duration.seconds(1)

    /// Plays it to its end. - Throws: `FaultError`, for a fault of the bench that cannot be made.
    package static func of(_ lesson: Lesson) throws(FaultError) -> RehearsalReport {
        var rehearsal = try LessonRehearsal(lesson)
        return try rehearsal.play()
    }

    private init(_ lesson: Lesson) throws(FaultError) {
        let bench = lesson.bench
        let setup = try bench.setup()
        let factory = setup.sampleFlash()
        let conditions = try bench.hookup.conditions(setup.conditions)
        base = setup.conditions
        desk = RehearsalDesk(lesson)
        let chip = Chip(
            settings: setup.chip, flash: bench.flash(factory), power: bench.hookup.suppliesChip ? .on : .off,
            isInterruptible: true)
        line = VirtualLine(host: .nobody, device: chip, conditions: conditions)
        line.setHostListening(false)
        var tap = LineTap()
        tap.watch = bench.watch(factory: factory, texts: lesson.texts)
        line.tap = tap
    }

    private mutating func play() throws(FaultError) -> RehearsalReport {
        let lesson = desk.run.lesson
        look()
        for (place, step) in lesson.steps.enumerated() {
            var result = RehearsalReport.Step(title: step.title)
            result.isDoneBefore = desk.run.current > place
            desk.mistakes = []
            for command in step.solution {
                do {
                    try carryOut(command)
                } catch let problem as FaultError {
                    throw problem
                } catch {
                    result.refused.append("\(command): \(error)")
                }
            }
            look()
            if let watch = line.tap?.watch, let due = desk.run.deadline(watch) { pass(until: due) }
            result.isDone = desk.run.current > place
            result.mistakes = desk.mistakes
            result.hasIdleHost = line.host.isNobody
            report.steps.append(result)
        }
        if let right = lesson.question.choices.firstIndex(where: \.isRight) { desk.run.answer(right) }
        report.isDone = desk.run.isDone
        report.failures = desk.failures
        report.duration = Instant.zero.duration(to: line.now)
        return report
    }

    // MARK: Time

    /// Lets time pass until a moment, or until nobody has the port.
    private mutating func pass(until end: Instant, orIdle endsWhenIdle: Bool = false) {
        var desk = desk
        line.run(until: end) { line in
            desk.attend(&line)
            return endsWhenIdle && line.host.isNobody
        }
        self.desk = desk
    }

    private mutating func look() { pass(until: line.now) }

    // MARK: Commands

    /// Why a command is not carried out.
    private struct Refusal: Error, CustomStringConvertible {
        var description: String
    }

    private mutating func carryOut(_ command: LessonCommand) throws {
        switch command {
        case .plug(let wire, let pad): try change { $0[wire] = pad }
        case .unplug(let wire): try change { $0[wire] = nil }
        case .adapter(let level): try change { $0.adapterLevel = level }
        case .fault(let name, let isOn):
            try change { hookup in
                hookup.switchedOn.removeAll { $0.name == name }
                if isOn { hookup.switchedOn.append(FaultChoice(name)) }
            }
        case .power(let button): try press(button)
        case .reset: line.device.command(.reset, at: line.now)
        case .wait(let time): pass(until: line.now.advanced(by: time))
        case .listen(let time):
            try open(.listening(until: line.now.advanced(by: time)))
        case .flash(let task):
            guard let job = desk.run.lesson.bench.job(task, backup: desk.backup(for: task)) else {
                throw Refusal(description: "there is no back-up")
            }
            desk.task = task
            try open(.flashing(Flasher(job: job, stub: StubImage.placeholder(for: .community))))
        case .done:
            pass(until: line.now.advanced(by: Self.patience), orIdle: true)
            if !line.host.isNobody { throw Refusal(description: "it does not end") }
        case .answer(let number): desk.run.answer(number - 1)
        }
        look()
    }

    /// A port serves one program at a time.
    private mutating func open(_ host: LessonHost) throws {
        guard line.host.isNobody else { throw Refusal(description: "the port is in use") }
        line.host = host
        line.setHostListening(true)
    }

    private mutating func press(_ button: LessonCommand.PowerButton) throws {
        let isOn = button != .off
        desk.hookup.isSupplyOn = isOn
        line.tap?.watch?.note(desk.hookup)
        guard desk.hookup.reachesSupply else { return }
        line.device.command(button == .cycle ? .cyclePower(off: Self.cycle) : .power(on: isOn), at: line.now)
    }

    private mutating func change(_ change: (inout Hookup) -> Void) throws(FaultError) {
        let wasSupplied = desk.hookup.suppliesChip
        let hadReset = desk.hookup.isRight(.adapterRTS)
        change(&desk.hookup)
        line.tap?.watch?.note(desk.hookup)
        line.rewire(try desk.hookup.conditions(base))
        if desk.hookup.isRight(.adapterRTS) != hadReset {
            line.device.wireReset(to: hadReset ? [] : line.device.settings.resetLines, at: line.now)
        }
        if desk.hookup.suppliesChip != wasSupplied {
            line.device.command(.power(on: desk.hookup.suppliesChip), at: line.now)
        }
    }
}

/// What lies beside the line while a lesson is rehearsed: the learner's state, and the back-ups.
private struct RehearsalDesk {
    var run: LessonRun
    var hookup: Hookup
    /// What the flasher is doing or did last.
    var task = FlashTask.info
    private var backups: [String: [UInt8]] = [:]
    /// Mistakes that were noticed.
    var mistakes: [String] = []
    /// How our flasher's jobs failed, in a line each.
    var failures: [String] = []

    init(_ lesson: Lesson) {
        run = LessonRun(lesson)
        hookup = lesson.bench.hookup
    }

    /// Where a back-up goes whose name nobody says.
    private static let usualName = "backup.bin"

    func backup(for task: FlashTask) -> [UInt8]? {
        guard case .restore(let name) = task else { return nil }
        return backups[name ?? Self.usualName]
    }

    /// At each turn of the line: takes what there is to report, and looks how far the learner has come.
    mutating func attend(_ line: inout VirtualLine<LessonHost, Chip>) {
        if line.device.flash.changes != line.tap?.watch?.flashChanges { line.tap?.watch?.note(line.device.flash) }
        for event in line.device.takeEvents() { line.tap?.watch?.note(event) }
        attendHost(&line)
        line.tap?.watch?.advance(to: line.now)
        // In place: a copy at each turn would cost more than all the rest.
        for case .mistake(let advice) in run.look(at: &line.tap!.watch!) { mistakes.append(advice) }
    }

    private mutating func attendHost(_ line: inout VirtualLine<LessonHost, Chip>) {
        var hasEnded = line.host.listensUntil.map { $0 <= line.now } ?? false
        while let report = line.host.nextReport() {
            switch report {
            case .readResult(let bytes, _):
                if case .backup(let name) = task { backups[name ?? Self.usualName] = bytes }
            case .finished(let outcome):
                hasEnded = true
                if case .failure(let failure) = outcome { failures.append("\(task): \(failure.what)") }
            default: break
            }
        }
        guard hasEnded else { return }
        line.host = .nobody
        line.setHostListening(false)
    }
}

/// What came of a rehearsal.
package struct RehearsalReport: Sendable {
    package struct Step: Sendable {
        package var title: String
        /// Whether it was fulfilled before its solution began: at its beginning, or by the solution of the step before.
        package var isDoneBefore = false
        /// Whether its solution fulfils it.
        package var isDone = false
        /// Mistakes that were noticed while its solution was carried out.
        package var mistakes: [String] = []
        /// Commands that could not be carried out, and why.
        package var refused: [String] = []
        /// Whether no program has the port at its end.
        package var hasIdleHost = true
    }

    package var steps: [Step] = []
    /// Jobs of our flasher that failed, as some lessons mean them to.
    package var failures: [String] = []
    /// Whether the lesson counts as done.
    package var isDone = false
    /// Of the line's time.
    package var duration = Duration.zero

    /// What is wrong with the lesson, a line each.
    package var defects: [String] {
        var defects: [String] = []
        for (place, step) in steps.enumerated() {
            let name = "step \(place + 1), \(step.title)"
            if step.isDoneBefore { defects.append("\(name): it is fulfilled before anybody has done anything for it") }
            if !step.isDone { defects.append("\(name): its solution does not fulfil it") }
            defects += step.refused.map { "\(name): \($0)" }
            defects += step.mistakes.map { "\(name): its solution is taken for a mistake: \($0)" }
        }
        return isDone ? defects : defects + ["the lesson is not done at its end"]
    }
}
