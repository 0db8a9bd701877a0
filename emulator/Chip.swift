package import Line

/// An ECR6600 with its flash, seen from its UART.
///
/// ```
/// host's characters → UART's FIFO → loader → flash
///                  ←  transmitter ←
/// ```
/// The loader (`MaskROM`, `UBoot`, `Stub`, `Application`) is straight-line code on a `Processor`; the chip decides when
/// it runs: when a character has arrived, when its timer has run out, and not while it is busy.
package struct Chip: Machine {
    var processor: Processor
    private var loader: (any Loader)?
    /// Whether there is a supply.
    package private(set) var isPowered = false
    /// Whether RESET_B is low.
    package private(set) var isHeldInReset = false
    /// Whether a loader runs.
    private var isRunning: Bool { isPowered && !isHeldInReset }
    package private(set) var restartCount = 0
    /// When the host's adapter was pulled out by a planned cut; nil for not. The chip goes on; its driver carries nothing that
    /// crosses later.
    package internal(set) var unpluggedAt: Instant?
    /// Which of the host's lines pull RESET_B low, and which are asserted.
    private var resetLines: ControlLines
    private var hostLines: ControlLines = []
    /// When it was last switched on or off.
    private var switchedAt = Instant.zero
    /// Characters that came without power and have not been reported; reported at once, then once a second.
    private var unheard = 0
    private var unheardToldAt: Instant?

    /// - Parameters:
    ///   - rom: contents of the mask ROM, at most 64 KB, for command 98; the project holds none.
    ///   - flashFaults: what is wrong with the flash.
    ///   - power: when the supply is switched on and off; the default is on from `Instant.zero`.
    ///   - isInterruptible: whether the power may be switched by hand, or RESET_B pulled, at any moment (`command`,
    /// `holdReset`):     then a message is handed to the driver piece by piece as it leaves, so that it can be cut,
    /// and events are told     when they have come to pass.
    package init(
        settings: ChipSettings, flash: NORFlash, flashFaults: FlashFaults = FlashFaults(), efuse: EFuse = .sample,
        rom: [UInt8] = [], power: PowerSchedule = .on, isInterruptible: Bool = false
    ) {
        var flash = flash
        flash.faults = flashFaults
        resetLines = settings.resetLines
        let uart = UART(fifoDepth: settings.fifoDepth, isPaced: settings.timing.pacesCharacters)
        processor = Processor(
            uart: uart, flash: flash, memory: MemoryMap(rom: rom), efuse: efuse, settings: settings,
            powerPlan: PowerPlan(power, isInterruptible: isInterruptible))
    }

    package var settings: ChipSettings { processor.settings }
    package var flash: NORFlash { processor.flash }
    package var efuse: EFuse { processor.efuse }
    /// What the flash did that took time, up to the driver's time and what is certain after it; nothing unless
    /// `notesFlashOperations`.
    package var flashOperations: [FlashOperation] { processor.flashHistory.log ?? [] }

    /// The same, and they are kept no longer. One that had not begun when the power went may have been taken before.
    package mutating func takeFlashOperations() -> [FlashOperation] {
        guard notesFlashOperations else { return [] }
        defer { processor.flashHistory.log = [] }
        return flashOperations
    }

    /// Whether `flashOperations` are kept, from now on.
    package var notesFlashOperations: Bool {
        get { processor.flashHistory.log != nil }
        set { processor.flashHistory.log = newValue ? [] : nil }
    }

    /// From now on, what the power's going leaves of an erase or a page under way is a part of it, by chance: an assumption
    /// of ours. Without it, what has begun is done. - Parameter seed: of what is left.
    package mutating func tearFlash(by seed: UInt64) {
        processor.flashHistory.tear = SplitMix64(seed: seed)
    }

    /// How often each fault of the flash has done something, in their order. Zero: it never fired.
    package var faultFirings: [(label: String, count: Int)] { processor.flash.faults.firings }

    /// Switches of the power whose moment has not come: the schedule's, or the end of a cycle by hand.
    package var missedSwitches: [PowerSchedule.Switch] { processor.powerPlan.missed }
    /// What runs on it, which may be ahead of the driver's time: events tell when it begins. nil without power and in
    /// reset.
    package var loaderName: String? { loader?.name }

    // MARK: Machine

    package mutating func otherEndSends(at moment: Instant, rate: BitRate) {
        processor.powerPlan.happened(.firstHostByte, at: moment)
    }

    package mutating func receive(_ characters: Span<UInt8>, timing: RunTiming) {
        processor.powerPlan.hostSends(characters, timing: timing)
        processor.uart.receive(characters, timing: timing)
    }

    package mutating func advance(to now: Instant) {
        repeat {
            carryOutSwitches()
            if let moment = processor.powerPlan.takePlug(by: processor.horizon) { return pullPlug(at: moment) }
            proceed(to: min(now, processor.powerPlan.nextStop ?? now))
            // What ran may have begun what a switch was waiting for.
        } while processor.horizon < now || processor.powerPlan.nextStop.map { $0 <= now } ?? false
    }

    /// Goes on without a switch.
    private mutating func proceed(to moment: Instant) {
        processor.advanceHorizon(to: moment)
        if isRunning {
            run()
        } else {
            hearNothing(until: moment)
        }
    }

    package mutating func transmit(into characters: inout [UInt8]) -> RunTiming? {
        guard let (count, timing) = processor.uart.leaving.first, timing.start <= processor.horizon else { return nil }
        guard processor.powerPlan.mayCutPower else { return processor.uart.transmit(count, into: &characters) }
        let left = timing.arrived(by: min(processor.horizon, unpluggedAt ?? processor.horizon), of: count)
        return left > 0 ? processor.uart.transmit(left, into: &characters) : nil
    }

    package mutating func controlLines(_ lines: ControlLines, at moment: Instant) {
        hostLines = lines
        guard !resetLines.isEmpty else { return }
        holdReset(!lines.isDisjoint(with: resetLines), at: moment)
    }

    /// The board's wire from RESET_B is plugged onto other lines of the host's: the settings' at first, or onto none.
    package mutating func wireReset(to lines: ControlLines, at moment: Instant) {
        resetLines = lines
        holdReset(!hostLines.isDisjoint(with: lines), at: moment)
    }

    package var deadline: Instant? {
        let planned = Instant.earlier(
            leavingDeadline, .earlier(processor.powerPlan.nextStop, processor.nextEvent))
        guard isRunning else { return planned }
        if processor.isBusy { return .earlier(planned, processor.now) }
        return .earlier(planned, .earlier(processor.timer, processor.uart.nextCharacter(now: processor.now)))
    }

    /// When there is something to transmit: a whole run as it begins to leave, or where the power may go meanwhile what
    /// has left, every `cutPieces`.
    private var leavingDeadline: Instant? {
        guard unpluggedAt == nil, let (count, timing) = processor.uart.leaving.first else { return nil }
        guard processor.powerPlan.mayCutPower else { return timing.start }
        let next = max(timing.end(of: 1), processor.horizon.advanced(by: Self.cutPieces))
        return min(timing.end(of: count), next)
    }
    private static let cutPieces = Duration.milliseconds(1)

    package func receiverClock(at moment: Instant) -> ReceiverClock {
        processor.uart.divisor(at: moment).receiverClock
    }

    /// What happened since the last call, in order. Without `isInterruptible` also what a busy loader is certain to
    /// have done soon.
    package mutating func takeEvents() -> [ChipEvent] {
        processor.takeEvents()
    }

    // MARK: Power

    /// Gives it power or takes it away; what was planned is off. For a program that drives the chip: nothing is noted,
    /// as it is when somebody at the bench does it (`command`).
    package mutating func switchPower(on isOn: Bool, at moment: Instant) {
        advance(to: moment)
        processor.powerPlan.replace(by: .off)
        setPower(isOn, at: moment)
        if isRunning { run() }
    }

    /// Carries out a command by hand. It ends the schedule, which is noted if anything was left of it. What was itself
    /// asked for by hand goes on after a reset: a cycle gives power back at its time.
    package mutating func command(_ command: ChipCommand, at moment: Instant) {
        advance(to: moment)
        if !processor.powerPlan.isByHand, !missedSwitches.isEmpty {
            processor.report(.note("the power schedule ends: power is switched by hand from now on"), at: moment)
        }
        switch command {
        case .power(let isOn): switchPower(on: isOn, at: moment)
        case .cyclePower(let off):
            switchPower(on: false, at: moment)
            let on = PowerSchedule.Switch(.start, after: Instant.zero.duration(to: moment) + off, isOn: true)
            processor.powerPlan.replace(by: PowerSchedule([on]))
            advance(to: moment)
        case .reset:
            if !processor.powerPlan.isByHand { processor.powerPlan.replace(by: .off) }
            // Where RESET_B is low already, a second one who pulls it changes nothing.
            if !isHeldInReset { reset(at: moment) }
        }
    }

    /// Carries out what is due. A driver that tells late of a host's first character may learn of a switch too late:
    /// what has run by then cannot be taken back, so power goes at the driver's time.
    private mutating func carryOutSwitches() {
        while let (moment, isOn) = processor.powerPlan.takeNext(by: processor.horizon) {
            setPower(isOn, at: isOn ? max(moment, switchedAt) : max(moment, processor.horizon))
        }
    }

    private mutating func setPower(_ isOn: Bool, at moment: Instant) {
        guard isOn != isPowered, !(isOn && processor.powerPlan.hasLostSupply) else { return }
        switchedAt = moment
        stop(at: moment)
        isPowered = isOn
        processor.report(.power(on: isOn), at: moment)
        if isOn, !isHeldInReset { start(at: moment, after: processor.settings.resetRelease) }
    }

    /// Pulls RESET_B low or lets it go (ECR6600 facts §1.1). The flash and the eFuse keep what they have.
    package mutating func holdReset(_ isHeld: Bool, at moment: Instant) {
        advance(to: moment)
        guard isHeld != isHeldInReset else { return }
        stop(at: moment)
        isHeldInReset = isHeld
        processor.report(.reset(isHeld: isHeld), at: moment)
        guard isPowered, !isHeld else { return }
        start(at: moment)
        run()
    }

    /// A pulse on RESET_B that takes no time.
    package mutating func reset(at moment: Instant) {
        holdReset(true, at: moment)
        holdReset(false, at: moment)
    }

    /// The program that ran ends; what came while none ran is reported.
    private mutating func stop(at moment: Instant) {
        if !isRunning {
            hearNothing(until: moment)
            tellUnheard(at: moment)
            unheardToldAt = nil
        }
        loader = nil
        restartCount += 1
        processor.losePower(at: moment)
    }

    /// From reset to the first program, which runs. - Parameter ramp: until the supply lets go of the reset.
    private mutating func start(at moment: Instant, after ramp: Duration = .zero) {
        prepareStart(at: moment, after: ramp)
        resume(.entered)
    }

    /// From reset to the first program.
    private mutating func prepareStart(at moment: Instant, after ramp: Duration = .zero) {
        processor.losePower(at: moment)
        processor.delay(ramp)
        processor.delay(processor.timing.powerUp)
        switch processor.settings.start {
        case .straps: break
        case .uboot, .stub, .app: processor.delay(processor.timing.romToUBoot)
        }
        if processor.settings.encryption == .standIn, !processor.efuse.control.isFlashEncrypted {
            processor.report(.note("the eFuse does not ask for encryption: data is stored as written"))
        }
        enter(processor.firstLoader)
    }

    /// Without power and in reset characters are lost.
    private mutating func hearNothing(until moment: Instant) {
        unheard += processor.uart.discard(until: moment)
        if unheardToldAt.map({ $0.duration(to: moment) >= .seconds(1) }) ?? true { tellUnheard(at: moment) }
    }

    private mutating func tellUnheard(at moment: Instant) {
        guard unheard > 0 else { return }
        processor.report(isPowered ? .heldInReset(unheard) : .unpowered(unheard), at: moment)
        unheard = 0
        unheardToldAt = moment
    }

    // MARK: Running

    private mutating func enter(_ new: any Loader) {
        loader = new
        processor.timer = nil
        processor.report(.loader(new.name))
    }

    /// Lets the loader go on, and those that it jumps to: one after the other and not within each other, because a host
    /// that sends fast decides how many there are.
    private mutating func resume(_ cause: Wake) {
        var cause = cause
        while true {
            loader?.resume(&processor, cause)
            let overruns = processor.uart.takeOverruns()
            if overruns > 0 { processor.report(.overrun(overruns)) }
            if processor.resetRequested {
                restartCount += 1
                prepareStart(at: processor.now)
            } else if let next = processor.takeNext() {
                enter(next)
            } else {
                return
            }
            cause = .entered
        }
    }

    /// Lets the loader go on until the story told so far is used up.
    private mutating func run() {
        // Now, and not with the next character, which may never come.
        defer { processor.reportClearedCharacters(by: processor.horizon) }
        while !processor.isBusy {
            let character = processor.uart.nextCharacter(now: processor.now)
            if let timer = processor.timer, timer <= processor.horizon, character.map({ $0 > timer }) ?? true {
                processor.idle(until: timer)
                processor.timer = nil
                resume(.timer)
            } else if let character, character <= processor.horizon {
                resume(.characters)
            } else {
                return
            }
        }
        processor.uart.settle(at: processor.horizon)
    }
}
