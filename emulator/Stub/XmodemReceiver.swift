import Line
import Wire

/// Command 91 on the chip: takes XMODEM-1K blocks and programs them (ECR6600 facts §10).
///
/// Not checked, as on the chip: the order of block numbers (a repeated block is programmed again, one block further on),
/// the announced length, CAN.
struct XmodemReceiver {
    /// How long it waits for a header before it sends `C` again.
    private static let headerTimeout = Duration.milliseconds(333)
    /// How long it waits for each byte of a block.
    private static let byteTimeout = Duration.seconds(2)

    private var position = 0
    /// The block as read so far, STX included; empty between blocks.
    private var block: [UInt8] = []

    /// Asks for the first block.
    mutating func begin(at address: Int, _ processor: inout Processor) {
        position = address
        block.removeAll(keepingCapacity: true)
        invite(&processor)
    }

    /// Reads on. - Returns: whether the transfer is over.
    mutating func resume(_ processor: inout Processor, _ cause: Wake) -> Bool {
        if cause == .timer {
            if block.isEmpty {
                invite(&processor)
            } else {
                // What the stub does when a block breaks off is not known; ours asks for it again.
                refuse(&processor)
            }
        }
        while true {
            if block.isEmpty {
                guard let header = processor.receive() else { return false }
                switch header {
                case XMODEM.eot:
                    processor.timer = nil
                    processor.send(XMODEM.ack)
                    return true
                case XMODEM.stx:
                    block.append(header)
                    processor.timer = processor.now.advanced(by: Self.byteTimeout)
                default:
                    refuse(&processor)
                }
            } else if !readBlock(&processor) {
                return false
            }
        }
    }

    /// Whether it got any further with the block.
    private mutating func readBlock(_ processor: inout Processor) -> Bool {
        let wanted = (block.count < 3 ? 3 : XMODEM.blockByteCount) - block.count
        guard processor.receive(atMost: wanted, into: &block) > 0 else { return false }
        processor.timer = processor.now.advanced(by: Self.byteTimeout)
        if block.count == 3, block[1] != ~block[2] {
            // Refused at once: the data that follows is then read as headers.
            refuse(&processor)
        } else if block.count == XMODEM.blockByteCount {
            judge(&processor)
        }
        return true
    }

    private mutating func judge(_ processor: inout Processor) {
        let block = block
        let data = block.span.extracting(3..<(3 + XMODEM.dataByteCount))
        let carried = UInt16(block[1027]) << 8 | UInt16(block[1028])
        guard CRC16.of(data) == carried else { return refuse(&processor) }
        processor.programFromBuffer(data, at: position)
        position += XMODEM.dataByteCount
        processor.send(XMODEM.ack)
        awaitHeader(&processor)
    }

    private mutating func refuse(_ processor: inout Processor) {
        processor.send(XMODEM.nak)
        awaitHeader(&processor)
    }

    private mutating func invite(_ processor: inout Processor) {
        processor.send(XMODEM.ready)
        awaitHeader(&processor)
    }

    private mutating func awaitHeader(_ processor: inout Processor) {
        block.removeAll(keepingCapacity: true)
        processor.timer = processor.now.advanced(by: Self.headerTimeout)
    }
}
