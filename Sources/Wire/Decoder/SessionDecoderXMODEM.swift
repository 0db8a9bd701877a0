import Line

/// What a decoder knows of an XMODEM transfer (ECR6600 facts §10).
struct TransferContext {
    enum Stage {
        case running
        case eotSent
        case ended
    }

    var command: StubCommand
    var stage = Stage.running
    /// The block before.
    var lastNumber: UInt8?
    /// CANs since the last block.
    var cancels = 0
    /// Whether the chip sends 128-byte blocks with a sum: the host began a compressed read with NAK.
    var sendsShortBlocks = false

    init(_ command: StubCommand) { self.command = command }

    /// Whether blocks go from host to chip.
    var isWrite: Bool { command == .xmodemWrite || command == .xmodemWriteCompressed }
}

extension SessionDecoder {
    func classifyHostTransfer(_ bytes: Span<UInt8>) -> SessionStep? {
        guard let transfer else { return nil }
        switch bytes[0] {
        case XMODEM.cancel: return .event(1, .xmodemCancel)
        case XMODEM.eot where transfer.isWrite: return .event(1, .xmodemEOT)
        case _ where transfer.stage == .ended: return nil
        case XMODEM.stx where transfer.isWrite: return classifyBlock(bytes, dataByteCount: 1024, crcByteCount: 2)
        case XMODEM.soh where transfer.command == .xmodemWriteCompressed:
            return classifyBlock(bytes, dataByteCount: 128, crcByteCount: 2)
        case XMODEM.ready where !transfer.isWrite: return .event(1, .xmodemReady)
        case XMODEM.ack where !transfer.isWrite: return .event(1, .xmodemACK)
        case XMODEM.nak where !transfer.isWrite: return .event(1, .xmodemNAK)
        default: return nil
        }
    }

    func classifyChipTransfer(_ bytes: Span<UInt8>) -> SessionStep? {
        guard let transfer else { return nil }
        switch bytes[0] {
        case XMODEM.cancel: return .event(1, .xmodemCancel)
        case 0x4E where transfer.command == .xmodemWriteCompressed && transfer.cancels == 2:
            return .event(1, .xmodemCancelMark)
        case XMODEM.eot where !transfer.isWrite: return .event(1, .xmodemEOT)
        case _ where transfer.stage == .ended: return nil
        case XMODEM.stx where !transfer.isWrite: return classifyBlock(bytes, dataByteCount: 1024, crcByteCount: 2)
        case XMODEM.soh where transfer.sendsShortBlocks:
            return classifyBlock(bytes, dataByteCount: 128, crcByteCount: 1)
        case XMODEM.ready where transfer.isWrite: return .event(1, .xmodemReady)
        case XMODEM.ack where transfer.isWrite: return .event(1, .xmodemACK)
        case XMODEM.nak where transfer.isWrite: return .event(1, .xmodemNAK)
        default: return nil
        }
    }

    /// A block: number and complement decide that it is one, the CRC whether it is intact.
    private func classifyBlock(_ bytes: Span<UInt8>, dataByteCount: Int, crcByteCount: Int) -> SessionStep? {
        let count = 3 + dataByteCount + crcByteCount
        guard bytes.count >= 3 else { return .more(count) }
        guard bytes[1] == ~bytes[2] else { return nil }
        guard bytes.count >= count else { return .more(count) }
        let data = bytes.extracting(3..<(3 + dataByteCount))
        let isIntact =
            crcByteCount == 1
            ? sum8(data) == bytes[count - 1]
            : CRC16.of(data) == UInt16(bytes[count - 2]) << 8 | UInt16(bytes[count - 1])
        if !isIntact, let cut = cutBlock(bytes.extracting(first: count)) { return cut }
        return .event(
            count,
            .xmodemBlock(
                XMODEMBlockSummary(
                    number: bytes[1], dataByteCount: dataByteCount, isIntact: isIntact,
                    isRepeated: bytes[1] == transfer?.lastNumber)))
    }

    /// A block that lost bytes on the way swallows the head of its repetition. Where the receiver asked again while it
    /// was incomplete, and a block begins just there, it ends there.
    private func cutBlock(_ block: Span<UInt8>) -> SessionStep? {
        let sender = transfer?.isWrite == true ? host : chip
        guard let cut = sender.interruption, cut >= 3, cut + 2 < block.count, block[cut] == block[0],
            block[cut + 1] == ~block[cut + 2]
        else { return nil }
        return .event(cut, .cutOff(expected: block.count))
    }

    mutating func noteTransfer(_ kind: SessionEvent.Kind, _ direction: Direction) {
        guard transfer != nil else { return }
        switch kind {
        case .xmodemBlock(let block):
            transfer?.lastNumber = block.number
            transfer?.stage = .running
            transfer?.cancels = 0
        case .xmodemEOT: transfer?.stage = .eotSent
        case .xmodemACK: if transfer?.stage == .eotSent { transfer?.stage = .ended }
        case .xmodemCancel:
            transfer?.cancels += 1
            transfer?.stage = .ended
        case .xmodemNAK, .xmodemReady:
            if transfer?.command == .xmodemReadCompressed, transfer?.lastNumber == nil {
                transfer?.sendsShortBlocks = kind == .xmodemNAK
            }
            let pending = self[direction.opposite].pending.count
            if pending > 0 { self[direction.opposite].interruption = pending }
        default: break
        }
    }
}
