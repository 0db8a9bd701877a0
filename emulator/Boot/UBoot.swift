import Line
import Wire

/// uboot on the way to an application: a window of 100 ms in which the sync word is taken, a check of what is in the
/// flash, and a few words on the console (ECR6600 facts §1.3, §1.4, §2).
///
/// An update over the air that is pending and the provisioning of encryption (§2, last rows) are not modelled.
struct UBoot: Loader {
    let version: UBootVersion
    private let column: UBootDescription
    private let isGuess: Bool
    var name: String { "uboot \(version.rawValue)" }

    private enum State {
        case listening
        case readingAmt
        case downloading
        /// 1.4.0 after an error: "silent 1 s delay loop, never listens".
        case stopped
    }
    private var state = State.listening
    private var failure: UBootFailure?
    private var hasPrintedHashes = false
    private var matcher = SyncMatcher(acceptsAmt: true)
    private var amtTail: [UInt8] = []
    private var download = DownloadExchange(acknowledgesPieces: true)

    /// - Parameter isGuess: whether nothing in the flash said so; it then says so itself.
    init(_ version: UBootVersion, isGuess: Bool = false) {
        self.version = version
        self.isGuess = isGuess
        column = .column(for: version)
    }

    /// What runs when a uboot is in the flash that cannot be told: 1.4.0, a choice of ours.
    static let unrecognised = UBoot(.v140, isGuess: true)

    mutating func resume(_ processor: inout Processor, _ cause: Wake) {
        switch cause {
        case .entered: start(&processor)
        case .timer: windowShut(&processor)
        case .characters: break
        }
        // What comes after the window has shut is the application's.
        if processor.isLeaving { return }
        if state == .listening { listen(&processor) }
        if state == .readingAmt { readAmt(&processor) }
        if state == .downloading { download.resume(&processor) }
        if state == .stopped {
            processor.idle(until: processor.horizon)
            processor.delay(.seconds(1))
        }
    }

    // MARK: On the way to the application

    private mutating func start(_ processor: inout Processor) {
        if isGuess {
            processor.report(
                .note("nothing tells which uboot is in the flash: it runs as \(version.rawValue) (option of ours)"))
        }
        processor.setRate(.boot)
        guard !column.listensBeforeLoading else { return openWindow(processor.timing.ubootWindow, &processor) }
        load(&processor)
        if failure == nil { openWindow(processor.timing.ubootWindow, &processor) }
    }

    /// The FIFO is not cleared: what came earlier and is still there counts (§1.3).
    private mutating func openWindow(_ duration: Duration, _ processor: inout Processor) {
        state = .listening
        processor.timer = processor.now.advanced(by: duration)
    }

    /// The host has said nothing, or wants the boot to go on.
    private mutating func windowShut(_ processor: inout Processor) {
        if failure != nil { return tellFailure(&processor) }
        if column.listensBeforeLoading { load(&processor) }
        if failure == nil { processor.jump(to: Application(processor.settings.applicationLog)) }
    }

    /// Flash, heap, application; in this order as far as it is known. Where `no flash!` stands beside the heap line,
    /// and that secure boot is told of between header and body, is ours.
    private mutating func load(_ processor: inout Processor) {
        if processor.readFlashID() == .none { processor.send("no flash!") }
        if !column.heapLine.isEmpty { processor.send(column.heapLine) }
        let found = check(&processor)
        // A header that is wrong is found at once; anything else has been read through to its end.
        if found != .header { processor.delay(processor.timing.applicationLoad) }
        failure = found
        if found != nil { tellFailure(&processor) }
    }

    private func check(_ processor: inout Processor) -> UBootFailure? {
        let check = BootCheck(processor.flashView)
        var failure: UBootFailure?
        do throws(BootObstacle) {
            _ = try check.application(check.partitionTable())
        } catch {
            processor.report(.note("uboot does not start the application: \(error)"))
            switch error {
            case .applicationBody(let stored, let computed): failure = .body(header: stored, computed: computed)
            // The facts say nothing of a body that is longer than the flash; what it hashes to is made up.
            case .applicationBodyBeyondFlash: failure = .body(header: 0, computed: 0)
            default: return .header
            }
        }
        guard processor.efuse.control.demandsSignature else { return failure }
        processor.send(column.secureLine)
        return processor.settings.signature == .bad ? .signature : failure
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

    /// "amt_" and seven bytes: a digit at the end lets the boot go on at once; anything else falls into the download as
    /// if synchronised (§1.4).
    private mutating func readAmt(_ processor: inout Processor) {
        guard processor.receive(atMost: BootProtocol.amtTailCount - amtTail.count, into: &amtTail) > 0 else { return }
        guard let last = amtTail.last, amtTail.count == BootProtocol.amtTailCount else { return }
        amtTail.removeAll()
        if (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(last) {
            processor.send(BootProtocol.amtAccepted)
            windowShut(&processor)
        } else {
            processor.send(BootProtocol.amtRefused)
            state = .downloading
        }
    }
}
