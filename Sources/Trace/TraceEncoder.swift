package import Line
import Words

/// Turns events into records: RTAC header, then data or items.
package struct TraceEncoder: Sendable {
    /// What `Instant.zero` is in nanoseconds since 1970: one for a whole trace, whatever later sessions in it say.
    package let epoch: Int64
    private var lines: ControlLines = []

    /// The longest run of data in one record; longer ones are to be split.
    package static let dataByteLimit = 65_535
    /// The longest record, header included: what libpcap and Wireshark take.
    package static let recordByteLimit = 262_144

    /// - Parameter epoch: what `Instant.zero` is in nanoseconds since 1970.
    package init(epoch: Int64 = 0) {
        self.epoch = epoch
    }

    /// Appends the record of one event.
    /// - Returns: its time in nanoseconds since 1970, for the record header of the capture file.
    /// - Throws: `TraceError`: `.tooLong` or `.timeOutOfRange`; nothing has been appended then.
    @discardableResult
    package mutating func encode(_ event: TraceEvent, into bytes: inout [UInt8]) throws(TraceError) -> Int64 {
        if case .data(let direction, let data) = event.kind {
            return try encode(data.span, direction, at: event.time, into: &bytes)
        }
        if case .controlLines(let state) = event.kind { lines = state }
        let time = try unixNanoseconds(at: event.time)
        let start = bytes.count
        emitHeader(RTACEvent(of: event.kind), at: time, into: &bytes)
        bytes += Item.magic
        bytes.append(FormatVersion.current.major)
        bytes.append(FormatVersion.current.minor)
        Self.appendItem(event.kind, to: &bytes)
        let count = bytes.count - start
        guard count <= Self.recordByteLimit else {
            bytes.removeLast(count)
            throw TraceError(
                .tooLong, "an event takes \(count) bytes and a record at most \(Self.recordByteLimit): shorten its text"
            )
        }
        return time
    }

    /// Appends the record of a run of data without copying it first. - Parameter data: at most `dataByteLimit`.
    @discardableResult
    package func encode(
        _ data: Span<UInt8>, _ direction: Direction, at moment: Instant, into bytes: inout [UInt8]
    ) throws(TraceError) -> Int64 {
        guard data.count <= Self.dataByteLimit else {
            throw TraceError(
                .tooLong, "a run of \(data.count) bytes; a record takes \(Self.dataByteLimit): split the run")
        }
        let time = try unixNanoseconds(at: moment)
        emitHeader(direction == .hostToChip ? .dataTransmitStart : .dataReceiveStart, at: time, into: &bytes)
        data.withUnsafeBufferPointer { bytes.append(contentsOf: $0) }
        return time
    }

    /// The moment in nanoseconds since 1970. Classic pcap counts seconds in 31 bits.
    private func unixNanoseconds(at moment: Instant) throws(TraceError) -> Int64 {
        let (time, overflow) = epoch.addingReportingOverflow(moment.nanoseconds)
        guard !overflow, time >= 0, time / 1_000_000_000 <= Int32.max else {
            throw TraceError(
                .timeOutOfRange, "\(moment) after \(epoch) ns lies outside 1970 to 2038: correct the session's epoch")
        }
        return time
    }

    private func emitHeader(_ type: RTACEvent, at time: Int64, into bytes: inout [UInt8]) {
        RTACHeader(
            seconds: UInt32(time / 1_000_000_000), microseconds: UInt32(time % 1_000_000_000 / 1000), event: type,
            lines: lines
        ).emit(into: &bytes)
    }

    private static func appendItem(_ kind: TraceEvent.Kind, to bytes: inout [UInt8]) {
        switch kind {
        case .data: preconditionFailure("data has no item")
        case .session(let session): bytes.append(.session) { appendSession(session, to: &$0) }
        case .baud(let end, let rate):
            bytes.append(.baud) {
                $0.append(end.rawValue)
                $0.append(bigEndian: rate)
            }
        case .frameFormat(let end, let format):
            bytes.append(.frameFormat) {
                $0 += [end.rawValue, format.dataBits, format.parity.rawValue, format.stopBits.rawValue]
            }
        case .receiveError(let direction, let error, let count):
            bytes.append(.receiveError) {
                $0 += [direction.rawValue, error.rawValue]
                $0.append(bigEndian: UInt64(clamping: count))
            }
        case .portOpened: bytes.append(.portOpened)
        case .portClosed: bytes.append(.portClosed)
        case .flushed(let queues): bytes.append(.flushed) { $0.append(queues.rawValue) }
        case .breakSent: bytes.append(.breakSent) { _ in }
        case .controlLines(let lines): bytes.append(.controlLines) { $0.append(lines.rawValue) }
        case .power(let on): bytes.append(.power) { $0.append(on ? 1 : 0) }
        case .loader(let name): bytes.append(.loader, name)
        case .clockAhead(let ahead):
            bytes.append(.clockAhead) { $0.append(bigEndian: UInt64(clamping: ahead.wholeNanoseconds)) }
        case .difference(let difference): bytes.append(.difference) { appendDifference(difference, to: &$0) }
        case .lost(let direction, let count, let reason):
            bytes.append(.lost) {
                $0.append(direction.rawValue)
                $0.append(bigEndian: UInt64(clamping: count))
                $0 += Array(reason.utf8)
            }
        case .garbled(let direction, let count, let sentAt, let receivedAt):
            bytes.append(.garbled) {
                $0.append(direction.rawValue)
                $0.append(bigEndian: UInt64(clamping: count))
                $0.append(bigEndian: sentAt)
                $0.append(bigEndian: receivedAt)
            }
        case .fault(let text): bytes.append(.fault, text)
        case .note(let text): bytes.append(.note, text)
        }
    }

    private static func appendDifference(_ difference: LineDifference, to bytes: inout [UInt8]) {
        bytes.append(difference.direction.rawValue)
        bytes.append(bigEndian: UInt64(clamping: difference.hostOffset))
        bytes.append(bigEndian: UInt64(clamping: difference.hostCount))
        switch difference.cause {
        case .fault(let label):
            let text = Array(label.utf8.prefix(65_535))
            bytes.append(0)
            bytes.append(bigEndian: UInt16(text.count))
            bytes += text
        case .rate(let sent, let sampled):
            bytes.append(1)
            bytes.append(bigEndian: UInt32(clamping: sent))
            bytes.append(bigEndian: UInt32(clamping: sampled))
        case .level: bytes.append(2)
        case .ground: bytes.append(3)
        }
        bytes += difference.chipCharacters
    }

    private static func appendSession(_ session: SessionDescription, to bytes: inout [UInt8]) {
        bytes.append(.program, session.program)
        bytes.append(.programVersion, session.programVersion)
        bytes.append(.clock) { $0.append(session.clock.rawValue) }
        if let seed = session.seed { bytes.append(.seed) { $0.append(bigEndian: seed) } }
        bytes.append(.epoch) { $0.append(bigEndian: session.epoch) }
        bytes.append(.records) { $0.append(session.records.rawValue) }
        for property in session.properties {
            bytes.append(.property) {
                let key = Array(property.key.utf8.prefix(65_535))
                $0.append(bigEndian: UInt16(key.count))
                $0 += key
                $0 += legible(property.value).utf8
            }
        }
    }
}

extension RTACEvent {
    /// The type of an event's record, for readers that know no items.
    fileprivate init(of kind: TraceEvent.Kind) {
        self =
            switch kind {
            case .lost: .captureDataLost
            case .receiveError(_, .framing, _): .framingError
            case .receiveError(_, .parity, _): .parityError
            case .receiveError(_, .overrun, _): .serialOverflow
            case .receiveError(_, .break, _): .serialBreak
            default: .statusChange
            }
    }
}
