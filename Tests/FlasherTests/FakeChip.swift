import Digests
import Images
import Line
import Wire

/// A chip of a few lines: loader and community stub in virtual time, with hooks that damage what crosses the wire.
/// It takes whole runs, as the flasher sends them; the real emulator is another room's.
struct FakeChip {
    enum Program: Equatable { case silent, sync, header, payload, stub, receiver, sender }

    var program = Program.sync
    var flash: [UInt8]
    var id: [UInt8] = [0xC8, 0x40, 0x15]
    var baud = 115_200
    var acknowledgesPieces = true
    var stubImage: [UInt8] = []
    /// Everything the host sent, run by run.
    var heard: [[UInt8]] = []
    /// Changes a run from the host; nil loses it.
    var toChip: ((_ run: [UInt8], _ index: Int) -> [UInt8]?)?
    /// Changes an answer; nil loses it.
    var toHost: ((_ answer: [UInt8], _ index: Int) -> [UInt8]?)?
    /// Answers to come: what, when, at what baud.
    var answers: [(bytes: [UInt8], at: Instant, baud: Int)] = []
    /// When the receiver sends its `C`, or the sender its block again.
    var timer: Instant?
    var erasedSectors = 0
    var programmedBlocks = 0
    var commands: [UInt8] { heard.filter { $0.first == 0xA5 }.map { $0[1] } }

    private var pending: [UInt8] = []
    private var announced = 0
    private var position = 0
    /// What the sender sends.
    private var source: [UInt8] = []
    /// Where the receiver's stream stands, if it takes one.
    private var inflater: Inflater?
    private var number: UInt8 = 1
    private var tries = 0
    private var answerCount = 0

    init(flash: [UInt8]) {
        self.flash = flash
    }

    mutating func hear(_ run: [UInt8], at now: Instant, baud sent: Int) {
        heard.append(run)
        guard sent == baud, let run = toChip.map({ $0(run, heard.count - 1) }) ?? run else { return }
        pending += run
        while step(now) {}
    }

    mutating func ring(at now: Instant) {
        guard let due = timer, due <= now else { return }
        timer = nil
        switch program {
        case .receiver:
            pending = []
            say([0x43], now)
            timer = now.advanced(by: .milliseconds(333))
        case .sender: repeatBlock(now)
        default: break
        }
    }

    private mutating func say(_ bytes: [UInt8], _ now: Instant, after delay: Duration = .microseconds(500)) {
        answerCount += 1
        guard let bytes = toHost.map({ $0(bytes, answerCount - 1) }) ?? bytes else { return }
        answers.append((bytes, now.advanced(by: delay), baud))
    }

    /// Takes one thing from what was heard; false when it needs more.
    private mutating func step(_ now: Instant) -> Bool {
        guard let first = pending.first else { return false }
        switch program {
        case .silent:
            pending = []
            return false
        case .sync:
            guard let start = pending.firstOffset(of: [0x63, 0x6E, 0x79, 0x73]) else {
                pending = Array(pending.suffix(3))
                return false
            }
            pending.removeFirst(start + 4)
            program = .header
            say([0x01], now)
        case .header:
            guard pending.count >= 12 else { return false }
            let header = Array(pending.prefix(12))
            pending.removeFirst(12)
            if header[0] == 1, header[1] == 0, header[2] == 0, header[3] == 0 {
                announced = Int(header.span.littleEndian(UInt32.self, at: 8))
                program = .payload
                pending = []
                say([0x00], now)
            } else {
                say([0xFF], now)
            }
        case .payload:
            let piece = min(1024, announced - stubImage.count)
            guard pending.count >= piece else { return false }
            stubImage += pending.prefix(piece)
            pending.removeFirst(piece)
            if acknowledgesPieces { say([0x00], now) }
            if stubImage.count == announced {
                program = .stub
                pending = []
            }
        case .stub:
            guard first == 0xA5 else {
                pending.removeFirst()
                return true
            }
            guard pending.count >= 4 else { return false }
            let count = Int(pending[2]) + 5
            guard pending.count >= count else { return false }
            let frame = Array(pending.prefix(count))
            pending.removeFirst(count)
            obey(frame, now)
        case .receiver: return receiveBlock(first, now)
        case .sender:
            pending.removeFirst()
            timer = nil
            if number == 0, first == 0x43 {
                number = 1
                sendBlock(now)
            } else if first == 0x06 {
                nextBlock(now)
            } else if number != 0 {
                repeatBlock(now)
            }
        }
        return true
    }
}

// MARK: - The stub

extension FakeChip {
    private mutating func obey(_ frame: [UInt8], _ now: Instant) {
        guard let request = try? StubRequest(parsing: frame.span) else {
            return say([0x5A, 0xFF, 0, 0, 3, 0x5C], now)
        }
        let body = request.body.span
        let address = body.count >= 8 ? Int(body.littleEndian(UInt32.self, at: 0)) : 0
        let length = body.count >= 8 ? Int(body.littleEndian(UInt32.self, at: 4)) : 0
        let isInside = address + length <= flash.count
        func answer(_ data: [UInt8] = []) -> [UInt8] { StubAnswer(request.command, data: data).bytes }
        guard isInside else { return say(StubAnswer(request.command, status: .address).bytes, now) }
        switch request.command {
        case .flashID: say(answer(id + [0]), now)
        case .sha256: say(answer(SHA256.of(Array(flash[address..<(address + length)]))), now, after: .milliseconds(50))
        case .erase:
            erase(address..<(address + length))
            say(answer(), now, after: .milliseconds(50))
        case .chipErase:
            flash = [UInt8](repeating: 0xFF, count: flash.count)
            say(answer(), now, after: .seconds(5))
        case .run:
            say(answer(), now)
            program = .silent
        case .baud:
            baud = Int(body.littleEndian(UInt32.self, at: 0))
            say(answer(), now, after: .milliseconds(50))
        case .xmodemWrite, .xmodemWriteCompressed:
            say(answer(), now)
            inflater = request.command == .xmodemWriteCompressed ? Inflater() : nil
            erase(address..<(address + length))
            position = address
            program = .receiver
            timer = now.advanced(by: .milliseconds(150))
        case .xmodemRead, .xmodemReadCompressed:
            say(answer(), now)
            position = 0
            source = Array(flash[address..<(address + length)])
            if request.command == .xmodemReadCompressed {
                source = RawDeflate.compress(source, level: Int(request.body[8]))
            }
            number = 0
            program = .sender
        default: say([0x5A, 0xFF, 0, 0, 3, 0x5C], now)
        }
    }

    private static let erased = [UInt8](repeating: 0xFF, count: 4096)

    private mutating func erase(_ range: Range<Int>) {
        guard range.lowerBound % 4096 == 0 else { return }
        for start in stride(from: range.lowerBound, to: range.upperBound, by: 4096) {
            flash.replaceSubrange(start..<(start + 4096), with: Self.erased)
            erasedSectors += 1
        }
    }

    private mutating func receiveBlock(_ first: UInt8, _ now: Instant) -> Bool {
        timer = now.advanced(by: .milliseconds(333))
        switch first {
        case 0x04:
            pending.removeFirst()
            program = .stub
            timer = nil
            say([0x06], now)
        case 0x02:
            guard pending.count >= 1029 else { return false }
            let isGood = (try? XMODEM.blockNumber(parsing: pending.span.extracting(first: 1029))) != nil
            if isGood {
                // Programs ones to zeros only, and in the order in which blocks come, whatever their number.
                var data = Array(pending[3..<1027])
                if inflater != nil {
                    var output: [UInt8] = []
                    inflater!.feed(data, into: &output, limit: flash.count)
                    data = output
                }
                for (offset, byte) in data.enumerated() where position + offset < flash.count {
                    flash[position + offset] &= byte
                }
                position += data.count
                programmedBlocks += 1
            }
            pending.removeFirst(1029)
            say([isGood ? 0x06 : 0x15], now)
        default:
            pending.removeFirst()
            say([0x15], now)
        }
        return true
    }

    private mutating func sendBlock(_ now: Instant) {
        timer = now.advanced(by: .milliseconds(300))
        guard position < source.count else { return say([0x04], now) }
        var data = Array(source[position..<min(position + 1024, source.count)])
        data += repeatElement(0xFF, count: 1024 - data.count)
        var block: [UInt8] = []
        XMODEM.appendBlock(number: number, data: data.span, to: &block)
        say(block, now)
    }

    private mutating func nextBlock(_ now: Instant) {
        tries = 0
        guard position < source.count else {
            program = .stub
            timer = nil
            return
        }
        position += 1024
        number &+= 1

        sendBlock(now)
    }

    private mutating func repeatBlock(_ now: Instant) {
        tries += 1
        guard tries < 10 else {
            tries = 0
            program = .stub
            timer = nil
            return position < source.count ? say([0x18], now) : ()
        }
        sendBlock(now)
    }
}
