import Line
import Wire

/// Commands 91 and 97 on the chip: takes XMODEM blocks and programs what they carry (ECR6600 facts §10).
///
/// Not checked, as on the chip: the order of block numbers (a repeated block is programmed again, one block further
/// on), the announced length of 91, CAN.
struct XmodemReceiver {
    /// How long it waits for a header before it sends `C` again.
    private static let headerTimeout = Duration.milliseconds(333)
    /// How long it waits for each byte of a block.
    private static let byteTimeout = Duration.seconds(2)

    private var position = 0
    /// Nil for 91, whose blocks are the flash's contents as they are.
    private var inflating: InflatingSink?
    /// What an earlier 97 left in its static buffer.
    private var residue: [UInt8] = []
    /// The block as read so far, its header included; empty between blocks.
    private var block: [UInt8] = []

    /// Asks for the first block.
    /// - Parameter inflating: for 97, how many bytes the stream may say; nil for 91.
    mutating func begin(at address: Int, inflating byteCount: Int?, _ processor: inout Processor) {
        position = address
        inflating = byteCount.map { InflatingSink(at: address, byteCount: $0, residue: residue) }
        block.removeAll(keepingCapacity: true)
        invite(&processor)
    }

    /// Reads on. - Returns: whether the transfer is over.
    mutating func resume(_ processor: inout Processor, _ cause: Wake) -> Bool {
        if cause == .timer {
            if block.isEmpty {
                invite(&processor)
            } else {
                // What the stub does when a block breaks off is not known; the emulator asks for it again.
                refuse(&processor)
            }
        }
        while true {
            if block.isEmpty {
                guard let header = processor.receive() else { return false }
                switch header {
                case XMODEM.eot:
                    processor.send(XMODEM.ack)
                    return end(&processor)
                case XMODEM.stx,
                    XMODEM.soh where inflating != nil:
                    block.append(header)
                    processor.timer = processor.now.advanced(by: Self.byteTimeout)
                default:
                    refuse(&processor)
                }
            } else if !readBlock(&processor) {
                return false
            } else if inflating?.isBroken == true {
                processor.send(XMODEM.brokenStream)
                return end(&processor)
            }
        }
    }

    private mutating func end(_ processor: inout Processor) -> Bool {
        processor.timer = nil
        if let inflating { residue = inflating.residue }
        return true
    }

    /// Whether it got any further with the block.
    private mutating func readBlock(_ processor: inout Processor) -> Bool {
        let dataByteCount = block[0] == XMODEM.soh ? XMODEM.shortDataByteCount : XMODEM.dataByteCount
        let whole = 3 + dataByteCount + 2
        guard processor.receive(atMost: (block.count < 3 ? 3 : whole) - block.count, into: &block) > 0 else {
            return false
        }
        processor.timer = processor.now.advanced(by: Self.byteTimeout)
        if block.count == 3, block[1] != ~block[2] {
            // Refused at once: the data that follows is then read as headers.
            refuse(&processor)
        } else if block.count == whole {
            judge(&processor)
        }
        return true
    }

    private mutating func judge(_ processor: inout Processor) {
        let block = block
        let end = block.count - 2
        let data = block.span.extracting(3..<end)
        let carried = UInt16(block[end]) << 8 | UInt16(block[end + 1])
        guard CRC16.of(data) == carried else { return refuse(&processor) }
        if inflating != nil {
            inflating?.take(Array(block[3..<end]), &processor)
            guard inflating?.isBroken == false else { return }
        } else {
            processor.programFromBuffer(data, at: position)
            position += data.count
        }
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
