import Line

/// The chip as its programs see it: a processor with its own sense of time, a UART, flash, eFuse, memory.
///
/// A loader is written as straight-line code. What takes time moves `now` ahead of the moment up to which the driver
/// has told the story (`horizon`); until the driver catches up the loader is not asked, and what arrives meanwhile
/// fills the receive FIFO and then overruns, exactly as while the real loader erases, programs, waits or hashes.
struct Processor {
    /// The processor's time.
    private(set) var now = Instant.zero
    /// How far the driver has told what arrives. Nothing later is looked at.
    private(set) var horizon = Instant.zero
    /// When the loader wants to be woken although nothing has arrived. It reads nothing that arrives later than this.
    var timer: Instant?

    var uart: UART
    var flash: NORFlash
    /// What the flash held before operations that have yet to end in the driver's time.
    var flashHistory = FlashHistory()
    /// When the supply is switched; what the flash does may be what a switch waits for.
    var powerPlan: PowerPlan
    var memory: MemoryMap
    var efuse: EFuse
    /// The chip's random numbers: of a seed, like everything that is left to chance.
    var random: SplitMix64
    let settings: ChipSettings
    /// Why the FIFO was last reset.
    private var lastReset = ChipEvent.FIFOReset.synchronised
    private(set) var events: [ChipEvent] = []
    private(set) var next: (any Loader)?
    /// Whether the chip is to start again as after power-on.
    private(set) var resetRequested = false

    init(
        uart: UART, flash: NORFlash, memory: MemoryMap, efuse: EFuse, settings: ChipSettings, powerPlan: PowerPlan
    ) {
        self.uart = uart
        self.flash = flash
        self.memory = memory
        self.efuse = efuse
        random = SplitMix64(seed: settings.seed)
        self.settings = settings
        self.powerPlan = powerPlan
    }

    var timing: ChipTiming { settings.timing }

    // MARK: Time

    /// Does nothing else for a while.
    mutating func delay(_ duration: Duration) {
        now = now.advanced(by: duration)
    }

    /// Whether it is still busy with what was asked of it earlier; and where characters take no time, whether the
    /// driver has yet to take what it has sent.
    var isBusy: Bool { now > horizon || uart.leaving.count >= Self.mostLeaving }
    private static let mostLeaving = 1 << 20

    mutating func advanceHorizon(to moment: Instant) {
        horizon = max(horizon, moment)
        flashHistory.forget(until: horizon)
        powerPlan.settle(at: horizon)
    }

    /// The flash begins to erase now. A switch that waited for that ends the story told so far, or the loader would
    /// run on into a time in which it has no power. So does a message of which a switch may wait for the end.
    mutating func beginErase(at moment: Instant) {
        powerPlan.eraseBegins(at: moment)
        waitForSwitch(from: moment)
    }

    /// The flash begins something at which the session may be cut: the story told so far ends there.
    mutating func watchFlash(_ operation: FlashOperation) {
        if powerPlan.flashBegins(operation) { waitForSwitch(from: operation.start) }
    }

    private mutating func waitForSwitch(from moment: Instant) {
        if let stop = powerPlan.nextStop { horizon = min(horizon, max(moment, stop)) }
    }

    /// An idle processor's time passes until something wakes it.
    mutating func idle(until moment: Instant) {
        now = max(now, moment)
    }

    // MARK: UART

    /// One character, if one has arrived.
    mutating func receive() -> UInt8? {
        guard !isBusy else { return nil }
        return uart.takeOne(now: &now, horizon: min(horizon, timer ?? horizon))
    }

    /// Appends up to `limit` characters that have arrived.
    /// - Returns: how many; 0 when there are none or the processor is busy; fewer than `limit` although more may
    /// follow.
    mutating func receive(atMost limit: Int, into characters: inout [UInt8]) -> Int {
        guard !isBusy else { return 0 }
        let latest = min(horizon, timer ?? horizon)
        return uart.take(limit, now: &now, horizon: latest, into: &characters)
    }

    /// Reads everything that has arrived, for nothing.
    mutating func discardInput() {
        var unwanted: [UInt8] = []
        while receive(atMost: 4096, into: &unwanted) > 0 { unwanted.removeAll(keepingCapacity: true) }
    }

    /// Resets the receive FIFO.
    mutating func clearReceiver(_ reset: ChipEvent.FIFOReset) {
        reportClearedCharacters(by: now)
        lastReset = reset
        uart.clear(at: now)
    }

    /// Tells of characters that a reset of the FIFO by `moment` threw away.
    mutating func reportClearedCharacters(by moment: Instant) {
        let count = uart.takeCleared(by: moment)
        if count > 0 { report(.fifoReset(count, lastReset), at: uart.clearedUntil) }
    }

    /// Puts characters into the transmitter; the processor waits until all but a FIFO full of them have left.
    mutating func send(_ characters: [UInt8]) {
        let (timing, end) = uart.send(characters.span, at: now)
        if powerPlan.watchesSteps {
            powerPlan.chipSends(characters.span, timing: timing)
            waitForSwitch(from: now)
        }
        now = end
    }

    mutating func send(_ character: UInt8) {
        send([character])
    }

    mutating func send(_ text: String) {
        send(Array(text.utf8))
    }

    /// Sends an answer to a command, not faster than any real line would bring it (ECR6600 facts §13.3).
    mutating func reply(_ bytes: [UInt8]) {
        delay(timing.answerLatency)
        send(bytes)
    }

    /// Sets the UART to a loader's own rate at its start.
    mutating func setRate(_ divisor: BaudDivisor) {
        uart.setDivisor(divisor, from: now)
    }

    /// Switches the UART's divisor now, as the host asked.
    mutating func setBaud(_ baud: Int, divisor: BaudDivisor) {
        uart.setDivisor(divisor, from: now)
        report(.baud(baud))
    }

    // MARK: Power

    /// Everything that is not kept without power is gone; its time begins anew at `moment`.
    mutating func losePower(at moment: Instant) {
        flashHistory.forget(until: moment)
        flashHistory.stop(at: moment, in: &flash)
        powerPlan.takeBack(after: moment)
        events.removeAll { $0.time > moment }
        now = moment
        timer = nil
        next = nil
        resetRequested = false
        uart.reset(at: moment)
    }

    // MARK: Programs

    /// Jumps to another program; it starts when the one that calls returns.
    mutating func jump(to loader: any Loader) {
        next = loader
    }

    /// Whether it is about to jump, or to be reset.
    var isLeaving: Bool { next != nil || resetRequested }

    mutating func takeNext() -> (any Loader)? {
        defer { next = nil }
        return next
    }

    // MARK: Telling

    mutating func report(_ kind: ChipEvent.Kind, at moment: Instant? = nil) {
        events.append(ChipEvent(time: moment ?? now, kind: kind))
    }

    /// What was reported; where somebody may interrupt what the loader has run ahead with, only what has come to pass.
    mutating func takeEvents() -> [ChipEvent] {
        guard powerPlan.isInterruptible, let first = events.firstIndex(where: { $0.time > horizon }) else {
            defer { events.removeAll() }
            return events
        }
        defer { events.removeAll { $0.time <= horizon } }
        return events[..<first] + events[first...].filter { $0.time <= horizon }
    }

    /// When something that was reported ahead comes to pass, if anybody may wait for that.
    var nextEvent: Instant? {
        guard powerPlan.isInterruptible else { return nil }
        return events.lazy.map(\.time).filter { [horizon] in $0 > horizon }.min()
    }

    /// What has no defined outcome on the chip: says so, then does as the settings want.
    mutating func undefined(_ what: String) {
        report(
            .note(
                "undefined on the chip: \(what); the emulator chooses \(settings.undefined.rawValue) (--undefined)"))
        switch settings.undefined {
        case .silent: jump(to: Wedged())
        case .reset: resetRequested = true
        }
    }

    /// Never comes back from what it does, as it was seen on the chip: only power or a reset helps.
    mutating func hang(_ what: String) {
        report(.note("the stub \(what): it hangs, as on the chip, until power is cycled"))
        jump(to: Wedged(name: "nothing: the stub hangs"))
    }
}
