import Digests
import Line
import Wire

/// Commands 92, 96 and 98 on the chip: sends XMODEM blocks, each until it is acknowledged (ECR6600 facts §10).
struct XmodemSender {
    /// Where the bytes come from.
    enum Source {
        case flash
        case memory
        /// The flash as one raw deflate stream; level 1…10, of which zlib knows nine.
        case deflated(level: Int)

        /// 96 waits longer for an ACK, not for ever for the first `C`, and cancels with two CANs.
        var isCompressed: Bool { if case .deflated = self { true } else { false } }
    }

    /// How often it sends the same block or EOT.
    private static let tries = 10
    /// How long it waits for an ACK of a block: 92, 98; 96; and for any ACK of EOT.
    private static let ackTimeout = Duration.milliseconds(300)
    private static let compressedAckTimeout = Duration.milliseconds(500)
    /// How long 96 waits for `C` or NAK; the others wait without limit.
    private static let compressedReadyTimeout = Duration.seconds(10)

    private enum State {
        case waitingForReady
        case waitingForAck
        case waitingForEndAck
    }
    private var state = State.waitingForReady
    private var source = Source.flash
    private var deflater: Deflater?
    private var position = 0
    private var end = 0
    private var number: UInt8 = 1
    /// Blocks of 128 bytes with a sum: 96, when the host begins with NAK.
    private var isShort = false
    private var triesLeft = 0
    private var data: [UInt8] = []
    private var block: [UInt8] = []

    /// Waits for the host to begin.
    mutating func begin(_ source: Source, address: Int, length: Int, _ processor: inout Processor) {
        self.source = source
        if case .deflated(let level) = source { deflater = Deflater(level: level) }
        position = address
        end = address + length
        number = 1
        isShort = false
        state = .waitingForReady
        processor.timer = source.isCompressed ? processor.now.advanced(by: Self.compressedReadyTimeout) : nil
    }

    /// Reads on. - Returns: whether the transfer is over, well or not.
    mutating func resume(_ processor: inout Processor, _ cause: Wake) -> Bool {
        if cause == .timer, repeatOrGiveUp(&processor) { return true }
        while let byte = processor.receive() {
            switch (state, byte) {
            case (.waitingForReady, XMODEM.ready): sendNext(&processor)
            case (.waitingForReady, XMODEM.nak) where source.isCompressed:
                isShort = true
                sendNext(&processor)
            case (.waitingForReady, XMODEM.cancel) where source.isCompressed: return finish(&processor)
            case (.waitingForReady, _): continue
            case (.waitingForAck, XMODEM.ack):
                number &+= 1
                sendNext(&processor)
            case (.waitingForEndAck, XMODEM.ack): return finish(&processor)
            default:
                // Anything but an ACK is as good as silence.
                if repeatOrGiveUp(&processor) { return true }
            }
        }
        return false
    }

    private mutating func finish(_ processor: inout Processor) -> Bool {
        processor.timer = nil
        deflater = nil
        return true
    }

    private mutating func sendNext(_ processor: inout Processor) {
        triesLeft = Self.tries
        let capacity = isShort ? XMODEM.shortDataByteCount : XMODEM.dataByteCount
        fillData(capacity, processor)
        block.removeAll(keepingCapacity: true)
        if data.isEmpty {
            state = .waitingForEndAck
            block.append(XMODEM.eot)
        } else {
            state = .waitingForAck
            data.append(contentsOf: repeatElement(XMODEM.padding, count: capacity - data.count))
            let data = data
            if isShort {
                XMODEM.appendShortBlock(number: number, data: data.span, to: &block)
            } else {
                XMODEM.appendBlock(number: number, data: data.span, to: &block)
            }
        }
        sendBlock(&processor)
    }

    /// The next bytes to send; none when everything has been sent.
    private mutating func fillData(_ capacity: Int, _ processor: Processor) {
        data.removeAll(keepingCapacity: true)
        if case .deflated = source {
            fillCompressed(capacity, processor)
            return
        }
        let count = min(capacity, end - position)
        if case .memory = source {
            processor.memory.read(count, at: position, flash: processor.flash, into: &data)
        } else {
            processor.flash.read(count, at: position, into: &data)
        }
        position += count
    }

    private mutating func fillCompressed(_ capacity: Int, _ processor: Processor) {
        var position = position
        _ = deflater?.fill(&data, upTo: capacity) { input in
            let count = min(NORFlash.sectorByteCount, end - position)
            processor.flash.read(count, at: position, into: &input)
            position += count
        }
        self.position = position
    }

    private mutating func sendBlock(_ processor: inout Processor) {
        triesLeft -= 1
        processor.send(block)
        let isLong = source.isCompressed && state == .waitingForAck
        processor.timer = processor.now.advanced(by: isLong ? Self.compressedAckTimeout : Self.ackTimeout)
    }

    /// - Returns: whether it has given up: a block with one CAN (96: two), EOT with nothing; 96 also when the transfer
    /// never starts.
    private mutating func repeatOrGiveUp(_ processor: inout Processor) -> Bool {
        guard state == .waitingForReady || triesLeft == 0 else {
            sendBlock(&processor)
            return false
        }
        if state != .waitingForEndAck {
            processor.send([UInt8](repeating: XMODEM.cancel, count: source.isCompressed ? 2 : 1))
        }
        return finish(&processor)
    }
}
