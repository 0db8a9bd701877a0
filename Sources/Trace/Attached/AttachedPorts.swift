package import Line
import Words

/// What the processes of a recorded program do to its ports, as events of one of them.
///
/// It is given messages as they come, and takes them in the order of their times: several processes report at once. One
/// port is recorded: the first that is opened and wanted. Of the others only the names and the number of bytes are
/// kept.
package struct AttachedPorts {
    /// A port that was opened.
    package struct Port: Hashable, Sendable {
        package let device: TerminalDevice
        /// As its first opener's system calls it; empty while that is not known.
        package fileprivate(set) var path: String
        package fileprivate(set) var byteCount = Pair(0)

        /// Its path, or `device 188:0`.
        package var name: String { path.isEmpty ? "device \(device)" : path }
    }

    /// Every port that was opened, the first one first.
    package private(set) var ports: [Port] = []
    /// The one that is recorded.
    package private(set) var recorded: TerminalDevice?
    /// What the recorder could not be told in time, of all ports.
    package private(set) var lost = Pair(0)
    package private(set) var lostOthers = 0
    /// Rates that were set, each once, the first of them.
    package private(set) var bauds: [UInt32] = []

    private let wants: (TerminalDevice, String) -> Bool
    private var order = CallOrder<Report>()
    /// What `settle` has made of the reports and hands over.
    private var events: [TraceEvent] = []
    private var holders: Set<Holder> = []
    private var programs: [UInt64: (process: UInt32, name: String)] = [:]
    private var settings: PortSettings?
    /// Those that the port had when it was opened, until the host sets others. They count once something is
    /// transferred.
    private var found: PortSettings?
    /// Without a word a trace's characters are 8N1.
    private var toldFormat = FrameFormat.eightNone1
    private var lines: TerminalLines?
    private var toldMode: TerminalMode = []
    private var hasToldFailure = false
    private var hasToldStreams = false

    /// What a process says; no message when it has ended.
    private struct Report {
        var client: UInt64
        var message: AttachedMessage?
    }

    /// Who has the recorded port open.
    private struct Holder: Hashable {
        var client: UInt64
        var descriptor: Int32
    }

    /// What anybody may claim is bounded.
    private static let mostPorts = 64
    private static let mostHolders = 4096
    private static let mostBauds = 16

    /// - Parameter wants: whether a port is to be recorded, by device and path; asked until one is.
    package init(wants: @escaping (TerminalDevice, String) -> Bool) {
        self.wants = wants
    }

    /// Whether something waits for `settle`.
    package var hasWaiting: Bool { !order.isEmpty }

    /// Hands over what happened by a moment, in order.
    package mutating func settle(by moment: Instant, _ body: (TraceEvent) -> Void) {
        var due: [(report: Report, time: Instant)] = []
        order.settle(by: moment) { due.append(($0, $1)) }
        for (report, time) in due {
            if let message = report.message {
                take(message, from: report.client, at: time)
            } else {
                leave(report.client, at: time)
            }
        }
        for event in events { body(event) }
        events.removeAll(keepingCapacity: true)
    }

    /// Takes what a process says.
    /// - Parameters:
    ///   - client: which process, by its connection.
    ///   - time: when the call had returned.
    ///   - began: when it began.
    package mutating func note(_ message: AttachedMessage, from client: UInt64, at time: Instant, began: Instant) {
        let role: CallOrder<Report>.Role =
            switch message.kind {
            case .data(.hostToChip, _): .sent(began: began)
            case .data(.chipToHost, _): .received
            default: .other
            }
        order.add(Report(client: client, message: message), role, at: time)
    }

    /// A process has ended, or become another program.
    package mutating func left(_ client: UInt64, at time: Instant) {
        order.add(Report(client: client, message: nil), .other, at: time)
    }

    private mutating func take(_ message: AttachedMessage, from client: UInt64, at time: Instant) {
        switch message.kind {
        case .hello(let process, let program):
            programs[client] = (process, program)
            return
        case .lost(let sent, let received, let others):
            return takeLoss(sent, received, others, at: time)
        case .opened(let path):
            see(message.device, path)
        case .data(let direction, let bytes):
            seeUnopened(message, from: client, at: time)
            guard let index = place(of: message.device) else { return }
            ports[index].byteCount[direction] += bytes.count
        case .settings: seeUnopened(message, from: client, at: time)
        default: break
        }
        guard message.device == recorded else { return }
        takeRecorded(message, Holder(client: client, descriptor: message.descriptor), at: time)
    }

    private mutating func leave(_ client: UInt64, at time: Instant) {
        programs[client] = nil
        let held = holders.filter { $0.client == client }
        guard !held.isEmpty else { return }
        holders.subtract(held)
        if holders.isEmpty { close(at: time) }
    }

    /// Processes that have the recorded port open, as they know themselves.
    package var holdingProcesses: [UInt32] {
        Set(holders.map(\.client)).compactMap { programs[$0]?.process }.sorted()
    }

    private func place(of device: TerminalDevice) -> Int? { ports.firstIndex { $0.device == device } }

    private mutating func see(_ device: TerminalDevice, _ path: String) {
        if let index = place(of: device) {
            guard ports[index].path.isEmpty, !path.isEmpty else { return }
            ports[index].path = path
        } else {
            guard ports.count < Self.mostPorts else { return }
            ports.append(Port(device: device, path: path))
        }
        if recorded == nil, wants(device, path) { recorded = device }
    }

    /// A port that somebody uses is open, even if the recorder was not told in time who opened it.
    private mutating func seeUnopened(_ message: AttachedMessage, from client: UInt64, at time: Instant) {
        guard place(of: message.device) == nil else { return }
        see(message.device, "")
        guard message.device == recorded else { return }
        open(Holder(client: client, descriptor: message.descriptor), at: time)
    }

    /// The library counts them for all ports together.
    private mutating func takeLoss(_ sent: Int, _ received: Int, _ others: Int, at time: Instant) {
        for (direction, count) in [(Direction.hostToChip, sent), (.chipToHost, received)] where count > 0 {
            lost[direction] = lost[direction].addingReportingOverflow(count).overflow ? .max : lost[direction] + count
            tell(.lost(direction, count: count, reason: "the recorder fell behind (all ports together)"), at: time)
        }
        guard others > 0 else { return }
        lostOthers = lostOthers.addingReportingOverflow(others).overflow ? .max : lostOthers + others
        tell(
            .note("\(others) other events are missing here: the recorder fell behind (all ports together)"), at: time)
    }

    private mutating func tell(_ kind: TraceEvent.Kind, at time: Instant) {
        events.append(TraceEvent(time, kind))
    }

    // MARK: The recorded port

    private mutating func takeRecorded(_ message: AttachedMessage, _ holder: Holder, at time: Instant) {
        switch message.kind {
        case .opened: open(holder, at: time)
        case .closed:
            guard holders.remove(holder) != nil, holders.isEmpty else { return }
            close(at: time)
        case .data(let direction, let bytes):
            if let found { tell(found, at: time) }
            tellMode(at: time)
            tell(.data(direction, bytes), at: time)
        case .settings(.found, let settings):
            if self.settings == nil { found = settings }
        case .settings(let call, let settings): take(settings, call, message.error, at: time)
        case .flushed(let queues):
            tell(
                message.error == 0
                    ? .flushed(queues)
                    : .note("the port refused to flush \(queues.name) (\(errorName(message.error)))"), at: time)
        case .lines(let call, let bits): take(bits, call, message.error, at: time)
        case .breakSent:
            tell(
                message.error == 0
                    ? .breakSent : .note("the port refused to send a break (\(errorName(message.error)))"), at: time)
        case .failed(let direction):
            guard !hasToldFailure else { return }
            hasToldFailure = true
            let what = direction == .hostToChip ? "a write to" : "a read from"
            tell(.note("\(what) the port failed (\(errorName(message.error)))"), at: time)
        case .streamed:
            guard !hasToldStreams else { return }
            hasToldStreams = true
            tell(
                .note("the program uses C's streams on the port: what they read and write may be missing here"),
                at: time)
        case .hello, .lost, .breakEnded: break
        }
    }

    private mutating func open(_ holder: Holder, at time: Instant) {
        let isFirst = holders.isEmpty
        guard holders.count < Self.mostHolders, holders.insert(holder).inserted, isFirst else { return }
        (settings, found, lines, toldMode) = (nil, nil, nil, [])
        (hasToldFailure, hasToldStreams) = (false, false)
        tell(.portOpened, at: time)
        let name = ports.first { $0.device == recorded }?.name ?? ""
        let program = programs[holder.client].map { " by \(printable($0.name)), process \($0.process)" } ?? ""
        tell(.note("the port is \(printable(name)), opened\(program)"), at: time)
    }

    private mutating func close(at time: Instant) {
        tell(.portClosed, at: time)
    }

    private mutating func take(
        _ new: PortSettings, _ call: AttachedMessage.SettingsCall, _ error: Int32, at time: Instant
    ) {
        if error != 0 {
            let state = "\(new.baud) baud, \(new.format)"
            tell(.note("the port refused settings (\(errorName(error))); it has \(state)"), at: time)
        }
        if call == .setAndFlushed, error == 0 { tell(.flushed(.input), at: time) }
        tell(new, at: time)
    }

    private mutating func tell(_ new: PortSettings, at time: Instant) {
        if new.baud != settings?.baud {
            tell(
                new.baud == 0 ? .note("the host hangs up (B0)") : .baud(.host, bitsPerSecond: new.baud), at: time)
            if new.baud != 0, bauds.count < Self.mostBauds, !bauds.contains(new.baud) { bauds.append(new.baud) }
        }
        if new.format != toldFormat { tell(.frameFormat(.host, new.format), at: time) }
        (settings, toldFormat, found) = (new, new.format, nil)
    }

    /// What is recorded is what the program reads and writes: a terminal that is not raw makes something else of it.
    private mutating func tellMode(at time: Instant) {
        guard let mode = settings?.mode, mode != toldMode else { return }
        toldMode = mode
        if let complaint = mode.complaint { tell(.note(complaint), at: time) }
    }

    private mutating func take(
        _ bits: TerminalLines, _ call: AttachedMessage.LinesCall, _ error: Int32, at time: Instant
    ) {
        guard error == 0 else {
            let asked = Self.outputs.filter { call == .set || bits.contains($0.line) }
                .map { "\($0.name) \(call == .release || !bits.contains($0.line) ? "off" : "on")" }
            guard !asked.isEmpty else { return }
            let refusal = "(\(errorName(error)))"
            let words = asked.joined(separator: ", ")
            return tell(.note("the host asked for \(words); the port refused \(refusal)"), at: time)
        }
        let before = lines ?? []
        let outputs: TerminalLines = [.dataTerminalReady, .requestToSend]
        let now =
            switch call {
            case .read: bits
            case .set: before.subtracting(outputs).union(bits.intersection(outputs))
            case .assert: before.union(bits.intersection(outputs))
            case .release: before.subtracting(bits.intersection(outputs))
            }
        guard lines.map(\.controlLines) != now.controlLines else { return }
        lines = now
        tell(.controlLines(now.controlLines), at: time)
    }

    private static let outputs: [(line: TerminalLines, name: String)] = [
        (.dataTerminalReady, "DTR"), (.requestToSend, "RTS"),
    ]
}

/// As errno.h names it, where a port is likely to say it.
private func errorName(_ number: Int32) -> String {
    let names: [Int32: String] = [
        5: "EIO", 6: "ENXIO", 9: "EBADF", 14: "EFAULT", 16: "EBUSY", 19: "ENODEV", 22: "EINVAL", 25: "ENOTTY",
    ]
    return names[number] ?? "errno \(number)"
}
