import Digests
import Line
import Wire
import Words

/// Command 92, or 96 for the same compressed: `C` until data come, blocks, EOT (ECR6600 facts §10, §11.2).
///
/// The stub does not check the range, the caller has. A block that comes again is acknowledged again and not kept
/// twice. If the stub gives up (CAN, from 96 two of them) or a block is missing, the rest is asked for with a new
/// command, which for 96 is a new stream: what has been inflated from good blocks stays.
struct XmodemRead: Exchange {
    private enum State { case commanding, starting, blocks, quieting, cancelling, abandoning }

    private let settings: FlasherSettings
    private let range: Range<Int>
    /// The stub's deflate level, 1…10; nil for 92.
    private let level: Int?
    /// The current command's stream.
    private var inflater = Inflater()
    private var question: StubQuestion
    private var state = State.commanding
    private var bytes: [UInt8] = []
    private var startedAt = Instant.zero
    /// Blocks that the current command has brought.
    private var blockCount = 0
    private var tries = 0
    private var repeats = 0
    private var resumes = 0
    /// When a line that is never quiet is taken for quiet.
    private var quietEnd = Instant.zero

    /// - Parameters:
    ///   - range: not empty, inside the flash.
    ///   - level: 1…10 to have it compressed; nil otherwise.
    init(_ settings: FlasherSettings, range: Range<Int>, level: Int? = nil) {
        self.settings = settings
        self.range = range
        self.level = level
        bytes.reserveCapacity(range.count + XMODEM.dataByteCount)
        question = Self.question(settings, range, level)
    }

    private static func question(_ settings: FlasherSettings, _ range: Range<Int>, _ level: Int?) -> StubQuestion {
        var request = StubRequest(.xmodemRead, address: UInt32(range.lowerBound), length: UInt32(range.count))
        if let level {
            request.command = .xmodemReadCompressed
            request.body.append(UInt8(clamping: level))
        }
        return StubQuestion(
            request,
            patience: settings.answerTimeout, attempts: settings.commandAttempts,
            strayTimeout: settings.strayTimeout)
    }

    mutating func begin(_ port: inout HostPort) {
        port.chip.program = .stubBusy
        question.ask(&port)
    }

    mutating func receive(_ port: inout HostPort) -> Progress {
        switch state {
        case .commanding:
            guard let answer = question.answer(&port) else { return .waiting }
            guard answer.status == .success else {
                return question.again(&port, because: "refused with “\(answer.status)”") ? .waiting : commandFailure
            }
            start(&port)
            return .waiting
        case .starting, .blocks: return readBlocks(&port)
        case .quieting:
            port.discardInput()
            port.wait(settings.blockQuiet, noLaterThan: quietEnd)
            return .waiting
        case .cancelling, .abandoning: return readWhileCancelling(&port)
        }
    }

    mutating func timeout(_ port: inout HostPort) -> Progress {
        switch state {
        case .commanding:
            // Its answer may have been lost, and then the stub waits for a `C` and for nothing else.
            port.retry("no answer to \(question.request.command); trying whether it waits for C")
            start(&port)
            return .waiting
        case .starting:
            if startedAt.duration(to: port.now) < settings.dataTimeout {
                sendReady(&port)
                return .waiting
            }
            guard question.asked < settings.commandAttempts else { return commandFailure }
            state = .commanding
            question.ask(&port)
            return .waiting
        case .blocks:
            // All bytes are here and only the EOT is missing: the SHA-256 will say whether they are right.
            if isComplete { return finish(&port) }
            // Either a part of a block is there and the rest is missing, or nothing came for long.
            return port.input.isEmpty ? resume("no data", &port) : refuse(&port)
        case .quieting:
            port.send(XMODEM.nak)
            state = .blocks
            port.wait(settings.dataTimeout)
            return .waiting
        case .cancelling:
            port.chip.program = .stub
            return command(&port)
        case .abandoning:
            port.chip.program = .stub
            return .done(.nothing)
        }
    }

    mutating func abandon(_ port: inout HostPort) -> Bool {
        cancel(.abandoning, &port)
        return true
    }

    private var commandFailure: Progress {
        .failed(
            Fault(
                what: question.trouble + ".", remedy: (level == nil ? "" : Fault.withoutCompression) + Fault.powerCycle)
        )
    }

    private mutating func start(_ port: inout HostPort) {
        state = .starting
        startedAt = port.now
        tries = 0
        sendReady(&port)
    }

    private func sendReady(_ port: inout HostPort) {
        port.send(XMODEM.ready)
        port.wait(settings.readyInterval, afterSending: 1)
    }
}

// MARK: - Blocks

extension XmodemRead {
    private var hasAllBytes: Bool { bytes.count >= range.count }

    /// Whether no block is wanted any more; the end of a stream may come behind its last byte.
    private var isComplete: Bool { hasAllBytes && (level == nil || inflater.status == .ended) }

    private mutating func readBlocks(_ port: inout HostPort) -> Progress {
        while let head = port.input.first {
            if state == .starting || head != XMODEM.stx {
                switch head {
                case XMODEM.stx: state = .blocks
                case XMODEM.eot where isComplete && port.input.count == 1:
                    port.send(XMODEM.ack)
                    return finish(&port)
                case XMODEM.cancel where isOnlyCancels(port.input) && state == .blocks:
                    port.discardInput()
                    return givenUp(&port)
                default:
                    if state == .starting {
                        port.consume(1)  // what is left of an answer
                        continue
                    }
                    return refuse(&port)
                }
            }
            guard port.input.count >= XMODEM.blockByteCount else {
                port.wait(settings.blockQuiet + port.wireTime(1))
                return .waiting
            }
            if let progress = takeBlock(&port) { return progress }
        }
        return .waiting
    }

    /// Takes the block that stands whole at the head of the input; nil to look for the next.
    private mutating func takeBlock(_ port: inout HostPort) -> Progress? {
        let number = try? XMODEM.blockNumber(parsing: port.input.span.extracting(first: XMODEM.blockByteCount))
        guard let number else { return refuse(&port) }
        let expected = UInt8(truncatingIfNeeded: blockCount + 1)
        if number == expected, !isComplete {
            guard keep(port.input[3..<(3 + XMODEM.dataByteCount)]) else {
                return resume("the data of 96 is not a deflate stream", &port)
            }
            blockCount += 1
            tries = 0
            repeats = 0
            let done = min(bytes.count, range.count)
            port.report(.progress(port.phase, done: done, total: range.count))
        } else if number == expected &- 1, blockCount > 0 {
            repeats += 1
            port.notice(.repeatedBlock)
            port.understood()
            port.retry("block \(number) came again")
        } else {
            return resume("block \(number) came instead of \(expected)", &port)
        }
        port.consume(XMODEM.blockByteCount)
        port.send(XMODEM.ack)
        // An EOT comes at once and again after 300 ms (§10).
        port.wait(isComplete ? settings.strayTimeout : settings.dataTimeout)
        return nil
    }

    /// Takes a block's data, or what it inflates to. - Returns: whether there was sense in it.
    private mutating func keep(_ data: ArraySlice<UInt8>) -> Bool {
        guard level != nil else {
            bytes += data
            return true
        }
        inflater.feed(Array(data), into: &bytes, limit: range.count)
        return inflater.status == .running || (inflater.status == .ended && hasAllBytes)
    }

    private func isOnlyCancels(_ input: some Collection<UInt8>) -> Bool {
        input.count <= (level == nil ? 1 : 2) && input.allSatisfy { $0 == XMODEM.cancel }
    }

    /// Waits until the rest of a damaged block is over, then asks for it again.
    private mutating func refuse(_ port: inout HostPort) -> Progress {
        tries += 1
        port.notice(.damagedAnswer)
        guard tries < settings.blockAttempts else { return resume("a block came damaged \(tries) times", &port) }
        port.retry("a block of the read at \(hex(range.lowerBound + bytes.count)) came damaged")
        port.discardInput()
        state = .quieting
        quietEnd = port.now.advanced(by: settings.answerTimeout)
        port.wait(settings.blockQuiet)
        return .waiting
    }

    private mutating func finish(_ port: inout HostPort) -> Progress {
        port.chip.program = .stub
        bytes.removeLast(bytes.count - range.count)
        return .done(.bytes(bytes))
    }
}

// MARK: - Taking up again

extension XmodemRead {
    /// The stub has sent a block ten times without an ACK and takes commands again.
    private mutating func givenUp(_ port: inout HostPort) -> Progress {
        port.chip.program = .stub
        port.notice(.cancelled)
        port.understood()
        resumes += 1
        guard resumes <= settings.resumes, repeats < settings.blockAttempts - 1 || resumes <= 1 else {
            return .failed(
                Fault(
                    what: "the stub gave up (CAN) at \(hex(range.lowerBound + bytes.count)): it sent the same block "
                        + "again and again: the host's ACKs do not seem to reach it.",
                    remedy: "The line from host to chip is weak: with an adapter at 1.8 V commands pass, but single "
                        + "ACKs do not. Check that the adapter's TX is at 3.3 V."))
        }
        port.retry("the stub gave up (CAN); going on at \(hex(range.lowerBound + bytes.count))")
        return command(&port)
    }

    private mutating func resume(_ reason: String, _ port: inout HostPort) -> Progress {
        resumes += 1
        guard resumes <= settings.resumes else {
            return .failed(
                Fault(
                    what: "the read broke off \(resumes) times, last at \(hex(range.lowerBound + bytes.count)): "
                        + "\(reason).",
                    remedy: "The line loses bytes: shorter wires, a better ground, a lower baud."))
        }
        port.retry("\(reason); going on at \(hex(range.lowerBound + bytes.count))")
        cancel(.cancelling, &port)
        return .waiting
    }

    private mutating func cancel(_ next: State, _ port: inout HostPort) {
        port.discardInput()
        // Anything but ACK makes the stub send the block again at once; after ten times it gives up.
        port.send(XMODEM.cancel)
        port.chip.program = .stubBusy
        quietEnd = port.now.advanced(by: settings.dataTimeout)
        port.wait(settings.strayTimeout)
        state = next
    }

    private mutating func readWhileCancelling(_ port: inout HostPort) -> Progress {
        let count = port.input.count
        if count % XMODEM.blockByteCount > 0, isOnlyCancels(port.input.suffix(count % XMODEM.blockByteCount)) {
            port.discardInput()
            port.chip.program = .stub
            return state == .abandoning ? .done(.nothing) : command(&port)
        }
        if count >= XMODEM.blockByteCount {
            port.discardInput()
            port.send(XMODEM.cancel)
        }
        port.wait(settings.strayTimeout, noLaterThan: quietEnd)
        return .waiting
    }

    private mutating func command(_ port: inout HostPort) -> Progress {
        if hasAllBytes { return finish(&port) }
        blockCount = 0
        inflater = Inflater()
        question = Self.question(settings, (range.lowerBound + bytes.count)..<range.upperBound, level)
        state = .commanding
        question.ask(&port)
        return .waiting
    }
}
