import Line
import Wire
import Words

/// Command 91, or 97 for the same compressed: erase, `C`, blocks, EOT (ECR6600 facts §10).
///
/// The stub does not look at the order of blocks: one that is sent again although it was programmed is programmed
/// again, one block further on. So a block goes out twice only after exactly one NAK. After anything else, a lost
/// answer above all, the host cannot know where the stub stands: it ends the command with EOT and begins a new one at
/// the sector of that block, which erases what is in doubt. The SHA-256 afterwards has the last word.
///
/// 97 loses what its stream has beyond a multiple of four bytes and puts it in front of every compressed write after
/// that. Sectors leave nothing over; but a stream that breaks off may, so what follows such a break goes with 91.
struct XmodemWrite: Exchange {
    private enum State {
        case commanding, ready, block, afterNak, settling, ending(last: Bool, tries: Int), abandoning
    }

    private let settings: FlasherSettings
    private let address: Int
    private let bytes: [UInt8]
    private var question: StubQuestion
    private var state = State.commanding
    /// The host's deflate level while 97 is used; nil for 91.
    private var level: Int?
    /// Offset at which the current command began.
    private var base = 0
    /// What the current command carries.
    private var payload: BlockPayload
    private var commandedAt = Instant.zero
    private var blockLeft = Instant.zero
    private var blockTries = 0
    /// When a line that is never quiet is taken for settled.
    private var settleEnd = Instant.zero
    private var resumes = 0

    /// - Parameters:
    ///   - address: a multiple of 4096.
    ///   - bytes: a multiple of 4096 of them.
    ///   - level: 1…9 to send them compressed; nil otherwise.
    init(_ settings: FlasherSettings, address: Int, bytes: [UInt8], level: Int? = nil) {
        precondition(address % SectorPlan.sectorByteCount == 0 && bytes.count % SectorPlan.sectorByteCount == 0)
        self.settings = settings
        self.address = address
        self.bytes = bytes
        self.level = level
        question = Self.question(settings, address..<(address + bytes.count), level)
        payload = BlockPayload(bytes[...], level: level)
    }

    private static func question(_ settings: FlasherSettings, _ range: Range<Int>, _ level: Int?) -> StubQuestion {
        StubQuestion(
            StubRequest(
                level == nil ? .xmodemWrite : .xmodemWriteCompressed, address: UInt32(range.lowerBound),
                length: UInt32(range.count)),
            patience: settings.answerTimeout, attempts: settings.commandAttempts,
            strayTimeout: settings.answerTimeout)
    }

    /// Offset of the first byte that need not be in the flash yet. How far a stream has come is not looked at.
    private var acknowledged: Int { level == nil ? base + payload.acknowledged : base }

    mutating func begin(_ port: inout HostPort) {
        command(&port)
    }

    private mutating func command(_ port: inout HostPort) {
        question.ask(&port)
        commandedAt = port.now
        state = .commanding
    }

    mutating func receive(_ port: inout HostPort) -> Progress {
        switch state {
        case .commanding: return readAnswer(&port)
        case .ready: return readReady(&port)
        case .block: return readBlockAnswer(&port)
        case .afterNak:
            // More than one byte came for one block: the stub has lost its place in it.
            port.notice(.lostBlock)
            port.retry("lost bytes in the block at \(hex(address + acknowledged))")
            return settle(&port)
        case .settling:
            // A `C` says that the stub waits for a header; before it, anything may still be data to the stub.
            let isReady = port.input.last == XMODEM.ready
            port.discardInput()
            if isReady { return end(last: false, &port) }
            port.wait(settings.settleTimeout, noLaterThan: settleEnd)
            return .waiting
        case .ending(let last, let tries): return readEndAnswer(last: last, tries: tries, &port)
        case .abandoning:
            let stillThere = port.input.contains { $0 == XMODEM.ready || $0 == XMODEM.nak }
            port.discardInput()
            if stillThere { port.send(XMODEM.eot) } else { port.chip.program = .stub }
            port.wait(settings.endTimeout, afterSending: 1)
            return .waiting
        }
    }

    mutating func timeout(_ port: inout HostPort) -> Progress {
        switch state {
        case .commanding:
            // Not sent again yet: while the stub erases, a second command would be kept and then read as headers.
            port.retry("no answer to \(question.request.command) yet")
            state = .ready
            port.chip = ChipState(flash: .partlyErased, program: .stubInReceiver)
            port.wait(settings.answerTimeout + settings.sectorEraseTimeout * sectorsLeft)
            return .waiting
        case .ready:
            guard question.asked < settings.commandAttempts else {
                return .failed(Fault(what: "the stub did not ask for the first block (C).", remedy: Fault.powerCycle))
            }
            command(&port)
            return .waiting
        case .block:
            port.retry("no answer to the block at \(hex(address + acknowledged))")
            return settle(&port)
        case .afterNak:
            blockTries += 1
            guard blockTries < settings.blockAttempts else {
                return .failed(
                    Fault(
                        what: "the block at \(hex(address + acknowledged)) was refused \(blockTries) times.",
                        remedy: "The line damages bytes: shorter wires, a better ground, a lower baud. "
                            + "A back-up can be written back."))
            }
            port.retry("the block at \(hex(address + acknowledged)) was refused")
            sendBlock(&port)
            return .waiting
        case .settling: return end(last: false, &port)
        case .ending(let last, let tries): return noEndAnswer(last: last, tries: tries, &port)
        case .abandoning: return .done(.nothing)
        }
    }

    mutating func abandon(_ port: inout HostPort) -> Bool {
        port.send(XMODEM.eot)
        port.wait(settings.endTimeout, afterSending: XMODEM.blockByteCount)
        state = .abandoning
        return true
    }
}

// MARK: - Beginning

extension XmodemWrite {
    private var sectorsLeft: Int { (bytes.count - base) / SectorPlan.sectorByteCount }

    /// A command is never answered with NAK. Where one comes, the stub is still in the receiver of a command before,
    /// and its `C` must not be taken for the new one's: blocks would go where the old one stood.
    private mutating func isInOldReceiver(_ port: inout HostPort) -> Bool {
        guard port.input.contains(XMODEM.nak), !port.input.contains(StubAnswer.marker) else { return false }
        port.retry("the stub is still in its receiver; sending EOT")
        return true
    }

    private mutating func readAnswer(_ port: inout HostPort) -> Progress {
        if isInOldReceiver(&port) { return end(last: false, &port) }
        // The first `C` comes 100 ms after the answer at the earliest; then it stands for a lost answer.
        if commandedAt.duration(to: port.now) >= .milliseconds(100), port.input.last == XMODEM.ready {
            return readReady(&port)
        }
        guard let answer = question.answer(&port) else { return .waiting }
        guard answer.status == .success else {
            if answer.command == .unknown, question.asked < settings.commandAttempts {
                command(&port)
                return .waiting
            }
            return .failed(
                Fault(
                    what: question.trouble + ".",
                    remedy: (level == nil ? "" : Fault.withoutCompression) + Fault.powerCycle))
        }
        port.chip = ChipState(flash: .partlyErased, program: .stubInReceiver)
        state = .ready
        port.wait(settings.firstReadyTimeout)
        return port.input.isEmpty ? .waiting : readReady(&port)
    }

    private mutating func readReady(_ port: inout HostPort) -> Progress {
        if isInOldReceiver(&port) { return end(last: false, &port) }
        let isReady = port.input.contains(XMODEM.ready)
        port.discardInput()
        guard isReady else { return .waiting }
        port.understood()
        port.chip = ChipState(flash: .partlyWritten, program: .stubInReceiver)
        blockTries = 0
        sendBlock(&port)
        return .waiting
    }
}

// MARK: - Blocks

extension XmodemWrite {
    private mutating func sendBlock(_ port: inout HostPort) {
        port.discardInput()
        payload.sendBlock(&port)
        blockLeft = port.now.advanced(by: port.wireTime(XMODEM.blockByteCount))
        let patience = level == nil ? settings.blockTimeout : settings.compressedBlockTimeout
        port.wait(patience, afterSending: XMODEM.blockByteCount)
        state = .block
    }

    private mutating func readBlockAnswer(_ port: inout HostPort) -> Progress {
        // A `C` that left before the block arrived stands before the answer.
        if port.input.first == XMODEM.ready, port.now < blockLeft.advanced(by: settings.lateReady) {
            port.consume(1)
        }
        guard let answer = port.input.first else { return .waiting }
        guard port.input.count == 1 else { return confused(&port) }
        switch answer {
        case XMODEM.ack:
            port.consume(1)
            payload.acknowledge()
            blockTries = 0
            let done = base + payload.share(of: bytes.count - base)
            port.report(.progress(port.phase, done: done, total: bytes.count))
            if payload.isThrough { return end(last: true, &port) }
            sendBlock(&port)
            return .waiting
        case XMODEM.nak:
            port.consume(1)
            port.notice(.refusedBlock)
            port.understood()
            state = .afterNak
            port.wait(settings.nakQuiet)
            return .waiting
        default:
            return confused(&port)
        }
    }

    private mutating func confused(_ port: inout HostPort) -> Progress {
        let seen = hexBytes(port.input.prefix(8))
        port.notice(.lostBlock)
        port.retry("neither ACK nor NAK to the block at \(hex(address + acknowledged)) but \(seen)")
        let isReady = port.input == [XMODEM.ready]
        return isReady ? end(last: false, &port) : settle(&port)
    }

    private mutating func settle(_ port: inout HostPort) -> Progress {
        port.discardInput()
        state = .settling
        settleEnd = port.now.advanced(by: settings.dataTimeout)
        port.wait(settings.settleTimeout)
        return .waiting
    }
}

// MARK: - Ending

extension XmodemWrite {
    private mutating func end(last: Bool, _ port: inout HostPort) -> Progress {
        sendEnd(last: last, tries: 0, &port)
        return .waiting
    }

    private mutating func sendEnd(last: Bool, tries: Int, _ port: inout HostPort) {
        port.discardInput()
        port.send(XMODEM.eot)
        port.wait(settings.endTimeout, afterSending: 1)
        state = .ending(last: last, tries: tries)
    }

    private mutating func readEndAnswer(last: Bool, tries: Int, _ port: inout HostPort) -> Progress {
        let hasEnded = port.input.contains(XMODEM.ack)
        let isThere = port.input.contains { $0 == XMODEM.ready || $0 == XMODEM.nak }
        port.discardInput()
        if hasEnded {
            port.understood()
            if !last { port.notice(.lostBlock) }
            return ended(last: last, &port)
        }
        guard isThere else { return .waiting }
        guard tries < settings.blockAttempts else {
            return .failed(Fault(what: "the stub does not take the end of the transfer.", remedy: Fault.powerCycle))
        }
        sendEnd(last: last, tries: tries + 1, &port)
        return .waiting
    }

    /// A stub that waits for a header would have sent a `C`. One that stands in the middle of a block takes each EOT
    /// for a byte of it and waits for 2 s more: it is left alone for longer than that. To one that takes commands EOT
    /// means nothing.
    private mutating func noEndAnswer(last: Bool, tries: Int, _ port: inout HostPort) -> Progress {
        switch tries {
        case 0:
            port.retry("no answer to EOT; the stub may be inside a block: waiting until it gives up")
            port.wait(settings.settleTimeout)
            state = .ending(last: last, tries: 1)
        case 1: sendEnd(last: last, tries: 2, &port)
        default: return ended(last: last, &port)
        }
        return .waiting
    }

    private mutating func ended(last: Bool, _ port: inout HostPort) -> Progress {
        port.chip.program = .stub
        if last { return .done(.nothing) }
        resumes += 1
        guard resumes <= settings.resumes else {
            return .failed(
                Fault(
                    what: "the transfer broke off \(resumes) times, last at \(hex(address + acknowledged)).",
                    remedy: "The line loses bytes: shorter wires, a better ground, a lower baud. "
                        + "A back-up can be written back."))
        }
        base = acknowledged / SectorPlan.sectorByteCount * SectorPlan.sectorByteCount
        if base == bytes.count { return .done(.nothing) }
        port.retry("going on at \(hex(address + base))" + (level == nil ? "" : ", not compressed any more"))
        level = nil
        question = Self.question(settings, (address + base)..<(address + bytes.count), level)
        payload = BlockPayload(bytes[base...], level: level)
        command(&port)
        return .waiting
    }
}
