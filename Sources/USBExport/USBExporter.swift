package import Line
package import Trace

/// Writes a trace as the USB capture of its session: bytes of a file from events.
///
/// The host's end of the line is what USB carries. A write is submitted at the moment that the trace has for it, and
/// completes when a full-speed bus with nothing else to do has moved it; a read waits at the device and completes at the
/// trace's moment; what the host sets is done at its moment. The adapter is plugged in and introduces itself half a second before the first event.
package struct USBExporter {
    package let kind: USBExportKind
    package private(set) var summary = USBExportSummary()
    private var model: any AdapterModel
    private var output: TransferWriter
    /// What `Instant.zero` is, in nanoseconds since 1970.
    private var epoch: Int64 = 0
    private var isFirst = true
    private var isEnumerated = false
    /// Whether the driver reads, as it does while the port is open.
    private var isReading = false
    private var lines: ControlLines = []
    /// When a read completed last.
    private var lastRead: Int64 = 0

    /// How long before the first event the adapter is plugged in.
    private static let lead: Int64 = 500_000_000
    /// Silence of the line in which an adapter's reads complete with nothing is written for so many of them.
    private static let mostIdleReads: Int64 = 64
    /// Lines that the host's port drives.
    private static let outputs: ControlLines = [.dataTerminalReady, .requestToSend]
    /// Traces reach no further (a century), and no date lies beyond the other (146 years): their sum is a number.
    private static let furthest: Int64 = 3_155_760_000_000_000_000
    private static let latestEpoch: Int64 = 1 << 62
    private static let inputs: ControlLines = [.clearToSend, .dataSetReady, .carrierDetect, .ring]

    /// A trace that begins with its session has the session's epoch, another begins with 1970.
    package init(_ kind: USBExportKind) {
        self.kind = kind
        model = kind.adapter.model
        output = TransferWriter(kind.form, model.device)
    }

    /// Calls `body` with what has been made since the last call.
    package mutating func takeBytes<Failure: Error>(_ body: ([UInt8]) throws(Failure) -> Void) throws(Failure) {
        try body(output.bytes)
        output.bytes.removeAll(keepingCapacity: true)
    }

    /// Bytes that wait to be taken.
    package var waitingByteCount: Int { output.bytes.count }

    // MARK: Events

    /// Takes a run.
    package mutating func data(_ run: Span<UInt8>, _ direction: Direction, at moment: Instant) {
        isFirst = false
        let time = begin(at: moment)
        startReading(at: time)
        sayIdle(until: time)
        summary.byteCount[direction] += run.count
        var place = 0
        while place < run.count {
            switch direction {
            case .hostToChip:
                let end = min(run.count, place + model.device.writeByteCount)
                output.write(run.extracting(place..<end), at: time)
                place = end
            case .chipToHost:
                let end = min(run.count, place + model.mostInRead)
                completeRead(model.read(run.extracting(place..<end)), at: time)
                place = end
            }
        }
    }

    /// Takes anything else.
    package mutating func note(_ event: TraceEvent) {
        defer { isFirst = false }
        switch event.kind {
        case .session(let session):
            // The reader of a trace goes by the first one as well.
            if isFirst { epoch = max(-Self.latestEpoch, min(Self.latestEpoch, session.epoch)) }
            summary.leaveOut(event.kind)
        case .data(let direction, let bytes): data(bytes.span, direction, at: event.time)
        case .portOpened: open(at: begin(at: event.time))
        case .portClosed: close(at: begin(at: event.time))
        case .baud(.host, let rate):
            let expression = model.set(baud: rate)
            if !expression.transfers.isEmpty { summary.baudCount += 1 }
            say(expression, at: event.time)
        case .frameFormat(.host, let format): say(model.set(format), at: event.time)
        case .receiveError(.chipToHost, let error, let count): say(model.sense(error, count: count), at: event.time)
        case .flushed(let queues): say(model.flush(queues), at: event.time)
        case .breakSent: say(model.sendBreak(), at: event.time)
        case .controlLines(let lines): set(lines, at: event.time)
        default: summary.leaveOut(event.kind)
        }
    }

    /// Ends the capture: what is under way completes.
    package mutating func finish() {
        if !isEnumerated { _ = begin(at: .zero) }
        summary.note(model.unsaid)
        output.finish()
        summary.recordCount = output.recordCount
    }

    // MARK: What the adapter does

    /// - Returns: the event's time, once the adapter is plugged in.
    private mutating func begin(at moment: Instant) -> Int64 {
        let nanoseconds = max(-Self.furthest, min(Self.furthest, moment.nanoseconds))
        if !isEnumerated {
            isEnumerated = true
            // Of a session that nobody knows the time of, the capture begins with 1970.
            epoch = max(epoch, Self.lead - nanoseconds)
            plugIn(at: epoch + nanoseconds - Self.lead)
        }
        let time = epoch + nanoseconds
        guard time / 1_000_000_000 <= UInt32.max else {
            summary.note(Shortfall(text: "times after the year 2106, which a pcap file does not have"))
            return Int64(UInt32.max) * 1_000_000_000
        }
        return time
    }

    private mutating func plugIn(at time: Int64) {
        var time = time
        for request in model.device.enumeration + model.startUp {
            time += 2_000_000
            output.control(request, at: time)
        }
    }

    private mutating func open(at time: Int64) {
        if let requests = model.open() {
            for request in requests { output.control(request, at: time) }
        } else {
            summary.note(Shortfall(text: "the opening of the port: \(model.name) is not told of it"))
        }
        startReading(at: time)
    }

    private mutating func close(at time: Int64) {
        if isReading { sayIdle(until: time) }
        isReading = false
        output.cancelReads(at: time)
        if let requests = model.close() {
            for request in requests { output.control(request, at: time) }
        } else {
            summary.note(Shortfall(text: "the closing of the port: \(model.name) is not told of it"))
        }
    }

    private mutating func set(_ lines: ControlLines, at moment: Instant) {
        let changed = lines.symmetricDifference(self.lines)
        self.lines = lines
        let inputs = changed.intersection(Self.inputs)
        let outputs = changed.intersection(Self.outputs)
        // What does not change is said as well: it may be the first that is known of it.
        if !outputs.isEmpty || inputs.isEmpty {
            say(
                model.set(lines.intersection(Self.outputs), changed: outputs.isEmpty ? Self.outputs : outputs),
                at: moment)
        }
        if !inputs.isEmpty { say(model.sense(lines.intersection(Self.inputs)), at: moment) }
        if changed.contains(.mainboardOK) {
            summary.note(Shortfall(text: "the line MBOK: no adapter has it"))
        }
    }

    private mutating func say(_ expression: Expression, at moment: Instant) {
        summary.note(expression.shortfall)
        guard !expression.transfers.isEmpty else { return }
        let time = begin(at: moment)
        for transfer in expression.transfers {
            switch transfer {
            case .control(let request): output.control(request, at: time)
            case .read(let bytes):
                startReading(at: time)
                sayIdle(until: time)
                completeRead(bytes, at: time)
            case .notification(let bytes):
                startReading(at: time)
                output.notify(bytes, at: time)
            }
        }
    }

    // MARK: Reading

    private mutating func startReading(at time: Int64) {
        guard !isReading else { return }
        isReading = true
        lastRead = time
        output.submitReads(at: time)
    }

    private mutating func completeRead(_ bytes: [UInt8], at time: Int64) {
        output.completeRead(bytes, at: time)
        lastRead = time
    }

    /// Reads that complete because the adapter has had nothing for so long.
    private mutating func sayIdle(until time: Int64) {
        guard let idle = model.idle else { return }
        let first = lastRead
        var count: Int64 = 1
        while count <= Self.mostIdleReads, first + count * idle.nanoseconds < time {
            completeRead(idle.read, at: first + count * idle.nanoseconds)
            count += 1
        }
    }
}
