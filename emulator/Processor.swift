import Digests
import Line
import Wire

/// The chip as its programs see it: a processor with its own sense of time, a UART, flash, eFuse, memory.
///
/// A loader is written as straight-line code. What takes time moves `now` ahead of the moment up to which the driver has
/// told the story (`horizon`); until the driver catches up the loader is not asked, and what arrives meanwhile fills the
/// receive FIFO and then overruns, exactly as while the real loader erases, programs, waits or hashes.
struct Processor {
    /// The processor's time.
    private(set) var now = Instant.zero
    /// How far the driver has told what arrives. Nothing later is looked at.
    private(set) var horizon = Instant.zero
    /// When the loader wants to be woken although nothing has arrived. It reads nothing that arrives later than this.
    var timer: Instant?

    var uart: UART
    var flash: NORFlash
    var memory: MemoryMap
    let efuse: EFuse
    let settings: ChipSettings
    private(set) var events: [ChipEvent] = []
    private(set) var next: (any Loader)?

    init(uart: UART, flash: NORFlash, memory: MemoryMap, efuse: EFuse, settings: ChipSettings) {
        self.uart = uart
        self.flash = flash
        self.memory = memory
        self.efuse = efuse
        self.settings = settings
    }

    var timing: ChipTiming { settings.timing }

    // MARK: Time

    /// Does nothing else for a while.
    mutating func delay(_ duration: Duration) {
        now = now.advanced(by: duration)
    }

    /// Whether it is still busy with what was asked of it earlier.
    var isBusy: Bool { now > horizon }

    mutating func advanceHorizon(to moment: Instant) {
        horizon = max(horizon, moment)
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
    /// - Returns: how many; 0 when there are none or the processor is busy; fewer than `limit` although more may follow.
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
    mutating func clearReceiver() {
        uart.clear(at: now)
    }

    /// Puts characters into the transmitter; the processor waits until all but a FIFO full of them have left.
    mutating func send(_ characters: [UInt8]) {
        now = uart.send(characters.span, at: now)
    }

    mutating func send(_ character: UInt8) {
        send([character])
    }

    /// Switches the UART's divisor now.
    mutating func setBaud(_ baud: Int, divisor: BaudDivisor) {
        uart.setRate(divisor.rate, from: now)
        report(.baud(baud))
    }

    // MARK: Flash

    /// Erases with the 4 KB command and waits.
    mutating func eraseSectors(_ count: Int, at address: Int) {
        flash.eraseSectors(count, at: address)
        delay(timing.flash.sectorErase * count)
    }

    /// Erases one 32 KB (52) or 64 KB (D8) block and waits.
    mutating func eraseBlock(of byteCount: Int, at address: Int) {
        flash.eraseSectors(byteCount / NORFlash.sectorByteCount, at: address)
        delay(byteCount == 32 << 10 ? timing.flash.block32Erase : timing.flash.block64Erase)
    }

    /// Erases the whole chip and waits.
    mutating func eraseChip() {
        flash.eraseSectors(flash.byteCount / NORFlash.sectorByteCount, at: 0)
        delay(timing.flash.chipErase(byteCount: flash.byteCount))
    }

    /// Programs page by page and waits.
    mutating func program(_ bytes: Span<UInt8>, at address: Int) {
        guard !bytes.isEmpty else { return }
        flash.program(bytes, at: address)
        let pages =
            (address + bytes.count - 1) / NORFlash.pageByteCount - address / NORFlash.pageByteCount + 1
        delay(timing.flash.pageProgram * pages)
    }

    /// SHA-256 over a range of flash, and the time it takes.
    mutating func hash(_ range: Range<Int>) -> [UInt8] {
        delay(timing.hashPerKilobyte * ((range.count + 1023) / 1024))
        return SHA256.of(flash.bytes(range))
    }

    // MARK: Power

    /// Everything that is not kept without power is gone; its time begins anew at `moment`.
    mutating func losePower(at moment: Instant) {
        now = moment
        timer = nil
        next = nil
        uart.reset(at: moment)
    }

    // MARK: Programs

    /// Jumps to another program; it starts when the one that calls returns.
    mutating func jump(to loader: any Loader) {
        next = loader
    }

    /// Whether it is about to jump.
    var isLeaving: Bool { next != nil }

    mutating func takeNext() -> (any Loader)? {
        defer { next = nil }
        return next
    }

    // MARK: Telling

    mutating func report(_ kind: ChipEvent.Kind, at moment: Instant? = nil) {
        events.append(ChipEvent(time: moment ?? now, kind: kind))
    }

    mutating func takeEvents() -> [ChipEvent] {
        defer { events.removeAll() }
        return events
    }

    /// What has no defined outcome on the chip: says so, then does as the settings want.
    mutating func undefined(_ what: String) {
        report(.note("undefined on the chip: \(what); it is \(settings.undefined.rawValue) now (option of ours)"))
        switch settings.undefined {
        case .silent: jump(to: Wedged())
        case .reset: jump(to: settings.firstLoader(stub: settings.stub ?? .community))
        }
    }
}
