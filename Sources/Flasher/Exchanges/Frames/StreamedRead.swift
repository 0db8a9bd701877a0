import Line
import Wire
import Words

/// Command 03 as RDTool reads: one request for all of it, and then frames of up to 64 KB that need nothing from the host
/// (ECR6600 facts §4.3, §11.3).
///
/// How it goes on after a damaged frame is not known. Ours listens until the stub has come to its end, which it does
/// whatever the host says, and asks for the rest, from the first frame that was not good.
struct StreamedRead: Exchange {
    private enum State { case frames, draining, abandoning }

    /// The most that the stub puts into one frame.
    private static let longestFrameByteCount = 0x10000

    private let settings: FlasherSettings
    private let traits: StubTraits
    private let range: Range<Int>
    private var state = State.frames
    private var bytes: [UInt8] = []
    /// Offset at which the current request ends.
    private var requestEnd = 0
    private var asked = 0
    /// When a line that is never quiet is taken for quiet.
    private var drainEnd = Instant.zero
    /// Bytes that log lines were said for.
    private var logged = 0

    /// - Parameter range: not empty, inside the flash.
    init(_ settings: FlasherSettings, _ traits: StubTraits, range: Range<Int>) {
        self.settings = settings
        self.traits = traits
        self.range = range
        bytes.reserveCapacity(range.count)
    }

    mutating func begin(_ port: inout HostPort) {
        request(&port)
    }

    private mutating func request(_ port: inout HostPort) {
        // The whole range, unless the stub is one that long requests damage (§4.3).
        requestEnd = min(bytes.count + (traits.takesLongUploads ? range.count : traits.uploadByteCount), range.count)
        let request = StubRequest(
            .flashUpload, address: UInt32(range.lowerBound + bytes.count), length: UInt32(requestEnd - bytes.count))
        port.discardInput()
        port.send(request.bytes)
        port.chip.program = .stubBusy
        patient(&port, beside: request.bytes.count)
        asked += 1
        state = .frames
    }

    /// The rest of a frame needs its time on the wire as well.
    /// - Parameter beside: bytes that have still to leave.
    private func patient(_ port: inout HostPort, beside sent: Int = 0) {
        let whole = frameDataByteCount + StubAnswer.frameByteCount
        port.wait(settings.answerTimeout, afterSending: sent + max(0, whole - port.input.count))
    }

    mutating func receive(_ port: inout HostPort) -> Progress {
        switch state {
        case .draining, .abandoning:
            port.discardInput()
            port.wait(settings.blockQuiet, noLaterThan: drainEnd)
            return .waiting
        case .frames:
            while let progress = takeFrame(&port) {
                guard case .waiting = progress else { return progress }
            }
            return .waiting
        }
    }

    mutating func timeout(_ port: inout HostPort) -> Progress {
        switch state {
        case .frames: return takeRefusal(&port) ?? again(because: "no whole frame", &port)
        case .draining:
            request(&port)
            return .waiting
        case .abandoning:
            port.chip.program = .stub
            return .done(.nothing)
        }
    }

    /// The stub sends to the end of its request, whatever the host does: up to a whole flash.
    mutating func abandon(_ port: inout HostPort) -> Bool {
        drain(.abandoning, &port)
        return true
    }
}

// MARK: - Frames

extension StreamedRead {
    private var frameDataByteCount: Int { min(Self.longestFrameByteCount, requestEnd - bytes.count) }

    /// Takes the frame at the head of the input. - Returns: nil when more has to come.
    private mutating func takeFrame(_ port: inout HostPort) -> Progress? {
        port.logMagic()
        guard let start = port.input.firstIndex(of: StubAnswer.marker) else {
            port.discardInput()
            return nil
        }
        if start > 0 { port.consume(start) }
        guard port.input.count >= StubAnswer.frameByteCount else { return nil }
        let count = frameDataByteCount
        // 65,536 is announced as 0 (§4.3).
        let announced = Int(port.input[2]) | Int(port.input[3]) << 8
        guard port.input[1] == StubCommand.flashUpload.rawValue, announced == count & 0xFFFF else {
            if let progress = takeRefusal(&port) { return progress }
            port.consume(1)
            return .waiting
        }
        patient(&port)
        log(upTo: bytes.count + min(port.input.count - StubRequest.headByteCount, count), &port)
        guard port.input.count >= count + StubAnswer.frameByteCount else { return nil }
        guard isIntact(port.input.span.extracting(first: count + StubAnswer.frameByteCount)) else {
            // An answer all the same: nothing that timed out.
            port.understood()
            port.notice(.damagedAnswer)
            return again(because: "a damaged frame", &port)
        }
        bytes += port.input[StubRequest.headByteCount..<(StubRequest.headByteCount + count)]
        port.consume(count + StubAnswer.frameByteCount)
        asked = 0
        port.report(.progress(port.phase, done: bytes.count, total: range.count))
        if bytes.count == range.count {
            port.chip.program = .stub
            return .done(.bytes(bytes))
        }
        if bytes.count == requestEnd { request(&port) }
        return .waiting
    }

    /// A refusal at the head of the input: `5A 03 00 00 02 5F`, or FF with a stale length (§4.1, §4.2). The former may as
    /// well begin a frame of 64 KB, so it is only looked for where no such frame can be, or when nothing more comes.
    private mutating func takeRefusal(_ port: inout HostPort) -> Progress? {
        guard port.input.count >= StubAnswer.frameByteCount,
            [StubCommand.flashUpload.rawValue, StubCommand.unknown.rawValue].contains(port.input[1]),
            port.input[4] != StubStatus.success.rawValue, port.input[5] == sum8(port.input.span.extracting(first: 5))
        else { return nil }
        let status = StubStatus(rawValue: port.input[4])
        port.understood()
        port.notice(.refusedCommand)
        return again(because: "“\(status)”", &port)
    }

    /// Whether status and sum are right. Of a full frame the sum covers the first five bytes only (§10).
    private func isIntact(_ frame: Span<UInt8>) -> Bool {
        let isFull = frame.count == Self.longestFrameByteCount + StubAnswer.frameByteCount
        let sum = sum8(frame.extracting(first: isFull ? 5 : frame.count - 1))
        return frame[frame.count - 2] == StubStatus.success.rawValue && frame[frame.count - 1] == sum
    }

    private mutating func log(upTo count: Int, _ port: inout HostPort) {
        while logged < range.count, min(logged + RDToolLog.uploadLineByteCount, range.count) <= count {
            port.log(
                RDToolLog.uploaded(block: logged / Self.longestFrameByteCount, address: range.lowerBound + logged))
            logged += RDToolLog.uploadLineByteCount
        }
    }

    private mutating func again(because reason: String, _ port: inout HostPort) -> Progress {
        let place = hex(range.lowerBound + bytes.count)
        guard asked < settings.blockAttempts else {
            return .failed(
                Fault(
                    what: "the upload broke off at \(place): \(reason), asked \(asked) times.",
                    remedy: "The line loses bytes: shorter wires, a better ground, a lower baud."))
        }
        port.retry("\(StubCommand.flashUpload): \(reason) at \(place), asking again")
        drain(.draining, &port)
        return .waiting
    }

    private mutating func drain(_ next: State, _ port: inout HostPort) {
        state = next
        port.discardInput()
        let rest = requestEnd - bytes.count
        drainEnd = port.now.advanced(by: settings.answerTimeout + port.wireTime(rest))
        port.wait(settings.blockQuiet)
    }
}
