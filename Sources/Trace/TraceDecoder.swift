package import Line
import Words

/// Turns records back into events: ours whole, those of other RTAC serial captures as far as they go.
package struct TraceDecoder: Sendable {
    /// Items met so far that this program does not know: a newer minor version wrote the trace.
    package private(set) var skippedItemCount = 0

    package init() {}

    /// The events of one record; none when a newer program wrote only what this one does not know.
    /// - Parameters:
    ///   - header: the record's first twelve bytes.
    ///   - payload: everything behind them.
    ///   - time: the record's moment on the session's clock.
    /// - Throws: `TraceError`: `.tooShort`, `.malformed` or `.tooNew`. Random bytes never do worse.
    package mutating func decode(
        _ header: RTACHeader, payload: Span<UInt8>, at time: Instant
    ) throws(TraceError) -> [TraceEvent] {
        if let direction = header.event.direction {
            return [TraceEvent(time, .data(direction, payload.bytes(in: 0..<payload.count)))]
        }
        switch header.event {
        case .statusChange where !Item.areIn(payload):
            return [TraceEvent(time, .controlLines(header.lines))]
        case .statusChange, .captureDataLost, .framingError, .parityError, .serialOverflow, .serialBreak:
            guard Item.areIn(payload) else { break }
            return try decodeItems(payload).map { TraceEvent(time, $0) }
        default: break
        }
        return [TraceEvent(time, .note("\(header.event)\(Self.undirected(payload))"))]
    }

    /// Bytes that another program recorded without saying who sent them: they are shown, and nothing is made of them.
    private static func undirected(_ payload: Span<UInt8>) -> String {
        guard payload.count > 0 else { return "" }
        let shown = min(payload.count, mostShown)
        let bytes = payload.count == 1 ? "1 byte" : "\(payload.count) bytes"
        return ", \(bytes) of unknown direction: \(hexBytes(payload.bytes(in: 0..<shown)))"
            + (shown < payload.count ? " …" : "")
    }

    /// Bytes of a payload that are written out in a remark.
    private static let mostShown = 256

    private mutating func decodeItems(_ payload: Span<UInt8>) throws(TraceError) -> [TraceEvent.Kind] {
        let version = FormatVersion(payload[4], payload[5])
        guard version.major <= FormatVersion.current.major else {
            throw TraceError(
                .tooNew, at: RTACHeader.byteCount + 4,
                "written in trace format \(version); this program reads up to \(FormatVersion.current.major).x: update it"
            )
        }
        var kinds: [TraceEvent.Kind] = []
        var items = ItemReader(in: Item.preambleByteCount..<payload.count)
        while let (item, value) = try items.next(in: payload) {
            if let kind = try decode(item, value, in: payload, version) {
                kinds.append(kind)
            } else {
                skippedItemCount += 1
            }
        }
        return kinds
    }

    private mutating func decode(
        _ item: Item, _ value: ItemValue, in payload: Span<UInt8>, _ version: FormatVersion
    ) throws(TraceError) -> TraceEvent.Kind? {
        var value = value
        switch item {
        case .session: return .session(try decodeSession(payload, value.range, version))
        case .baud:
            return .baud(try value.one(of: LineEnd.self, in: payload), bitsPerSecond: try value.integer(in: payload))
        case .frameFormat: return try decodeFrameFormat(&value, in: payload)
        case .receiveError:
            return .receiveError(
                try value.one(of: Direction.self, in: payload), try value.one(of: ReceiveError.self, in: payload),
                count: try value.count(in: payload))
        case .portOpened: return .portOpened
        case .portClosed: return .portClosed
        case .flushed: return .flushed(try value.one(of: Queues.self, in: payload))
        case .breakSent: return .breakSent
        case .controlLines: return .controlLines(ControlLines(rawValue: try value.integer(in: payload)))
        case .power: return .power(on: try value.integer(UInt8.self, in: payload) != 0)
        case .loader: return .loader(value.text(in: payload))
        case .clockAhead:
            return .clockAhead(.nanoseconds(Int64(clamping: try value.integer(UInt64.self, in: payload))))
        case .difference: return .difference(try decodeDifference(&value, in: payload))
        case .lost:
            return .lost(
                try value.one(of: Direction.self, in: payload), count: try value.count(in: payload),
                reason: value.text(in: payload))
        case .garbled:
            return .garbled(
                try value.one(of: Direction.self, in: payload), count: try value.count(in: payload),
                sentAt: try value.integer(in: payload), receivedAt: try value.integer(in: payload))
        case .fault: return .fault(value.text(in: payload))
        case .note: return .note(value.text(in: payload))
        default: return nil
        }
    }

    private func decodeFrameFormat(
        _ value: inout ItemValue, in payload: Span<UInt8>
    ) throws(TraceError) -> TraceEvent.Kind {
        .frameFormat(
            try value.one(of: LineEnd.self, in: payload),
            FrameFormat(
                dataBits: try value.integer(in: payload),
                parity: try value.one(of: FrameFormat.Parity.self, in: payload),
                stopBits: try value.one(of: FrameFormat.StopBits.self, in: payload)))
    }

    private func decodeDifference(
        _ value: inout ItemValue, in payload: Span<UInt8>
    ) throws(TraceError) -> LineDifference {
        let direction = try value.one(of: Direction.self, in: payload)
        let (offset, count) = (try value.count(in: payload), try value.count(in: payload))
        guard !offset.addingReportingOverflow(count).overflow else {
            throw TraceError(
                .malformed, at: RTACHeader.byteCount + value.range.lowerBound,
                "\(count) bytes from byte \(offset) on cannot be: the record is damaged")
        }
        let place = value.range.lowerBound
        let cause: LineDifference.Cause
        switch try value.integer(UInt8.self, in: payload) {
        case 0:
            let length = Int(try value.integer(UInt16.self, in: payload))
            cause = .fault(try value.text(in: payload, byteCount: length))
        case 1:
            let sent = Int(try value.integer(UInt32.self, in: payload))
            cause = .rate(sent: sent, sampled: Int(try value.integer(UInt32.self, in: payload)))
        case 2: cause = .level
        case 3: cause = .ground
        case let other:
            throw TraceError(
                .malformed, at: RTACHeader.byteCount + place, "\(other) stands for no cause: the record is damaged")
        }
        return LineDifference(
            direction, hostOffset: offset, hostCount: count, chipCharacters: payload.bytes(in: value.range),
            cause: cause)
    }

    private mutating func decodeSession(
        _ payload: Span<UInt8>, _ range: Range<Int>, _ version: FormatVersion
    ) throws(TraceError) -> SessionDescription {
        var session = SessionDescription(
            program: "", programVersion: "", clock: .line, records: .sent, formatVersion: version)
        var items = ItemReader(in: range)
        while let (item, unread) = try items.next(in: payload) {
            var value = unread
            switch item {
            case .program: session.program = value.text(in: payload)
            case .programVersion: session.programVersion = value.text(in: payload)
            case .clock: session.clock = try value.one(of: SessionDescription.Clock.self, in: payload)
            case .seed: session.seed = try value.integer(in: payload)
            case .epoch: session.epoch = try value.integer(in: payload)
            case .records: session.records = try value.one(of: SessionDescription.Records.self, in: payload)
            case .property:
                let keyByteCount = Int(try value.integer(UInt16.self, in: payload))
                let key = try value.text(in: payload, byteCount: keyByteCount)
                session.properties.append(.init(key, value.text(in: payload)))
            default: skippedItemCount += 1
            }
        }
        return session
    }
}
