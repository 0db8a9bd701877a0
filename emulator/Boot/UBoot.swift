import Line
import Wire

/// uboot on the way to an application: a window of 100 ms in which the sync word is taken, a check of what is in the
/// flash, and a few words on the console (ECR6600 facts §1.3, §1.4, §2).
struct UBoot: Loader {
    let version: UBootVersion
    private let column: UBootDescription
    private let reason: Reason
    var name: String { "uboot \(version.rawValue)" }

    /// Why it is this version that runs.
    enum Reason {
        /// The settings or a uboot of our own name it.
        case named
        /// The body in the flash holds a text that only this version has.
        case text(String)
        /// Nothing in the flash says which one it is.
        case unrecognised
    }

    private enum State {
        case listening
        case readingAmt
        case downloading
        /// 1.4.0 after an error: "silent 1 s delay loop, never listens"; and each version once it has provisioned.
        case stopped
    }
    private var state = State.listening
    private var failure: UBootFailure?
    private var hasPrintedHashes = false
    private var matcher = SyncMatcher(acceptsAmt: true)
    private var amtTail: [UInt8] = []
    private var download = DownloadExchange(acknowledgesPieces: true)

    init(_ version: UBootVersion, because reason: Reason = .named) {
        self.version = version
        self.reason = reason
        column = .column(for: version)
    }

    mutating func resume(_ processor: inout Processor, _ cause: Wake) {
        switch cause {
        case .entered: start(&processor)
        case .timer: windowShut(&processor)
        case .characters: break
        }
        // What comes after the window has shut is the application's.
        while !processor.isLeaving {
            let before = state
            switch state {
            case .listening: listen(&processor)
            case .readingAmt: readAmt(&processor)
            case .downloading: download.resume(&processor)
            case .stopped: waste(&processor)
            }
            if state == before { return }
        }
    }

    // MARK: On the way to the application

    private mutating func start(_ processor: inout Processor) {
        switch reason {
        case .named: break
        case .text(let text):
            processor.report(.recognised("the uboot in the flash holds \"\(text)\": it runs as \(version.rawValue)"))
        case .unrecognised:
            processor.report(
                .note("the version of uboot in the flash is unknown; it runs as \(version.rawValue) (assumption)"))
        }
        processor.setRate(.boot)
        if column.listensBeforeLoading || load(&processor) { openWindow(processor.timing.ubootWindow, &processor) }
    }

    /// The FIFO is not cleared: what came earlier and is still there counts (§1.3).
    private mutating func openWindow(_ duration: Duration, _ processor: inout Processor) {
        state = .listening
        processor.timer = processor.now.advanced(by: duration)
    }

    /// The host has said nothing, or wants the boot to go on.
    private mutating func windowShut(_ processor: inout Processor) {
        if failure != nil { return tellFailure(&processor) }
        if !column.listensBeforeLoading || load(&processor) {
            processor.jump(to: Application(processor.applicationLog))
        }
    }

    /// Flash, heap, provisioning, update, application; in this order as far as it is known. Where `no flash!` stands
    /// beside the heap line, and that without a flash there is nothing to provision or to update, is an assumption.
    /// - Returns: whether there is an application to start; if not, what comes instead has begun.
    private mutating func load(_ processor: inout Processor) -> Bool {
        let hasFlash = processor.readFlashID() != .none
        if !hasFlash { processor.send("no flash!") }
        if !column.heapLine.isEmpty { processor.send(column.heapLine) }
        if hasFlash, processor.settings.provisioning != .none {
            UBootProvisioning.run(&processor)
            state = .stopped
            return false
        }
        if hasFlash, processor.settings.update != .none { UBootUpdate.run(column, &processor) }
        failure = UBootCheck.run(column, &processor)
        if failure != nil { tellFailure(&processor) }
        return failure == nil
    }

    private mutating func tellFailure(_ processor: inout Processor) {
        guard let failure, column.onError == .printAndListen else {
            state = .stopped
            return
        }
        if column.printsHashes, !hasPrintedHashes, let line = failure.hashLine {
            processor.send(line)
            hasPrintedHashes = true
        }
        processor.send(failure.line)
        openWindow(processor.timing.ubootErrorWindow, &processor)
    }

    /// Neither listens nor speaks: what arrives fills the FIFO and overruns.
    private func waste(_ processor: inout Processor) {
        processor.idle(until: processor.horizon)
        processor.delay(.seconds(1))
    }

    // MARK: In the window

    private mutating func listen(_ processor: inout Processor) {
        while let byte = processor.receive() {
            switch matcher.feed(byte) {
            case .sync:
                processor.timer = nil
                download.begin(&processor)
                state = .downloading
                return
            case .amt:
                processor.timer = nil
                state = .readingAmt
                return
            case nil:
                continue
            }
        }
    }

    /// "amt_" and seven bytes: a digit at the end lets the boot go on at once, with an empty FIFO; anything else falls into
    /// the download as if synchronised, and what is in the FIFO counts (§1.4).
    private mutating func readAmt(_ processor: inout Processor) {
        guard processor.receive(atMost: BootProtocol.amtTailCount - amtTail.count, into: &amtTail) > 0 else { return }
        guard let last = amtTail.last, amtTail.count == BootProtocol.amtTailCount else { return }
        amtTail.removeAll()
        if (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(last) {
            processor.send(BootProtocol.amtAccepted)
            processor.clearReceiver(.amtAccepted)
            windowShut(&processor)
        } else {
            processor.send(BootProtocol.amtRefused)
            state = .downloading
        }
    }
}
