/// What is known of an XMODEM transfer (ECR6600 facts §10).
struct XMODEMTransfer: Sendable {
    enum Stage: Sendable {
        case running
        case endSent
        case ended
    }

    let command: StubCommand
    private(set) var stage = Stage.running
    /// The number of the block before.
    private(set) var lastNumber: UInt8?
    /// Whether the block before was programmed: whole, and not refused since.
    private(set) var isLastTaken = false
    /// CANs since the last block.
    private var cancels = 0
    /// Whether the chip sends 128-byte blocks with a sum: the host began a compressed read with NAK.
    private var sendsShortBlocks = false

    init(_ command: StubCommand) { self.command = command }

    /// Whether blocks go from host to chip.
    var isWrite: Bool { command == .xmodemWrite || command == .xmodemWriteCompressed }

    /// Whether its end was acknowledged, or it was cancelled. A sender that lost the ACK of its EOT repeats it even then.
    var isOver: Bool { stage == .ended }

    // MARK: What comes next

    func fromHost(_ bytes: Span<UInt8>) -> Beginning? {
        isWrite ? fromSender(bytes) : fromReceiver(bytes[0])
    }

    func fromChip(_ bytes: Span<UInt8>) -> Beginning? {
        if bytes[0] == XMODEM.brokenStream[2], command == .xmodemWriteCompressed, cancels == 2 {
            return .whole(1, .xmodemCancelMark)
        }
        return isWrite ? fromReceiver(bytes[0]) : fromSender(bytes)
    }

    private func fromSender(_ bytes: Span<UInt8>) -> Beginning? {
        switch bytes[0] {
        case XMODEM.cancel: cancel(bytes)
        case XMODEM.eot: .whole(1, .xmodemEOT)
        case _ where isOver: nil
        case XMODEM.stx: block(bytes, dataByteCount: XMODEM.dataByteCount, checkByteCount: 2)
        // 91 refuses such a block, byte by byte; it is one all the same.
        case XMODEM.soh where isWrite:
            block(bytes, dataByteCount: XMODEM.shortDataByteCount, checkByteCount: 2)
        case XMODEM.soh where sendsShortBlocks:
            block(bytes, dataByteCount: XMODEM.shortDataByteCount, checkByteCount: 1)
        default: nil
        }
    }

    /// A host cancels with two CANs or more. A single one is of a block that lost its head: a stub does not look (§10).
    private func cancel(_ bytes: Span<UInt8>) -> Beginning? {
        guard isWrite, cancels == 0 else { return .whole(1, .xmodemCancel) }
        guard bytes.count >= 2 else { return .more(2) }
        return bytes[1] == XMODEM.cancel ? .whole(1, .xmodemCancel) : nil
    }

    private func fromReceiver(_ byte: UInt8) -> Beginning? {
        switch byte {
        case XMODEM.cancel: .whole(1, .xmodemCancel)
        case _ where isOver: nil
        case XMODEM.ready: .whole(1, .xmodemReady)
        case XMODEM.ack: .whole(1, .xmodemACK)
        case XMODEM.nak: .whole(1, .xmodemNAK)
        default: nil
        }
    }

    /// A block: number and complement decide that it is one, the CRC or sum whether it is intact.
    private func block(_ bytes: Span<UInt8>, dataByteCount: Int, checkByteCount: Int) -> Beginning? {
        let count = 3 + dataByteCount + checkByteCount
        guard bytes.count >= 3 else { return .more(count, .block) }
        guard bytes[1] == ~bytes[2] else { return nil }
        guard bytes.count >= count else { return .more(count, .block) }
        let data = bytes.extracting(3..<(3 + dataByteCount))
        let isIntact =
            checkByteCount == 1
            ? sum8(data) == bytes[count - 1]
            : CRC16.of(data) == UInt16(bytes[count - 2]) << 8 | UInt16(bytes[count - 1])
        return .whole(
            count,
            .xmodemBlock(
                XMODEMBlockSummary(
                    number: bytes[1], dataByteCount: dataByteCount, isIntact: isIntact,
                    isRepeated: bytes[1] == lastNumber)))
    }

    // MARK: What it changes

    /// 91 takes blocks of 1024 bytes alone.
    func refuses(_ block: XMODEMBlockSummary) -> Bool {
        command == .xmodemWrite && block.dataByteCount == XMODEM.shortDataByteCount
    }

    /// What was noted last did not come to the chip as it was sent.
    mutating func noteSpoiled() { isLastTaken = false }

    mutating func note(_ kind: SessionEvent.Kind) {
        switch kind {
        case .xmodemBlock(let block):
            lastNumber = block.number
            isLastTaken = block.isIntact && !refuses(block)
            stage = .running
            cancels = 0
        case .xmodemEOT: stage = .endSent
        case .xmodemACK: if stage == .endSent { stage = .ended }
        case .xmodemCancel:
            cancels += 1
            stage = .ended
        case .xmodemNAK, .xmodemReady:
            // How the first block is asked for decides what blocks there are.
            if command == .xmodemReadCompressed, lastNumber == nil { sendsShortBlocks = kind == .xmodemNAK }
            if kind == .xmodemNAK { isLastTaken = false }
        default: break
        }
    }
}
