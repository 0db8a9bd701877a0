import Line
import Wire

/// A command frame, and the search for its answer among whatever comes (ECR6600 facts §4).
///
/// Only for commands that may be sent twice. Bytes that belong to no answer are skipped, so that text or an XMODEM
/// byte left over does not fail a command as it does in the tool of §11.1.
struct StubQuestion {
    let request: StubRequest
    /// Bytes of data in the answer.
    let dataByteCount: Int
    let patience: Duration
    let attempts: Int
    let strayTimeout: Duration
    /// Whether a good answer ends with a status; EFUSE (08) alone has none (§4.3).
    var carriesStatus = true
    private(set) var asked = 0
    private(set) var lastRefusal: StubStatus?

    init(
        _ request: StubRequest, dataByteCount: Int = 0, patience: Duration, attempts: Int, strayTimeout: Duration
    ) {
        self.request = request
        self.dataByteCount = dataByteCount
        self.patience = patience
        self.attempts = attempts
        self.strayTimeout = strayTimeout
    }

    /// Sends the command; what came before belongs to nobody.
    mutating func ask(_ port: inout HostPort) {
        port.discardInput()
        let bytes = request.bytes
        port.send(bytes)
        port.wait(patience, afterSending: bytes.count)
        asked += 1
    }

    /// The answer, once it is there whole with its sum right. After stray bytes the deadline comes nearer, since
    /// whatever sent them has not read the command.
    mutating func answer(_ port: inout HostPort) -> StubAnswer? {
        port.logMagic()
        while let start = port.input.firstIndex(of: StubAnswer.marker) {
            if start > 0 { port.consume(start) }
            guard port.input.count >= 2 else { return nil }
            let command = StubCommand(rawValue: port.input[1])
            guard command == request.command || command == .unknown else {
                port.consume(1)
                continue
            }
            // The length of an FF answer is stale (§4.1); a refusal carries no data, whatever its length says.
            guard port.input.count >= StubAnswer.frameByteCount else { return nil }
            let announced = Int(port.input[2]) | Int(port.input[3]) << 8
            let length = command == .unknown ? 0 : announced
            guard length == 0 || length == dataByteCount else {
                port.consume(1)
                continue
            }
            let hasStatus = carriesStatus || length == 0
            let count = length + StubAnswer.frameByteCount - (hasStatus ? 0 : 1)
            guard port.input.count >= count else { return nil }
            if let answer = parse(port.input.span.extracting(first: count), hasStatus: hasStatus),
                answer.status != .success || answer.data.count == dataByteCount
            {
                port.consume(count)
                lastRefusal = answer.status == .success ? nil : answer.status
                port.understood()
                notice(answer.status, &port)
                return answer
            }
            port.notice(.damagedAnswer)
            port.consume(1)
        }
        if !port.input.isEmpty {
            port.discardInput()
            let sooner = port.now.advanced(by: strayTimeout)
            if let deadline = port.deadline, sooner < deadline { port.deadline = sooner }
        }
        return nil
    }

    private func notice(_ status: StubStatus, _ port: inout HostPort) {
        switch status {
        // BAUD's own answer says only that the chip can be heard.
        case .success: if request.command != .baud { port.proveRate() }
        case .error: port.notice(.flashError)
        case .checksum: port.notice(.refusedBlock)
        default: port.notice(.refusedCommand)
        }
    }

    private func parse(_ frame: Span<UInt8>, hasStatus: Bool) -> StubAnswer? {
        if hasStatus { return try? StubAnswer(parsing: frame) }
        let sumOffset = frame.count - 1
        guard frame[sumOffset] == sum8(frame.extracting(first: sumOffset)) else { return nil }
        return StubAnswer(request.command, data: (StubRequest.headByteCount..<sumOffset).map { frame[$0] })
    }

    /// Asks again; false when it was asked often enough.
    mutating func again(_ port: inout HostPort, because reason: String) -> Bool {
        guard asked < attempts else { return false }
        port.retry("\(request.command): \(reason), asking again")
        ask(&port)
        return true
    }

    /// What the last attempt came to.
    var trouble: String {
        if let lastRefusal { return "the stub answered \(request.command) with “\(lastRefusal)”" }
        return "no answer to \(request.command), asked \(asked) time\(asked == 1 ? "" : "s")"
    }
}

/// A command that is over with its answer: the body of several exchanges.
struct Command: Exchange {
    var question: StubQuestion
    var remedy: String
    /// What the chip may be doing until the answer is there.
    var meanwhile = ChipState.Program.stubBusy
    /// Makes of a good answer what the flasher wants to know.
    var finding: @Sendable (StubAnswer) -> Finding

    init(_ question: StubQuestion, remedy: String, finding: @escaping @Sendable (StubAnswer) -> Finding) {
        self.question = question
        self.remedy = remedy
        self.finding = finding
    }

    mutating func begin(_ port: inout HostPort) {
        port.chip.program = meanwhile
        question.ask(&port)
    }

    mutating func receive(_ port: inout HostPort) -> Progress {
        guard let answer = question.answer(&port) else { return .waiting }
        if answer.status == .success {
            port.chip.program = .stub
            return .done(finding(answer))
        }
        let again = question.again(&port, because: "refused with “\(answer.status)”")
        return again ? .waiting : failure
    }

    mutating func timeout(_ port: inout HostPort) -> Progress {
        question.again(&port, because: "no answer") ? .waiting : failure
    }

    private var failure: Progress { .failed(Fault(what: question.trouble + ".", remedy: remedy)) }
}
