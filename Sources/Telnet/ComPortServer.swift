package import Line

/// The access server's end of one connection (RFC 2217): takes a client's stream apart into data and what it wants done to
/// the serial port, and makes the stream that goes to the client. It has no I/O.
///
/// ```
/// client's bytes → next(in:from:) → data, actions
///         output ← send, confirm  ← data, what has been done
/// ```
/// The port has eight data bits, no parity and no flow control, as the ECR6600's loaders want it: who asks for something else
/// is answered with what there is, as the RFC has it.
package struct ComPortServer: Sendable {
    package enum Event: Hashable, Sendable {
        /// The client has sent `data`.
        case data
        case action(ComPortAction)
        /// Something that the person at the bench should know, as a sentence without a full stop.
        case remark(String)
    }

    /// What is to be sent to the client.
    package var output = Queue<UInt8>()
    /// Whether the client wants nothing sent, neither data nor answers, until it says so (§5).
    package private(set) var isSuspended = false
    /// The rate that the client has asked for last, in bits per second: what it sends from then on goes out at that.
    package private(set) var baud: Int

    /// What a port has whose client has set nothing: an assumption, the ROM's rate.
    package static let firstBaud = 115_200

    private var parser = TelnetParser()
    private var negotiation = OptionNegotiation(
        ours: [.binary, .suppressGoAhead, .comPort], theirs: [.binary, .suppressGoAhead, .comPort])
    private var stopBits = FrameFormat.StopBits.one
    /// DTR and RTS as the client has asked for them last; released at first.
    private var asserted: ControlLines = []
    private var isBreaking = false
    /// The lines that the port sees, as the client was told last.
    private var seen: ControlLines = []
    /// Which changes the client wants to be notified of (§4): at first those of every line, and none of the receiver.
    private var modemStateMask: UInt8 = 0xFF
    private var hasRemarked = false

    package init(baud: Int = firstBaud) {
        self.baud = baud
    }

    // MARK: To the client

    /// A client has connected: proposes what both ends should do.
    package mutating func begin() {
        for (verb, option) in [
            (.will, .binary), (.do, .binary), (.will, .suppressGoAhead), (.do, .suppressGoAhead), (.do, .comPort),
        ] as [(TelnetVerb, TelnetOption)] {
            negotiation.propose(verb, option)
            append(verb, option)
        }
    }

    /// Sends what the port has received.
    package mutating func send(_ bytes: Span<UInt8>) {
        var start = 0
        for index in bytes.indices where bytes[index] == TelnetCode.escape {
            output.append(contentsOf: bytes.extracting(start..<(index + 1)))
            output.append(TelnetCode.escape)
            start = index + 1
        }
        output.append(contentsOf: bytes.extracting(start..<bytes.count))
    }

    /// An action has been carried out.
    package mutating func confirm(_ action: ComPortAction) {
        switch action {
        case .baud(let baud): answer(.baudRate, Self.octets(of: baud))
        case .line(.dataTerminalReady, let isAsserted):
            answer(.control, [isAsserted ? ComPortControl.dtrOn : ComPortControl.dtrOff])
        case .line(_, let isAsserted):
            answer(.control, [isAsserted ? ComPortControl.rtsOn : ComPortControl.rtsOff])
        case .breakState(let isOn): answer(.control, [isOn ? ComPortControl.breakOn : ComPortControl.breakOff])
        case .breakKey: break
        // Receive, transmit and both buffers: the RFC counts them as we do.
        case .purge(let queues): answer(.purge, [queues.rawValue])
        }
    }

    /// The port sees these of its lines asserted; the client is notified of changes that its mask selects.
    package mutating func see(_ lines: ControlLines) {
        let octet = ModemState.octet(lines, before: seen)
        seen = lines
        guard octet & 0x0F & modemStateMask != 0 else { return }
        answer(.modemState, [octet & modemStateMask])
    }

    // MARK: From the client

    /// What the client has sent, after `.data`.
    package var data: [UInt8] { parser.data }

    /// The next thing in a piece of the client's stream; nil when it is used up.
    /// - Parameter index: where to go on in it; 0 for a new piece.
    package mutating func next(in bytes: Span<UInt8>, from index: inout Int) -> Event? {
        while let element = parser.next(in: bytes, from: &index) {
            switch element {
            case .data: return .data
            case .breakKey: return .action(.breakKey)
            case .negotiation(let verb, let option): negotiate(verb, option)
            case .subnegotiation(.comPort):
                guard let number = parser.parameters.first, let code = ComPortCode(rawValue: number) else { continue }
                if let event = obey(code, Array(parser.parameters.dropFirst())) { return event }
            case .subnegotiation: break
            }
        }
        return nil
    }

    private mutating func negotiate(_ verb: TelnetVerb, _ option: TelnetOption) {
        let wasComPort = isComPort
        if let answer = negotiation.answer(verb, option) { append(answer, option) }
        // Once without a change, for clients that wait to hear of the lines at all.
        if isComPort, !wasComPort { answer(.modemState, [ModemState.octet(seen, before: seen) & modemStateMask]) }
    }

    private var isComPort: Bool { negotiation.isAgreed(.will, .comPort) || negotiation.isAgreed(.do, .comPort) }

    /// - Parameter value: its parameters; where they are not what the RFC has, nothing is done.
    private mutating func obey(_ code: ComPortCode, _ value: [UInt8]) -> Event? {
        switch (code, value.first) {
        case (.signature, nil): answer(code, Array("solderless".utf8))
        // The client's own, or a command without its value.
        case (.signature, _), (.purge, nil), (.control, nil), (.lineStateMask, nil), (.modemStateMask, nil): break
        case (.baudRate, _): return setBaud(value)
        case (.dataSize, let asked?): return set(code, asked, to: 8, "\(asked) data bits")
        case (.parity, let asked?): return set(code, asked, to: 1, "parity")
        case (.stopSize, let asked?): return setStopSize(asked)
        case (.dataSize, nil), (.parity, nil), (.stopSize, nil): break
        case (.control, let asked?): return control(asked)
        // The receiver has nothing to report, and the lines are what they are.
        case (.lineState, _): answer(code, [0])
        case (.modemState, _): answer(code, [ModemState.octet(seen, before: seen)])
        case (.suspend, _): isSuspended = true
        case (.resume, _): isSuspended = false
        case (.lineStateMask, let mask?): answer(code, [mask])
        case (.modemStateMask, let mask?):
            modemStateMask = mask
            answer(code, [mask])
        case (.purge, let which?): return Queues(rawValue: which).map { .action(.purge($0)) }
        }
        return nil
    }

    /// Four octets, most significant first; 0 asks (§2).
    private mutating func setBaud(_ value: [UInt8]) -> Event? {
        guard value.count == 4 else { return nil }
        let asked = value.reduce(0) { $0 << 8 | Int($1) }
        guard asked > 0 else {
            answer(.baudRate, Self.octets(of: baud))
            return nil
        }
        baud = asked
        return .action(.baud(asked))
    }

    /// One and two stop bits; a second one is idle time, which every receiver takes.
    private mutating func setStopSize(_ asked: UInt8) -> Event? {
        switch asked {
        case 1: stopBits = .one
        case 2: stopBits = .two
        default: break
        }
        return set(.stopSize, asked, to: stopBits == .one ? 1 : 2, "another stop size")
    }

    /// Answers with what there is. - Parameter name: what was asked for.
    private mutating func set(_ code: ComPortCode, _ asked: UInt8, to value: UInt8, _ name: String) -> Event? {
        answer(code, [value])
        return asked == 0 || asked == value ? nil : refusal(of: name)
    }

    private mutating func control(_ asked: UInt8) -> Event? {
        switch asked {
        case ComPortControl.queryFlow, ComPortControl.flowByDCD, ComPortControl.flowByDSR, ComPortControl.setFlow:
            return set(.control, asked, to: ComPortControl.noFlow, "flow control")
        case ComPortControl.queryInboundFlow:
            answer(.control, [ComPortControl.noInboundFlow])
        case ComPortControl.inboundFlowByDTR, ComPortControl.setInboundFlow:
            return set(.control, asked, to: ComPortControl.noInboundFlow, "flow control")
        case ComPortControl.queryBreak:
            answer(.control, [isBreaking ? ComPortControl.breakOn : ComPortControl.breakOff])
        case ComPortControl.breakOn, ComPortControl.breakOff:
            isBreaking = asked == ComPortControl.breakOn
            return .action(.breakState(isOn: isBreaking))
        case ComPortControl.queryDTR:
            answer(.control, [asserted.contains(.dataTerminalReady) ? ComPortControl.dtrOn : ComPortControl.dtrOff])
        case ComPortControl.queryRTS:
            answer(.control, [asserted.contains(.requestToSend) ? ComPortControl.rtsOn : ComPortControl.rtsOff])
        case ComPortControl.dtrOn: return set(.dataTerminalReady, isAsserted: true)
        case ComPortControl.dtrOff: return set(.dataTerminalReady, isAsserted: false)
        case ComPortControl.rtsOn: return set(.requestToSend, isAsserted: true)
        case ComPortControl.rtsOff: return set(.requestToSend, isAsserted: false)
        default: break
        }
        return nil
    }

    private mutating func set(_ line: ControlLines, isAsserted: Bool) -> Event? {
        if isAsserted { asserted.insert(line) } else { asserted.remove(line) }
        return .action(.line(line, isAsserted: isAsserted))
    }

    /// Said once a connection.
    private mutating func refusal(of name: String) -> Event? {
        guard !hasRemarked else { return nil }
        hasRemarked = true
        return .remark(
            "the client asks for \(name) and is answered with what the port has: eight data bits, no parity, one or two "
                + "stop bits, no flow control, as the ECR6600 speaks")
    }

    // MARK: Bytes

    private mutating func append(_ verb: TelnetVerb, _ option: TelnetOption) {
        for byte in [TelnetCode.escape, verb.rawValue, option.number] { output.append(byte) }
    }

    private mutating func answer(_ code: ComPortCode, _ value: [UInt8]) {
        for byte in [TelnetCode.escape, TelnetCode.begin, TelnetOption.comPort.number, code.ofServer] {
            output.append(byte)
        }
        send(value.span)
        for byte in [TelnetCode.escape, TelnetCode.end] { output.append(byte) }
    }

    private static func octets(of baud: Int) -> [UInt8] {
        [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: baud >> $0) }
    }
}
