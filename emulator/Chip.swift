package import Line
import Wire

/// An ECR6600 with its flash, seen from its UART.
///
/// ```
/// host's characters → UART's FIFO → loader → flash
///                  ←  transmitter ←
/// ```
/// The loader (`MaskROM`, `UBoot`, `Stub`, `Application`) is straight-line code on a `Processor`; the chip decides when
/// it runs: when a character has arrived, when its timer has run out, and not while it is busy.
package struct Chip: Machine {
    /// When the chip gets its power.
    package enum Power: Hashable, Sendable {
        case on
        /// Only when `switchPower` says so.
        case off
        /// So long after the first character that the host sends.
        case afterFirstCharacter(Duration)
    }

    private var processor: Processor
    private var loader: (any Loader)?
    /// Whether there is a supply.
    package private(set) var isPowered = false
    /// Whether RESET_B is low.
    package private(set) var isHeldInReset = false
    private var powerPlan: Power
    private var powerAt: Instant?
    /// Characters that came without power and have not been told of; told at once, then once a second.
    private var unheard = 0
    private var unheardToldAt: Instant?

    /// - Parameters:
    ///   - rom: contents of the mask ROM, at most 64 KB, for command 98; the project holds none.
    ///   - power: `.on` is at `Instant.zero`.
    package init(
        settings: ChipSettings, flash: NORFlash, efuse: EFuse = .sample, rom: [UInt8] = [], power: Power = .on
    ) {
        let uart = UART(fifoDepth: settings.fifoDepth, isPaced: settings.timing.pacesCharacters)
        processor = Processor(
            uart: uart, flash: flash, memory: MemoryMap(rom: rom), efuse: efuse, settings: settings)
        powerPlan = power
        if power == .on { powerAt = .zero }
    }

    package var settings: ChipSettings { processor.settings }
    package var flash: NORFlash { processor.flash }
    package var efuse: EFuse { processor.efuse }
    /// What runs on it; nil without power and in reset.
    package var loaderName: String? { loader?.name }

    // MARK: Machine

    package mutating func receive(_ characters: Span<UInt8>, timing: RunTiming) {
        if case .afterFirstCharacter(let delay) = powerPlan, powerAt == nil, !isPowered {
            powerAt = timing.start.advanced(by: delay)
        }
        processor.uart.receive(characters, timing: timing)
    }

    package mutating func advance(to now: Instant) {
        processor.advanceHorizon(to: now)
        if let moment = powerAt, moment <= now {
            powerAt = nil
            powerPlan = .off
            switchOn(at: moment)
        }
        if loader == nil {
            hearNothing(until: now)
        } else {
            run()
        }
    }

    package mutating func transmit(into characters: inout [UInt8]) -> RunTiming? {
        guard let first = processor.uart.leaving.first, first.timing.start <= processor.horizon else { return nil }
        return processor.uart.transmit(into: &characters)
    }

    package var deadline: Instant? {
        guard loader != nil else { return powerAt }
        let leaving = processor.uart.leaving.first?.timing.start
        let waking: Instant? =
            processor.isBusy
            ? processor.now
            : [processor.timer, processor.uart.nextCharacter(now: processor.now)].compactMap { $0 }.min()
        return [leaving, waking, powerAt].compactMap { $0 }.min()
    }

    package func receiverClock(at moment: Instant) -> ReceiverClock {
        processor.uart.divisor(at: moment).receiverClock
    }

    /// What happened since the last call, in order.
    package mutating func takeEvents() -> [ChipEvent] {
        processor.takeEvents()
    }

    // MARK: Power

    /// Gives it power or takes it away, whatever was planned.
    package mutating func switchPower(on isOn: Bool, at moment: Instant) {
        advance(to: moment)
        powerPlan = .off
        powerAt = nil
        guard isOn != isPowered else { return }
        if isOn {
            switchOn(at: moment)
            run()
        } else {
            stop(at: moment)
            isPowered = false
            processor.report(.power(on: false), at: moment)
        }
    }

    /// Pulls RESET_B low or lets it go (ECR6600 facts §1.1). A board whose adapter's RTS drives the pin calls it; a
    /// pseudo-terminal has no such line. The flash and the eFuse keep what they have.
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

    private mutating func switchOn(at moment: Instant) {
        stop(at: moment)
        isPowered = true
        processor.report(.power(on: true), at: moment)
        if !isHeldInReset { start(at: moment, after: processor.settings.resetRelease) }
    }

    /// Whatever ran runs no more; what came while nothing ran is told of.
    private mutating func stop(at moment: Instant) {
        if loader == nil {
            hearNothing(until: moment)
            tellUnheard(at: moment)
            unheardToldAt = nil
        }
        loader = nil
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
            processor.report(.note("the eFuse does not ask for encryption: everything is stored as it is written"))
        }
        enter(processor.firstLoader)
    }

    /// Without power and in reset characters reach nobody.
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
