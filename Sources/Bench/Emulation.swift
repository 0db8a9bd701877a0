import Capture
import Emulator
import Faults
import Files
import Line
package import Logging
package import Ports
import Scenarios
import Simulation
import Trace

/// A chip behind a port, with its flash file and its trace.
package final class Emulation {
    let plan: EmulationPlan
    let port: DevicePort<Chip, ClientPort, MonotonicClock>
    /// Where programs ask for control lines; nil for nowhere.
    package let linesSocket: String?
    private let server: ControlServer?
    private var flashFile: FlashFile?
    private let tap: TraceTap?
    private let log: Logger
    private var lastChange: (count: Int, at: Instant)
    private var saveFailure: (error: FileError, at: Instant)?
    private var hasToldTraceFailure = false
    private var hasToldOtherPath = false
    /// What a loader threw away, by the occasion: a log that is brief names each once.
    private var resetsTold: Set<ChipEvent.FIFOReset> = []
    /// How it came out; nil before the end.
    package private(set) var summary: EmulationSummary?
    /// Faults that have been logged: the log names each once, the trace every incident.
    private var faultsTold: Set<String> = []
    private var resetWatch = ResetWatch()
    /// What has begun to run on the chip. The chip itself may be ahead of that.
    var program: String?
    /// Somebody has asked for the end at the control socket.
    var isAskedToStop = false
    /// What is plugged where now.
    var hookup: Hookup
    /// What lies between host and chip with everything plugged, and which lines reset the chip.
    var place: BenchPlace
    /// The lesson that somebody takes here; nil for none.
    package internal(set) var lesson: BenchLesson?
    /// What was done at the bench and has not been told.
    private var noted: [ControlEvent] = []
    /// Somebody in this process who follows it; nil for nobody.
    package var audience: EmulationAudience?
    /// Called when a client of the control socket asks for the end; returns whether it ends then.
    package var stopAsked: () -> Bool = { true }

    /// The flash file is written when the flash has not changed for so long, and at the end.
    private static let quietBeforeSave = Duration.milliseconds(500)
    /// How long after a failure saving is tried again.
    private static let pauseAfterFailure = Duration.seconds(5)
    /// What a chip is in the midst of when a cut takes its line away, it ends: longer than any operation of the flash.
    private static let timeWithoutLine = Duration.seconds(60)

    /// Opens the port, the flash file and the trace.
    /// - Parameter story: prints what happens on the line and in the chip; without it the log has the chip's events
    /// alone.
    /// - Throws: `EmulationPlanError`, `PortError`, `CaptureError`.
    package init(_ plan: EmulationPlan, log: Logger, story: LiveStory? = nil) throws {
        try plan.check()
        let clock = MonotonicClock()
        let flash: NORFlash
        let (id, rest) = (plan.setup.scenario.flashID, plan.flashRest)
        if let path = plan.flashPath, FileStore.isReadOnly(path: path) {
            log.warning("\(path) is read-only: the chip starts from it, and what it then holds is not kept")
            flash = try FlashFile.flash(from: path, id: id, rest: rest, fresh: plan.setup.sampleFlash)
        } else if let path = plan.flashPath {
            (flashFile, flash) = try FlashFile.open(path, id: id, rest: rest, fresh: plan.setup.sampleFlash)
        } else if let path = plan.flashSource {
            flash = try FlashFile.flash(from: path, id: id, rest: rest, fresh: plan.setup.sampleFlash)
        } else {
            flash = rest == .erased ? NORFlash(id: id) : plan.setup.sampleFlash()
        }
        var settings = plan.setup.chip
        settings.timing = plan.time.chipTiming
        if plan.time.pace == .wire, var times = plan.flashTimes {
            times.chipEraseLimit = settings.timing.flash.chipEraseLimit
            settings.timing.flash = times
        }
        let terminal = try Self.clientPort(plan, log)
        linesSocket = terminal.linesSocket
        server = try Self.server(plan.control, log)
        if let path = plan.tracePath {
            tap = try TraceTap(
                creating: path, session: plan.session(path: terminal.path, epoch: clock.epochNanoseconds),
                replacing: plan.replacesTrace, isPaced: plan.time.pace == .wire, story: story,
                tally: plan.keepsLastExchange ? SessionTally() : nil, keepsStory: plan.hasAudience)
        } else {
            tap =
                story == nil && !plan.keepsLastExchange && !plan.hasOnlookers
                ? nil
                : TraceTap(
                    telling: story, tally: plan.keepsLastExchange ? SessionTally() : nil, keepsStory: plan.hasAudience)
        }
        place = BenchPlace(plan.setup, plan.conditions)
        hookup = plan.hookup ?? Hookup(plan.setup.scenario)
        // Always: what crosses the line must not depend on whether somebody could intervene.
        var chip = Chip(
            settings: settings, flash: flash, flashFaults: plan.setup.flashFaults, efuse: plan.efuse, rom: plan.rom,
            power: plan.hookup.map { $0.suppliesChip ? .on : .off } ?? plan.setup.scenario.power,
            isInterruptible: true)
        if let cut = plan.cut { chip.plan(cut) }
        lastChange = (flash.changes, .zero)
        self.log = log
        self.plan = plan
        port = DevicePort(
            chip, on: terminal, time: plan.time, clock: clock, tap: tap,
            conditions: try plan.hookup?.conditions(plan.conditions) ?? plan.conditions)
        if plan.cut?.way == .plug { port.isPluggedIn = { $0.unpluggedAt == nil } }
        // A file that is not there yet is there from now on, whether anybody writes to the flash or not.
        if flashFile?.isBehind(flash) == true { try flashFile?.save(flash) }
    }

    /// The port's own name: `/dev/pts/N`, or a URL.
    package var path: String { port.path }
    /// The name that stays, if one was asked for.
    package var link: String? { port.portLink }
    /// Where it takes commands; nil for nowhere.
    package var control: String? { server?.path }

    /// Emulates until `shouldStop` says so or the adapter is pulled out, then leaves flash file and trace complete. The
    /// port itself is there as long as this is: let go of an emulation that was unplugged.
    /// - Throws: `PortError`, `CaptureError`: what failed meanwhile or at the end.
    @discardableResult
    package func run(
        alsoWaitingFor others: [PollDescriptor], until shouldStop: ([Readiness]) -> Bool
    ) throws -> PortEnding {
        port.housekeeping = { [unowned self] _, wall in
            tell()
            let look = lesson?.deadline.map { port.wall(at: $0) }
            return [saveWhenQuiet(at: wall), tap?.settleStory(atWall: wall), look].compactMap { $0 }.min()
        }
        let carrying = Result {
            try port.run(alsoWaitingFor: others + (server.map { [$0.pollDescriptor] } ?? [])) { _, ready in
                if let server, ready.last?.isEmpty == false {
                    server.serve { request throws(ControlRefusal) in try carryOut(request) }
                }
                return shouldStop(Array(ready.prefix(others.count))) || takeStop()
            }
        }
        tellEnd(isUnplugged: (try? carrying.get()) == .unplugged)
        if port.device.unpluggedAt != nil { port.liveOn(for: Self.timeWithoutLine) }
        let reason = (try? carrying.get()).map { $0 == .unplugged ? "unplugged" : "stopped" } ?? "failed"
        let ended = ControlEvent.ended(reason, at: port.moment)
        server?.end(ended)
        audience?.take([ended])
        tap?.close()
        summary = summarise(wall: port.clock.now)
        // Whatever ended it: what the chip has goes into the files.
        let finishing = Result { try finish() }
        let ending = try carrying.get()
        try finishing.get()
        return ending
    }

    /// - Returns: whether the emulation is to end.
    private func takeStop() -> Bool {
        guard isAskedToStop else { return false }
        isAskedToStop = false
        return stopAsked()
    }

    private func finish() throws {
        try complete()
        if let failure = tap?.failure { throw hasToldTraceFailure ? ToldError(failure) : failure }
        if let complaint = flashFile?.complaint { throw hasToldOtherPath ? ToldError(complaint) : complaint }
    }

    /// Leaves the flash file as the chip has it.
    private func complete() throws {
        guard saveFailure != nil else {
            try flashFile?.complete(port.device.flash)
            return
        }
        do {
            try flashFile?.complete(port.device.flash)
        } catch {
            // Why has been said.
            log.error("\(error.path): the flash could still not be saved; what the chip held is lost")
            throw ToldError(error)
        }
    }

    // MARK: Flash file

    /// - Returns: when the file will have to be written, if nothing more happens.
    private func saveWhenQuiet(at now: Instant) -> Instant? {
        let flash = port.device.flash
        if flash.changes != lastChange.count { lastChange = (flash.changes, now) }
        guard flashFile?.isBehind(flash) == true else { return nil }
        let due = max(
            lastChange.at.advanced(by: Self.quietBeforeSave),
            saveFailure?.at.advanced(by: Self.pauseAfterFailure) ?? .zero)
        guard due <= now else { return due }
        do {
            try save()
        } catch {
            if saveFailure == nil { log.error("\(error); the flash is kept in memory, and saving will be retried") }
            saveFailure = (error, now)
            return now.advanced(by: Self.pauseAfterFailure)
        }
        return nil
    }

    private func save() throws(FileError) {
        guard flashFile?.isBehind(port.device.flash) == true else { return }
        try flashFile?.save(port.device.flash)
        saveFailure = nil
        guard let complaint = flashFile?.complaint, !hasToldOtherPath else { return }
        hasToldOtherPath = true
        log.error("\(complaint)")
    }

    /// Where what the chip holds was written, in words; nil where it was not.
    package var flashRemark: String? {
        guard let flashFile, !flashFile.isBehind(port.device.flash) else { return nil }
        guard let other = flashFile.otherPath else { return "\(flashFile.path) holds what the chip holds" }
        return "\(other) holds what the chip holds, \(flashFile.path) what another program has put there"
    }

    // MARK: Telling

    /// What onlookers want to know: what happened, and what is told only to those who ask for it.
    private func tellOnlookers(_ events: [ControlEvent]) {
        let wanted = (server?.streams ?? []).union(audience?.streams ?? [])
        port.hasScope = wanted.contains(.waves)
        tap?.keepStory(wanted.contains(.story) || wanted.contains(.flash))
        if port.device.notesFlashOperations != wanted.contains(.flash) {
            port.device.notesFlashOperations = wanted.contains(.flash)
        }
        let noted = takeNoted()
        guard server?.hasListeners == true || audience != nil else { return }
        var events = events + noted
        if !wanted.isEmpty {
            let story = tap?.takeStory() ?? KeptStory.Content()
            events += story.lines.map { ControlEvent($0) } + port.takeWaves().map { ControlEvent($0) }
            let operations = port.device.takeFlashOperations()
            if let flash = ControlEvent.flash(operations, story.accesses, at: port.moment) { events.append(flash) }
            events.sort { $0.time < $1.time }
        }
        guard !events.isEmpty else { return }
        server?.tell(events)
        audience?.take(events.filter { audience?.streams.isSuperset(of: $0.stream) == true })
    }

    /// Notes what somebody has changed at the bench.
    func noteHookup(_ text: String, isWarning: Bool = false) {
        let now = port.moment
        note(.hookup(hookup, at: now, text, isWarning: isWarning))
        port.disturb()
        tap?.note(.note(text), at: now)
        if tap?.isTelling != true { log.info("\(text)", metadata: ["at": "\(now)"]) }
    }

    func noteInTrace(_ kind: TraceEvent.Kind, at moment: Instant) { tap?.note(kind, at: moment) }

    /// Something is to be told to onlookers.
    func note(_ event: ControlEvent) {
        // Nobody may ever ask.
        if noted.count < 1000 { noted.append(event) }
    }

    private func takeNoted() -> [ControlEvent] {
        defer { noted.removeAll() }
        return noted
    }

    private func tell() {
        // A story has it all in its place already.
        let isTold = tap?.isTelling == true
        let chip = port.device.takeEvents()
        let (line, untold) = port.takeEvents()
        lookAtLesson(chip)
        tellOnlookers(ControlEvent.inOrder(chip, line, untold))
        for event in chip {
            if case .loader(let name) = event.kind { program = name }
            if case .power = event.kind { program = nil }
            if case .reset = event.kind { program = nil }
            tap?.note(event.traceKind, at: event.time)
            if isTold { continue }
            if case .fault(let name, _) = event.kind, !faultsTold.insert(name).inserted { continue }
            log.log(level: level(of: event), "\(event.description)", metadata: ["at": "\(event.time)"])
        }
        for event in line {
            switch event.kind {
            case .incident(let incident) where !isTold && faultsTold.insert(incident.fault).inserted:
                log.info("\(incident.description)", metadata: ["at": "\(event.time)"])
            case .remark(let text): log.warning("\(text)", metadata: ["at": "\(event.time)"])
            default: break
            }
        }
        if let complaint = resetWatch.complaint(port, resetLines: plan.setup.chip.resetLines) {
            log.warning("\(complaint)", metadata: ["at": "\(port.moment)"])
            tap?.note(.note(complaint), at: port.moment)
        }
        if let failure = tap?.failure, !hasToldTraceFailure {
            hasToldTraceFailure = true
            log.error("\(failure)")
        }
    }
}

extension Emulation {
    /// What a host must know to understand the chip is a notice; the rest is for those who follow it.
    private func level(of event: ChipEvent) -> Logger.Level {
        switch event.kind {
        case .note: .notice
        case .fifoReset(_, let reset): resetsTold.insert(reset).inserted ? .notice : .info
        default: .info
        }
    }

    /// How it came out, as far as the line and the chip are concerned.
    private func summarise(wall: Instant) -> EmulationSummary {
        EmulationSummary(
            lineTime: port.moment, wallTime: wall, tally: tap?.tally, chip: status.chipText,
            program: status.program,
            faults: (port.incidentCounts + port.device.faultFirings).map { .init($0.label, $0.count) },
            flashDifferences: plan.expectedFlash.map { FlashComparison($0, in: port.device.flash) },
            flash: port.device.flash, cutAt: port.device.cutAt, passedPoints: port.device.passedPoints,
            lateness: port.lateness)
    }

    /// A fault that never fired was not tested: the user should know.
    private func tellEnd(isUnplugged: Bool) {
        let now = port.moment
        tell()
        if isUnplugged {
            tap?.note(.fault("\(Unplugged.summary.name): the port is gone"), at: now)
            log.notice("the adapter is unplugged: \(port.portLink ?? port.path) is gone", metadata: ["at": "\(now)"])
        }
        // A wire that is pulled is no fault.
        let ofScenario = Set(plan.conditions.faults.map(\.label))
        let counts = port.incidentCounts.filter { ofScenario.contains($0.label) } + port.device.faultFirings
        let idle = counts.filter { $0.count == 0 }.map(\.label)
        for label in FaultChoice.counted(idle) {
            tap?.note(.note("fault \(label) never fired"), at: now)
            log.warning("fault \(label) never fired")
        }
    }
}
