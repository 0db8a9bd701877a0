package import Line

/// A stretch of a session that has a name: which bytes, when, and what they are.
package struct SessionEvent: Hashable, Sendable, CustomStringConvertible {
    /// Which way the bytes went.
    package var direction: Direction
    /// Offset of its first byte in everything that went in this direction.
    package var offset: Int
    /// At least 1: every byte of a session belongs to exactly one event.
    package var byteCount: Int
    /// Stamp of the run that held the first byte.
    package var start: Int64
    /// Stamp of the run that held the last byte.
    package var end: Int64
    /// What the bytes are.
    package var kind: Kind
    /// What the chip makes of it, where that is one of the known mistakes.
    package var pitfall: Pitfall?

    package init(
        direction: Direction, offset: Int, byteCount: Int, start: Int64, end: Int64, kind: Kind, pitfall: Pitfall? = nil
    ) {
        self.direction = direction
        self.offset = offset
        self.byteCount = byteCount
        self.start = start
        self.end = end
        self.kind = kind
        self.pitfall = pitfall
    }

    /// What the bytes are.
    package enum Kind: Hashable, Sendable {
        /// "cnys" (ECR6600 facts §1.4).
        case syncWord
        /// 01.
        case syncAnswer
        /// "amt_" and its seven bytes; the last is a digit or not.
        case amtWord(digit: UInt8?)
        /// "OK" or "FAILE".
        case amtAnswer(accepted: Bool)
        /// The 12 bytes that announce a RAM image.
        case downloadHeader(DownloadHeader)
        /// Zero bytes that complete a header that may have lost some of its own (§11.1).
        case filler
        /// 00 or FF after a header, or what the loader took for one.
        case headerAnswer(accepted: Bool)
        /// Bytes of a RAM image: `done` of `total` after these. A piece ends where the chip's answer came in between.
        case payload(done: Int, total: Int)
        /// 00 after `number` (from 1) of `total` pieces of the payload.
        case pieceAnswer(number: Int, total: Int)
        /// A frame from host to stub.
        case request(StubRequestSummary)
        /// A frame from stub to host, other than an upload's.
        case answer(StubAnswerSummary)
        /// A frame of FLASH read (03): `count` bytes of flash, `done` of `total` after them.
        case uploadFrame(count: Int, done: Int, total: Int, sum: SumVerdict)
        /// "C": the receiver is ready.
        case xmodemReady
        case xmodemACK
        case xmodemNAK
        case xmodemEOT
        case xmodemCancel
        /// 4E, which the community stub appends when a compressed write fails (§10).
        case xmodemCancelMark
        case xmodemBlock(XMODEMBlockSummary)
        /// What a loader prints, at most a line.
        case text([UInt8])
        /// Bytes without a meaning here.
        case noise
        /// The session ended in the middle of a message of that many bytes.
        case cutOff(expected: Int)
    }

    /// What the sum of a frame is worth.
    package enum SumVerdict: Hashable, Sendable {
        case right
        /// Wrong, but as the loaders send it (§4.2, §10): a SYN answer, a bad-sum answer of 1.3.11, a 64 KB frame.
        case stale
        case wrong
    }
}

/// What a stub was asked, without the data that a frame carries.
package struct StubRequestSummary: Hashable, Sendable {
    /// The body as the command reads it.
    package enum Body: Hashable, Sendable {
        case empty
        case range(address: UInt32, length: UInt32)
        /// Of command 96; level 1…10.
        case compressedRange(address: UInt32, length: UInt32, level: UInt8)
        case baud(UInt32)
        /// A data frame of 01 or 02: data bytes, flag 1 or not (ECR6600 facts §4.3).
        case data(count: Int, again: Bool)
        /// A data frame after the end of its download, and the range that the stub reads in it: to the stub it is a
        /// start (§4.3).
        case lateData(count: Int, again: Bool, address: UInt32, length: UInt32)
        /// Command 08: operation 0 read, 1 write, 2 random key.
        case efuse(operation: UInt16, address: UInt16, length: UInt16)
        /// The second frame of an eFuse write.
        case efuseData(count: Int)
        /// Anything else; at most 64 bytes. No bytes for SYN without its word: with it the body is `empty`.
        case bytes([UInt8])
    }

    /// The type byte of the frame.
    package var command: StubCommand
    /// The body, read as the command reads it.
    package var body: Body
    /// Whether the last byte is the sum of all others.
    package var sumIsRight: Bool

    /// The addresses that it names; nil where its body has no address and length.
    package var range: Range<UInt64>? {
        switch body {
        case .range(let address, let length), .compressedRange(let address, let length, _):
            UInt64(address)..<(UInt64(address) + UInt64(length))
        default: nil
        }
    }

    package init(_ command: StubCommand, _ body: Body = .empty, sumIsRight: Bool = true) {
        self.command = command
        self.body = body
        self.sumIsRight = sumIsRight
    }
}

/// What a stub answered.
package struct StubAnswerSummary: Hashable, Sendable {
    /// The type byte of the frame; `unknown` (FF) for a refusal.
    package var command: StubCommand
    /// Success where the frame has no status byte (an eFuse read, §4.3).
    package var status: StubStatus
    /// At most 65,535 bytes; empty for an ack.
    package var data: [UInt8]
    /// What the last byte is worth.
    package var sum: SessionEvent.SumVerdict

    package init(
        _ command: StubCommand, _ status: StubStatus, data: [UInt8] = [], sum: SessionEvent.SumVerdict = .right
    ) {
        self.command = command
        self.status = status
        self.data = data
        self.sum = sum
    }
}

/// An XMODEM block without its data.
package struct XMODEMBlockSummary: Hashable, Sendable {
    /// As the block says: from 1, wrapping at 256.
    package var number: UInt8
    /// 128 or 1024.
    package var dataByteCount: Int
    /// Whether CRC or sum is right.
    package var isIntact: Bool
    /// Whether the block before had the same number.
    package var isRepeated: Bool

    package init(
        number: UInt8, dataByteCount: Int = XMODEM.dataByteCount, isIntact: Bool = true, isRepeated: Bool = false
    ) {
        self.number = number
        self.dataByteCount = dataByteCount
        self.isIntact = isIntact
        self.isRepeated = isRepeated
    }
}

extension SessionEvent.Kind {
    /// Whether a sum is part of it, which tells whether it arrived as it was sent.
    var hasSum: Bool {
        switch self {
        case .answer, .uploadFrame, .request, .xmodemBlock: true
        default: false
        }
    }
}

extension SessionEvent.Kind {
    /// Fewer printable bytes in a row are noise.
    static let textMinimum = 4

    /// Whether the byte can be in what a loader prints.
    package static func isText(_ byte: UInt8) -> Bool {
        (0x20...0x7E).contains(byte) || byte == 0x0A || byte == 0x0D || byte == 0x09
    }

    /// What a stretch of bytes is that belongs to no message: what the chip prints, or noise.
    package static func unexplained(_ bytes: [UInt8], _ direction: Direction) -> SessionEvent.Kind {
        direction == .chipToHost && bytes.count >= textMinimum && bytes.allSatisfy(isText) ? .text(bytes) : .noise
    }
}
