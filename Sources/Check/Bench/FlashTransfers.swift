import Digests
import Emulator
import Line
import Wire

/// What a host reads of a flash and writes to it, in any dialect, held against the flash itself: which reads were complete and
/// right, and whether what was written has been looked at afterwards.
struct FlashTransfers: Sendable {
    /// Complete reads of the whole flash, right in every byte.
    private(set) var backupCount = 0
    /// What the host has been given since the last of them, or since something changed.
    private var read = ReadRanges()
    /// What was read, or its SHA-256 told, since the flash last changed.
    private var checked = ReadRanges()
    private var written: [WrittenPiece] = []
    /// How often the host was given all that lies where the image belongs, since a step began.
    private(set) var comparisonCount = 0
    /// Where that is, and what of it was given since the last time.
    private let compared: [Range<Int>]
    private var given = ReadRanges()

    /// What the stub was asked last, other than by a frame of data.
    private var request: StubRequestSummary?
    private var reading: BlockStream?
    private var writing: BlockStream?

    /// A write that was carried through.
    private struct WrittenPiece: Sendable {
        var range: Range<Int>
        /// SHA-256 of what the host sent.
        var digest: [UInt8]
        var isVerified = false
    }

    /// Writes that are kept; of more the oldest are forgotten. A host that writes 4 KB at a time has 512 for 2 MB.
    private static let mostWritten = 4096

    /// - Parameter compared: where the image belongs.
    init(comparing compared: [Range<Int>]) { self.compared = compared }

    /// A step of a lesson begins.
    mutating func beginStep() {
        comparisonCount = 0
        given = ReadRanges()
    }

    /// Whether the host was given a part of the flash since then, and not yet all of it.
    var readsPart: Bool { !read.isEmpty }

    /// Whether something was written, and all of it looked at since and found right.
    var isVerified: Bool { !written.isEmpty && written.allSatisfy(\.isVerified) }

    /// These sectors of the flash hold something else than before.
    mutating func flashChanged(_ sectors: [Int]) {
        guard !sectors.isEmpty else { return }
        read = ReadRanges()
        checked = ReadRanges()
        given = ReadRanges()
        for place in written.indices where written[place].isVerified {
            let range = written[place].range
            let size = NORFlash.sectorByteCount
            if sectors.contains(where: { range.overlaps(($0 * size)..<(($0 + 1) * size)) }) {
                written[place].isVerified = false
            }
        }
    }

    /// The chip has begun anew, or the host has closed its port: what was begun is not ended.
    mutating func interrupt() {
        (request, reading, writing) = (nil, nil, nil)
        read = ReadRanges()
    }

    /// Takes the next message. - Parameters:
    ///   - bytes: its own, at the host's end.
    ///   - isDamaged: whether the chip never sent it so.
    ///   - flash: as it is now.
    mutating func note(_ event: SessionEvent, _ bytes: [UInt8], isDamaged: Bool, _ flash: NORFlash) {
        if event.direction == .hostToChip { noteHost(event.kind, bytes) }
        if event.direction == .chipToHost, !isDamaged { noteChip(event.kind, bytes, flash) }
    }

    private mutating func noteHost(_ kind: SessionEvent.Kind, _ bytes: [UInt8]) {
        switch kind {
        case .request(let request):
            if case .data(let count, let isAgain) = request.body {
                // Head and flag before the data (ECR6600 facts §4.3).
                let head = StubRequest.headByteCount + 1
                if !isAgain, head + count <= bytes.count { writing?.take(bytes[head..<(head + count)]) }
            } else {
                self.request = request
                (reading, writing) = (nil, nil)
            }
        case .xmodemBlock(let block): _ = writing?.take(block, bytes)
        case .xmodemEOT: writing?.isEnded = true
        case .xmodemCancel: (reading, writing) = (nil, nil)
        case .syncWord: interruptTransfers()
        default: break
        }
    }

    private mutating func interruptTransfers() { (request, reading, writing) = (nil, nil, nil) }

    private mutating func noteChip(_ kind: SessionEvent.Kind, _ bytes: [UInt8], _ flash: NORFlash) {
        switch kind {
        case .answer(let answer) where answer.command == request?.command && answer.status == .success:
            note(answer, flash)
        case .uploadFrame(let count, let done, _, let sum) where sum != .wrong:
            guard let start = request?.range?.lowerBound, done >= count else { return }
            let head = StubAnswer.frameByteCount - 2
            guard head + count <= bytes.count else { return }
            noteRead(Array(bytes[head..<(head + count)]), at: Int(clamping: start) + done - count, flash)
        case .xmodemBlock(let block):
            guard let piece = reading?.take(block, bytes), reading?.isCompressed == false else { return }
            noteRead(piece.bytes, at: piece.address, flash)
        case .xmodemEOT:
            if let reading, reading.isCompressed, let contents = reading.inflated() {
                noteRead(contents, at: reading.range.lowerBound, flash)
            }
            reading = nil
        case .xmodemACK: if writing?.isEnded == true { finishWrite(flash) }
        case .xmodemCancel: (reading, writing) = (nil, nil)
        default: break
        }
    }

    private mutating func note(_ answer: StubAnswerSummary, _ flash: NORFlash) {
        let range = range(in: flash)
        switch answer.command {
        case .xmodemRead, .xmodemReadCompressed:
            reading = range.map { BlockStream($0, isCompressed: answer.command == .xmodemReadCompressed) }
        case .flashDownload, .xmodemWrite, .xmodemWriteCompressed:
            if writing == nil, let range {
                forgetWritten(in: range)
                writing = BlockStream(range, isCompressed: answer.command == .xmodemWriteCompressed)
            } else if answer.command == .flashDownload, writing?.isComplete == true {
                finishWrite(flash)
            }
        case .erase: if let range { forgetWritten(in: range) }
        case .chipErase: written = []
        case .sha256:
            if let range, answer.data == SHA256.of(flash.bytes(range)) { noteChecked(range, flash) }
        default: break
        }
    }

    /// What the last request is about, if it lies in the flash.
    private func range(in flash: NORFlash) -> Range<Int>? {
        guard let range = request?.range, !range.isEmpty, range.upperBound <= UInt64(flash.byteCount) else {
            return nil
        }
        return Int(range.lowerBound)..<Int(range.upperBound)
    }

    // MARK: Reading

    private mutating func noteRead(_ bytes: [UInt8], at address: Int, _ flash: NORFlash) {
        let (end, isTooFar) = address.addingReportingOverflow(bytes.count)
        guard !isTooFar, !bytes.isEmpty, end <= flash.byteCount, flash.bytes(address..<end) == bytes else { return }
        read.add(UInt64(address)..<UInt64(end))
        if read.contains(0..<UInt64(flash.byteCount)) {
            backupCount += 1
            read = ReadRanges()
        }
        noteChecked(address..<end, flash)
    }

    // MARK: Writing

    private mutating func finishWrite(_ flash: NORFlash) {
        guard let stream = writing, stream.isComplete, let digest = stream.digest() else { return }
        writing = nil
        if written.count == Self.mostWritten { written.removeFirst() }
        written.append(WrittenPiece(range: stream.range, digest: digest))
        checked = ReadRanges()
    }

    private mutating func forgetWritten(in range: Range<Int>) {
        written.removeAll { $0.range.overlaps(range) }
    }

    /// The host knows what a range of the flash holds.
    private mutating func noteChecked(_ range: Range<Int>, _ flash: NORFlash) {
        noteGiven(range)
        guard written.contains(where: { !$0.isVerified }) else { return }
        checked.add(UInt64(range.lowerBound)..<UInt64(range.upperBound))
        for place in written.indices where !written[place].isVerified {
            let piece = written[place].range
            guard checked.contains(UInt64(piece.lowerBound)..<UInt64(piece.upperBound)) else { continue }
            written[place].isVerified = SHA256.of(flash.bytes(piece)) == written[place].digest
        }
    }

    private mutating func noteGiven(_ range: Range<Int>) {
        given.add(UInt64(range.lowerBound)..<UInt64(range.upperBound))
        let isAll = compared.allSatisfy { given.contains(UInt64($0.lowerBound)..<UInt64($0.upperBound)) }
        guard !compared.isEmpty, isAll else { return }
        comparisonCount += 1
        given = ReadRanges()
    }
}

/// What blocks or frames bring of a range, in their order; a block that comes again counts once.
private struct BlockStream: Sendable {
    let range: Range<Int>
    /// Whether the blocks are those of a raw deflate stream.
    let isCompressed: Bool
    /// Whether its sender has said that it is over.
    var isEnded = false
    /// What has come of a deflate stream.
    private var stream: [UInt8] = []
    /// Of what has come otherwise.
    private var sum = SHA256()
    private var count = 0
    private var nextNumber: UInt8 = 1

    init(_ range: Range<Int>, isCompressed: Bool) {
        self.range = range
        self.isCompressed = isCompressed
    }

    /// What is stored instead of compressed has a head for each 64 KB, and the last block is filled up.
    private var mostBytes: Int { isCompressed ? range.count + range.count / 1024 + 4096 : range.count }

    /// Whether all has come.
    var isComplete: Bool { isCompressed ? isEnded : count == range.count }

    /// What a deflate stream says; nil where it is not the range.
    func inflated() -> [UInt8]? {
        var inflater = Inflater()
        var contents: [UInt8] = []
        inflater.feed(stream, into: &contents, limit: range.count)
        return contents.count == range.count ? contents : nil
    }

    /// SHA-256 of what has come; nil where it is not the range.
    func digest() -> [UInt8]? {
        isCompressed ? inflated().map(SHA256.of) : count == range.count ? sum.digest() : nil
    }

    mutating func take(_ data: ArraySlice<UInt8>) {
        let data = Array(data.prefix(mostBytes - count))
        count += data.count
        if isCompressed { stream += data } else { sum.update(data.span) }
    }

    /// - Returns: what it adds, and where it belongs; nil for nothing.
    mutating func take(_ block: XMODEMBlockSummary, _ message: [UInt8]) -> (address: Int, bytes: [UInt8])? {
        guard block.isIntact, block.number == nextNumber, message.count >= 3 + block.dataByteCount else { return nil }
        nextNumber &+= 1
        let address = range.lowerBound + count
        let data = message[3..<(3 + block.dataByteCount)].prefix(mostBytes - count)
        take(data)
        return (address, Array(data))
    }
}
