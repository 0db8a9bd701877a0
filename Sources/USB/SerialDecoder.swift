package import Line

/// Makes a serial line's events of a capture's packets, for one channel of one adapter.
///
/// What the host sends is stamped when its driver submits it, what it receives when the transfer completes; a request
/// takes effect when the adapter has accepted it (trace formats §B.6).
package struct SerialDecoder: Sendable {
    package enum Event: Hashable, Sendable {
        /// Bytes of the packet's record.
        case sent(Range<Int>)
        /// Bytes of `received`.
        case received(Range<Int>)
        case baud(UInt32)
        case format(FrameFormat)
        /// All lines of the port, those that the other side drives included.
        case lines(ControlLines)
        case breakSent
        case purged(Queues)
        case opened
        case closed
        case error(ReceiveError, count: Int)
        case lost(Direction, count: Int, why: String)
        case latencyTimer(Int)
        /// A byte that a request carried.
        case sentAtOnce(UInt8)
        /// How the data's flow is held, in words.
        case flowControl(String)
        /// The adapter was plugged in again, and has this address now.
        case pluggedAgain(USBAddress)
        /// Something that makes no sense, in words.
        case odd(String)
    }

    /// What the last packet says, in order.
    package private(set) var events: [Event] = []
    /// What it brought to the host.
    package var received: [UInt8] { output.bytes }

    private var found: FoundAdapter
    private var address: USBAddress
    private var flow = "none"
    private var adapter: any SerialAdapter
    private var submissions = Submissions()
    private var output = AdapterOutput()
    private var baud: UInt32?
    private var format: FrameFormat?
    private var isOpen: Bool?
    private var lines: ControlLines = []
    private var knownLines: ControlLines = []

    package init(_ found: FoundAdapter) {
        self.found = found
        address = found.address
        adapter = found.makeAdapter()
    }

    /// Goes on in another capture of the same adapter, which may say more of it.
    package mutating func goOn(with found: FoundAdapter) {
        if !found.isReadAlike(self.found) { adapter = found.makeAdapter() }
        self.found = found
    }

    /// Takes the next packet; `events` and `received` then have what it says. - Parameter record: where its data is.
    package mutating func take(_ packet: USBPacket, in record: Span<UInt8>) {
        events.removeAll(keepingCapacity: true)
        output.removeAll()
        if packet.address != address {
            guard packet.address == found.address || found.laterAddresses.contains(packet.address) else { return }
            plugAgain(packet.address)
        }
        switch packet.transfer {
        case .control: takeControl(packet, in: record)
        case .bulk where packet.endpoint == found.channel.bulkOut: takeSent(packet)
        case .bulk where packet.endpoint == found.channel.bulkIn && packet.stage == .completion:
            adapter.settle(into: &output)
            adapter.bulkIn(record.extracting(packet.data), into: &output)
            tell()
            let kept = packet.data.count
            let missing =
                adapter.lineByteCount(ofTransfer: kept + packet.missingByteCount)
                - adapter.lineByteCount(ofTransfer: kept)
            if missing > 0 { events.append(.lost(.chipToHost, count: missing, why: Self.notKept)) }
        case .interrupt where packet.endpoint == found.channel.interruptIn && packet.stage == .completion:
            adapter.interruptIn(record.extracting(packet.data), into: &output)
            tell()
        default: break
        }
    }

    private static let notKept = "the capture kept only the beginning of the transfer"

    private mutating func takeControl(_ packet: USBPacket, in record: Span<UInt8>) {
        guard let request = submissions.control(packet, in: record), request.setup.kind != .standard,
            adapter.isMine(request.setup)
        else { return }
        guard request.isGood else {
            // What is only asked for, and not known, leaves things as they are.
            if !request.setup.isIn { events.append(.odd("the adapter refused the request \(request.setup.words)")) }
            return
        }
        adapter.control(request, into: &output)
        tell()
    }

    /// It begins anew: nothing is asserted, and nothing is known.
    private mutating func plugAgain(_ address: USBAddress) {
        self.address = address
        if isOpen == true { events.append(.closed) }
        if !lines.isEmpty { events.append(.lines([])) }
        events.append(.pluggedAgain(address))
        adapter = found.makeAdapter()
        submissions = Submissions()
        (baud, format, isOpen) = (nil, nil, nil)
        (lines, knownLines, flow) = ([], [], "none")
    }

    private mutating func takeSent(_ packet: USBPacket) {
        switch packet.stage {
        case .submission:
            adapter.settle(into: &output)
            tell()
            if let head = adapter.sentHead {
                for start in stride(from: packet.data.lowerBound, to: packet.data.upperBound, by: head.packetByteCount)
                {
                    let end = min(start + head.packetByteCount, packet.data.upperBound)
                    if start + head.byteCount < end { events.append(.sent(start + head.byteCount..<end)) }
                }
            } else if !packet.data.isEmpty {
                events.append(.sent(packet.data))
            }
            if packet.missingByteCount > 0 {
                events.append(.lost(.hostToChip, count: packet.missingByteCount, why: Self.notKept))
            }
            let count = packet.data.count + packet.missingByteCount
            submissions.submit(packet.id, Submissions.Pending(byteCount: count))
        case .completion, .error:
            let pending = submissions.complete(packet.id)
            let actual = packet.stage == .error ? 0 : packet.actualByteCount
            guard let pending else {
                if let actual, actual > 0 {
                    events.append(.lost(.hostToChip, count: actual, why: "its submission is not in the capture"))
                }
                return
            }
            if let actual, actual < pending.byteCount {
                events.append(
                    .lost(
                        .hostToChip, count: pending.byteCount - actual, why: "the adapter did not take all of the write"
                    ))
            } else if actual == nil, packet.status != 0 {
                events.append(
                    .odd("a write of \(pending.byteCount) bytes failed; how many of them the adapter took is not known")
                )
            }
        case .controlData: break
        }
    }

    /// What the adapter made of the packet, without what only repeats what is known.
    private mutating func tell() {
        var offset = 0
        for event in output.events {
            switch event {
            case .data(let count):
                events.append(.received(offset..<(offset + count)))
                offset += count
            case .baud(let rate):
                if baud != rate { events.append(.baud(rate)) }
                baud = rate
            case .format(let new):
                if format != new { events.append(.format(new)) }
                format = new
            case .reportedBaud(let rate):
                if baud == nil { events.append(.baud(rate)) }
                baud = baud ?? rate
            case .reportedFormat(let new):
                if format == nil { events.append(.format(new)) }
                format = format ?? new
            case .sentAtOnce(let byte): events.append(.sentAtOnce(byte))
            case .flowControl(let words):
                if flow != words { events.append(.flowControl(words)) }
                flow = words
            case .lines(let value, let mask):
                let new = lines.subtracting(mask).union(value.intersection(mask))
                // Inputs that nobody drives are not worth a word; what the host says of its own lines is.
                let isNew = !mask.isSubset(of: knownLines) && !mask.isSubset(of: .inputs)
                if new != lines || isNew { events.append(.lines(new)) }
                lines = new
                knownLines.formUnion(mask)
            case .breakSent: events.append(.breakSent)
            case .purged(let queues): events.append(.purged(queues))
            case .opened:
                if isOpen != true { events.append(.opened) }
                isOpen = true
            case .closed:
                if isOpen != false { events.append(.closed) }
                isOpen = false
            case .error(let error):
                if case .error(error, let count) = events.last {
                    events[events.count - 1] = .error(error, count: count + 1)
                } else {
                    events.append(.error(error, count: 1))
                }
            case .latencyTimer(let milliseconds): events.append(.latencyTimer(milliseconds))
            case .odd(let words): events.append(.odd(words))
            }
        }
    }
}
