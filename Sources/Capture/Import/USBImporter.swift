import Line
import Trace
import USB
import Words

/// Linux's usbmon (trace formats §B.4).
package enum USBMonImporter: Importer {
    package static let name = "usbmon"
    package static let summary = "USB captures by Linux's usbmon (Wireshark, tcpdump): \(USBImport.families)"
    package static let uses: Set<ImportOption> = ImportOption.ofUSB

    package static func recognises(_ head: [UInt8]) -> Bool {
        [189, 220].contains(PcapHead(head)?.linkType)
    }

    package static func read(
        _ source: ImportSource, _ options: ImportOptions, into sink: ImportSink
    ) throws(CaptureError) {
        try USBImport.read(source, options, into: sink) { linkType in
            guard linkType == 189 || linkType == 220 else { return nil }
            let reader = USBMonRecord(linkType: linkType)
            return { record, time throws(USBPacketError) in try reader.packet(in: record, time: time) }
        }
    }
}

/// USBPcap for Windows (trace formats §B.5).
package enum USBPcapImporter: Importer {
    package static let name = "usbpcap"
    package static let summary = "USB captures by USBPcap (Wireshark on Windows): the same adapters"
    package static let uses: Set<ImportOption> = ImportOption.ofUSB

    package static func recognises(_ head: [UInt8]) -> Bool {
        PcapHead(head)?.linkType == 249
    }

    package static func read(
        _ source: ImportSource, _ options: ImportOptions, into sink: ImportSink
    ) throws(CaptureError) {
        try USBImport.read(source, options, into: sink) { linkType in
            guard linkType == 249 else { return nil }
            return { record, time throws(USBPacketError) in try USBPcapRecord.packet(in: record, time: time) }
        }
    }
}

/// What both have in common: the adapter is searched, as what says which one it is may stand anywhere, and its packets are
/// read.
///
/// Most captures say it near their beginning. So that is searched first; the rest is read for the adapter that was found, and
/// searched on the way. If it turns out to have been another, the file is read once more. Of a pipe, which cannot be, a
/// longer beginning is searched.
struct USBImport {
    typealias Parser = (Span<UInt8>, Int64) throws(USBPacketError) -> USBPacket?

    /// For help.
    static let families = AdapterFamily.allCases.map(\.title).joined(separator: ", ")
    /// Bytes of a file, and of a pipe, in which the adapter is searched before anything is read.
    static let sampleByteLimit = 4 << 20
    static let keptByteLimit = 64 << 20

    private let path: String
    private let sink: ImportSink
    private let parse: Parser
    private let found: FoundAdapter
    private var decoder: SerialDecoder
    /// What else is in the capture; nil where nobody asks any more.
    private var search: AdapterSearch?
    /// The time of the first packet, in nanoseconds since 1970.
    private var epoch: Int64?
    private var number = 0

    /// - Parameter parser: of the records of a link type; nil where it is another's.
    static func read(
        _ source: ImportSource, _ options: ImportOptions, into sink: ImportSink, parser: (Int32) -> Parser?
    ) throws(CaptureError) {
        let file = try open(source)
        guard let parse = parser(file.linkType) else {
            throw (CaptureKind(head: source.head) ?? .other(linkType: file.linkType)).complaint(path: source.path)
        }
        var search = sink.usbBefore?.search ?? AdapterSearch()
        let limit = source.isRegular ? sampleByteLimit : keptByteLimit
        let (kept, failure) = beginning(of: file, byteLimit: limit) { record, time in
            if let packet = try? parse(record, time) { search.take(packet, in: record) }
        }
        if !source.isRegular {
            if kept.byteCount >= limit {
                sink.assume(
                    "the adapter is one of those in the first \(Format.bytes(Int64(limit))): a pipe is read once")
            }
            var reading = try USBImport(source, sink, parse, adapter(search, options, source, sink))
            try reading.take(kept, file, failure)
            return reading.leaveState(search)
        }
        if sink.isFirst, let likely = try? adapter(search, options, source, sink) {
            var reading = USBImport(source, sink, parse, likely)
            reading.search = search
            try reading.take(kept, file, failure)
            search = reading.search ?? search
            if try adapter(search, options, source, sink).isSame(as: likely) { return reading.leaveState(search) }
            sink.startAgain()
        } else {
            // Where it is damaged the reading below says so.
            while let record = try? file.next() {
                let bytes = record.bytes.span
                if let packet = try? parse(bytes, record.unixNanoseconds) { search.take(packet, in: bytes) }
            }
        }
        var reading = try USBImport(source, sink, parse, adapter(search, options, source, sink))
        try reading.take(KeptRecords(), open(ImportSource(opening: source.path)), nil)
        reading.leaveState(search)
    }

    /// For a recording that goes on where this one ends.
    private func leaveState(_ search: AdapterSearch) {
        sink.usb = ImportSink.USBState(search: search, found: found, decoder: decoder)
    }

    /// The first records of a file, and why there are no more of them, if it is damaged there.
    private static func beginning(
        of file: CaptureFile, byteLimit: Int, _ body: (Span<UInt8>, Int64) -> Void
    ) -> (KeptRecords, CaptureError?) {
        var kept = KeptRecords()
        do throws(CaptureError) {
            while kept.byteCount < byteLimit, let record = try file.next() {
                kept.append(record)
                body(record.bytes.span, record.unixNanoseconds)
            }
            return (kept, nil)
        } catch {
            return (kept, error)
        }
    }

    /// In later recordings of a session the adapter is that of those before, where nothing else says which one it is.
    private static func adapter(
        _ search: AdapterSearch, _ options: ImportOptions, _ source: ImportSource, _ sink: ImportSink
    ) throws(CaptureError) -> FoundAdapter {
        if let before = sink.usbBefore?.found, (try? search.adapter(options.usb)) == nil,
            let same = try? search.adapter(before.choice)
        {
            return same
        }
        do throws(AdapterNotFound) {
            return try search.adapter(options.usb)
        } catch {
            throw CaptureError(.badLine, path: source.path, error.message, advice: error.advice)
        }
    }

    /// A file that is as it is, is read without a stop in between.
    private static func open(_ source: ImportSource) throws(CaptureError) -> CaptureFile {
        try source.isRegular && !source.isPacked
            ? CaptureFile(opening: source.path, isSerial: false) : CaptureFile(source, isSerial: false)
    }

    private init(_ source: ImportSource, _ sink: ImportSink, _ parse: @escaping Parser, _ found: FoundAdapter) {
        path = source.path
        self.sink = sink
        self.parse = parse
        self.found = found
        if var before = sink.usbBefore, before.found.address == found.address {
            before.decoder.goOn(with: found)
            decoder = before.decoder
        } else {
            decoder = SerialDecoder(found)
        }
        found.assumptions.forEach(sink.assume)
    }

    /// Reads records that were searched already, then what is left of the file, and says where it ends in the middle.
    /// - Parameter failure: why nothing is left.
    private mutating func take(
        _ kept: KeptRecords, _ file: CaptureFile, _ failure: CaptureError?
    ) throws(CaptureError) {
        let searched = search
        search = nil
        try kept.forEach { bytes, time throws(CaptureError) in try take(bytes, time) }
        search = searched
        while true {
            let record: CaptureFile.Record?
            do throws(CaptureError) {
                if let failure { throw failure }
                record = try file.next()
            } catch {
                guard epoch != nil else { throw error }
                return sink.end(at: "packet \(number + 1)", "\(error.message): what follows is not read")
            }
            guard let record else { break }
            try take(record.bytes.span, record.unixNanoseconds)
        }
        if file.truncatedAt != nil {
            sink.problem(at: "packet \(number + 1)", "the capture breaks off in the middle of it")
        }
    }

    private mutating func take(_ record: Span<UInt8>, _ time: Int64) throws(CaptureError) {
        number += 1
        // What classic pcap can say; a trace is one.
        guard time >= 0, time / 1_000_000_000 <= Int64(Int32.max) else {
            return sink.problem(at: "packet \(number)", "its time is not within 1970 to 2038")
        }
        let packet: USBPacket?
        do throws(USBPacketError) {
            packet = try parse(record, time)
        } catch {
            return sink.problem(at: "packet \(number)", error.description)
        }
        guard let packet else { return }
        search?.take(packet, in: record)
        if epoch == nil {
            epoch = time
            try sink.begin(clock: .usb, epoch: time, properties: found.properties)
        }
        decoder.take(packet, in: record)
        guard !decoder.events.isEmpty else { return }
        // One before the first packet comes with it: times are in order.
        let moment = Instant(nanoseconds: max(0, time - (epoch ?? time)))
        for index in decoder.events.indices { try tell(decoder.events[index], at: moment, record) }
    }

    private func tell(
        _ event: SerialDecoder.Event, at moment: Instant, _ record: Span<UInt8>
    ) throws(CaptureError) {
        let kind: TraceEvent.Kind
        switch event {
        case .sent(let range): return try sink.add(record.extracting(range), .hostToChip, at: moment)
        case .received(let range):
            return try sink.add(decoder.received.span.extracting(range), .chipToHost, at: moment)
        case .odd(let words): return sink.problem(at: "packet \(number)", words)
        case .baud(let rate): kind = .baud(.host, bitsPerSecond: rate)
        case .format(let format): kind = .frameFormat(.host, format)
        case .lines(let lines): kind = .controlLines(lines)
        case .breakSent: kind = .breakSent
        case .purged(let queues): kind = .flushed(queues)
        case .opened: kind = .portOpened
        case .closed: kind = .portClosed
        case .error(let error, let count): kind = .receiveError(.chipToHost, error, count: count)
        case .lost(let direction, let count, let why): kind = .lost(direction, count: count, reason: why)
        case .sentAtOnce(let byte): return try sink.add([byte].span, .hostToChip, at: moment)
        case .flowControl(let words): kind = .note("the adapter's flow control: \(words)")
        case .pluggedAgain(let address): kind = .note("the adapter was plugged in again, as device \(address)")
        case .latencyTimer(let milliseconds): kind = .note("the adapter's latency timer is \(milliseconds) ms")
        }
        try sink.add(TraceEvent(moment, kind))
    }
}

/// The beginning of a pipe.
private struct KeptRecords {
    private var bytes: [UInt8] = []
    private var records: [(time: Int64, range: Range<Int>)] = []

    /// What they take, with what there is beside their bytes.
    var byteCount: Int { bytes.count + 32 * records.count }

    mutating func append(_ record: CaptureFile.Record) {
        records.append((record.unixNanoseconds, bytes.count..<(bytes.count + record.bytes.count)))
        bytes.append(contentsOf: record.bytes)
    }

    func forEach(_ body: (Span<UInt8>, Int64) throws(CaptureError) -> Void) throws(CaptureError) {
        for record in records { try body(bytes.span.extracting(record.range), record.time) }
    }
}

extension FoundAdapter {
    /// As a user would choose it.
    fileprivate var choice: AdapterChoice {
        AdapterChoice(family: family, address: address, channel: channelCount > 1 ? channel.number : nil)
    }

    /// For the session's description.
    fileprivate var properties: [SessionDescription.Property] {
        var properties = [SessionDescription.Property("adapter", family.title)]
        if let id { properties.append(.init("usb id", id.description)) }
        properties.append(.init("usb device", address.description))
        if channelCount > 1 { properties.append(.init("channel", String(channel.number))) }
        properties.append(.init("recognised by", evidence))
        if let latencyTimer { properties.append(.init("latency timer", "\(latencyTimer) ms")) }
        return properties
    }
}
