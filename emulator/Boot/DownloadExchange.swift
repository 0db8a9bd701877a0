import Wire

/// The exchange that follows the sync word: twelve bytes of header, the payload in pieces, then a jump to 0x10000
/// (ECR6600 facts §1.4). Mask ROM and uboot each have their own copy of it on the chip; here they share this one.
struct DownloadExchange {
    /// Whether each piece of 1024 bytes is answered with 00.
    let acknowledgesPieces: Bool

    private var header: [UInt8] = []
    /// Nil until a header was accepted.
    private var payload: (length: Int, received: Int)?
    private var piece: [UInt8] = []

    init(acknowledgesPieces: Bool) {
        self.acknowledgesPieces = acknowledgesPieces
    }

    /// Answers the sync word; from here on there is no time limit.
    func begin(_ processor: inout Processor) {
        processor.send(BootProtocol.Answer.synchronised.rawValue)
        processor.clearReceiver(.synchronised)
    }

    /// Reads on; jumps when the payload is complete.
    mutating func resume(_ processor: inout Processor) {
        while payload == nil {
            let wanted = DownloadHeader.byteCount - header.count
            guard processor.receive(atMost: wanted, into: &header) > 0 else { return }
            if header.count == DownloadHeader.byteCount { judgeHeader(&processor) }
        }
        while let (length, received) = payload {
            guard received < length else { return finish(length, &processor) }
            // Only the last piece is shorter than 1024 bytes.
            let pieceEnd = min(length - received, BootProtocol.pieceByteCount)
            guard processor.receive(atMost: pieceEnd - piece.count, into: &piece) > 0 else { return }
            if piece.count == pieceEnd { store(&processor) }
        }
    }

    private mutating func judgeHeader(_ processor: inout Processor) {
        defer { header.removeAll(keepingCapacity: true) }
        guard let announced = try? DownloadHeader(parsing: header.span),
            announced.type == DownloadHeader.ramDownload
        else {
            processor.send(BootProtocol.Answer.refused.rawValue)
            return
        }
        processor.send(BootProtocol.Answer.accepted.rawValue)
        processor.clearReceiver(.headerAccepted)
        payload = (Int(announced.length), 0)
        // A length of 0 is answered like a header and a piece (§1.4).
        if announced.length == 0, acknowledgesPieces { processor.send(BootProtocol.Answer.accepted.rawValue) }
    }

    private mutating func store(_ processor: inout Processor) {
        guard let (length, received) = payload else { return }
        processor.memory.writeRAM(piece.span, at: Int(BootProtocol.loadAddress) + received)
        payload = (length, received + piece.count)
        piece.removeAll(keepingCapacity: true)
        if acknowledgesPieces { processor.send(BootProtocol.Answer.accepted.rawValue) }
    }

    private func finish(_ length: Int, _ processor: inout Processor) {
        let start = Int(BootProtocol.loadAddress)
        let image = processor.memory.ram(start..<min(start + length, MemoryMap.ramEnd))
        processor.jump(to: Stub.loader(running: image, &processor))
    }
}
