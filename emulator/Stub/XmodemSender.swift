import Line
import Wire

/// Commands 92 and 98 on the chip: sends XMODEM-1K blocks, each until it is acknowledged (ECR6600 facts §10).
struct XmodemSender {
    /// Where the bytes come from.
    enum Source {
        case flash
        case memory
    }

    /// How long it waits for an ACK.
    private static let ackTimeout = Duration.milliseconds(300)
    /// How often it sends the same block or EOT.
    private static let tries = 10

    private enum State {
        /// Waits without limit for `C`.
        case waitingForReady
        case waitingForAck
        case waitingForEndAck
    }
    private var state = State.waitingForReady
    private var source = Source.flash
    private var position = 0
    private var end = 0
    private var number: UInt8 = 1
    private var triesLeft = 0
    private var data: [UInt8] = []
    private var block: [UInt8] = []

    /// Waits for the host's `C`.
    mutating func begin(_ source: Source, address: Int, length: Int) {
        self.source = source
        position = address
        end = address + length
        number = 1
        state = .waitingForReady
    }

    /// Reads on. - Returns: whether the transfer is over, well or not.
    mutating func resume(_ processor: inout Processor, _ cause: Wake) -> Bool {
        if cause == .timer, repeatOrGiveUp(&processor) { return true }
        while let byte = processor.receive() {
            switch (state, byte) {
            case (.waitingForReady, XMODEM.ready): sendNext(&processor)
            case (.waitingForReady, _): continue
            case (.waitingForAck, XMODEM.ack):
                position += XMODEM.dataByteCount
                number &+= 1
                sendNext(&processor)
            case (.waitingForEndAck, XMODEM.ack):
                processor.timer = nil
                return true
            default:
                // Anything but an ACK is as good as silence.
                if repeatOrGiveUp(&processor) { return true }
            }
        }
        return false
    }

    private mutating func sendNext(_ processor: inout Processor) {
        triesLeft = Self.tries
        if position < end {
            state = .waitingForAck
            fillBlock(processor)
        } else {
            state = .waitingForEndAck
            block = [XMODEM.eot]
        }
        sendBlock(&processor)
    }

    private mutating func fillBlock(_ processor: Processor) {
        let count = min(XMODEM.dataByteCount, end - position)
        data.removeAll(keepingCapacity: true)
        switch source {
        case .flash: processor.flash.read(count, at: position, into: &data)
        case .memory: processor.memory.read(count, at: position, flash: processor.flash, into: &data)
        }
        data.append(contentsOf: repeatElement(XMODEM.padding, count: XMODEM.dataByteCount - count))
        block.removeAll(keepingCapacity: true)
        let data = data
        XMODEM.appendBlock(number: number, data: data.span, to: &block)
    }

    private mutating func sendBlock(_ processor: inout Processor) {
        triesLeft -= 1
        processor.send(block)
        processor.timer = processor.now.advanced(by: Self.ackTimeout)
    }

    /// - Returns: whether it has given up: a block with one CAN, EOT with nothing.
    private mutating func repeatOrGiveUp(_ processor: inout Processor) -> Bool {
        guard triesLeft == 0 else {
            sendBlock(&processor)
            return false
        }
        if state == .waitingForAck { processor.send(XMODEM.cancel) }
        processor.timer = nil
        return true
    }
}
