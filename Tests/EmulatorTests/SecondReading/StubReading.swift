/// A second reading of ECR6600 facts §4, against which the emulator's stubs are held: plain and slow, a function for each
/// command, written from the document alone. Where the document is silent it says so and claims nothing more.
///
/// It takes bytes as they come and says what the stub answers. Time is left out: nothing is sent while it works.
struct StubReading {
    /// Why nothing more can be said.
    enum End: Equatable {
        /// The facts call it undefined, or unknown: the emulator has to say so.
        case undefined(String)
        /// Seen on the chip: it never answers again.
        case hang
        /// The facts do not say, and the emulator assumes something.
        case silence(String)
        /// RUN: another program has the chip.
        case left
    }

    /// 1.3.1, 1.3.4, 1.3.11, 1.4.0, community, 2025-12.
    let version: String
    var flash: [UInt8]
    /// MM TT SS.
    let idBytes: [UInt8]
    /// Whether a flash answers at all; otherwise all reads as FF and stays so.
    var hasFlash: Bool { idBytes != [0xFF, 0xFF, 0xFF] }
    var efuse: [UInt8]
    var end: End?

    /// "There is one buffer …, zero at start" (§4.1), and in 1.3.11 its variables behind it.
    var memory = [UInt8](repeating: 0, count: 0x20000)
    var ackLength = 0
    var ackSum: UInt8 = 0
    /// Whether op 2 of 08 has written a key that is not known here.
    var hasRandomKey = false

    /// What the next frame is.
    enum Waiting: Equatable {
        case command
        case data
        case efuseData(address: Int, length: Int)
    }
    var waiting = Waiting.command
    var download = Download()
    var input: [UInt8] = []
    var output: [UInt8] = []

    struct Download {
        var type: UInt8 = 0
        var address: UInt32 = 0
        var left: UInt32 = 0
        var previous: UInt32?
        var wraps = false
        /// Bytes written by a 02 that began at 0; nil for any other.
        var fromZero: Int?
    }

    /// - Parameter id: as §5 writes it, SSTTMM.
    init(_ version: String, id: String, flash: [UInt8], efuse: [UInt8]) {
        self.version = version
        self.flash = flash
        self.efuse = efuse
        let value = Int(id, radix: 16)!
        idBytes = [UInt8(value & 0xFF), UInt8(value >> 8 & 0xFF), UInt8(value >> 16)]
        // §4, "Only flash trouble prints": the sizes.
        let code = value >> 16
        let isKnown = (["1.3.4", "1.3.11"].contains(version) ? 0x14...0x18 : 0x14...0x16).contains(code)
        size = isKnown ? 1 << UInt32(code) : version == "1.3.11" ? 0x0020_0000 : 0
        mode = 2
    }

    // MARK: Variables (§4.3: in 1.3.11 behind the buffer; data offset 0x240C is 0x2410 in the buffer)

    var size: UInt32 {
        get { word(at: is1311 ? 0x2410 : 0x1_F000) }
        set { setWord(newValue, at: is1311 ? 0x2410 : 0x1_F000) }
    }
    var mode: UInt32 {
        get { word(at: is1311 ? 0x381C : 0x1_F004) }
        set { setWord(newValue, at: is1311 ? 0x381C : 0x1_F004) }
    }
    var is1311: Bool { version == "1.3.11" }
    var isCommunity: Bool { version == "community" || version == "2025-12" }

    func half(at place: Int) -> Int { Int(memory[place]) | Int(memory[place + 1]) << 8 }
    func word(at place: Int) -> UInt32 { UInt32(half(at: place)) | UInt32(half(at: place + 2)) << 16 }
    private mutating func setWord(_ value: UInt32, at place: Int) {
        for index in 0..<4 { memory[place + index] = UInt8(value >> (8 * UInt32(index)) & 0xFF) }
    }

    // MARK: Bytes in, bytes out

    /// What it says to these bytes.
    mutating func hear(_ bytes: [UInt8]) -> [UInt8] {
        input += bytes
        output = []
        while end == nil, takeFrame() {}
        return output
    }

    private mutating func takeFrame() -> Bool {
        switch waiting {
        case .command: takeCommand()
        case .data: takeData()
        case .efuseData(let address, let length): takeEFuseData(address, length)
        }
    }

    static func sum(_ bytes: some Sequence<UInt8>) -> UInt8 { bytes.reduce(0) { $0 &+ $1 } }

    // MARK: Answers (§4)

    /// "`5A type len16 status sum8`".
    mutating func answer(_ type: UInt8, _ status: UInt8) {
        ackLength = 0
        ackSum = Self.sum([0x5A, type, status])
        output += [0x5A, type, 0, 0, status, ackSum]
    }

    /// "Type FF status 03 with a stale length".
    mutating func answerUnknown() {
        let head: [UInt8] = [0x5A, 0xFF, UInt8(ackLength & 0xFF), UInt8(ackLength >> 8), 3]
        ackSum = Self.sum(head)
        output += head + [ackSum]
    }

    /// "Data answers set the stale length and not the stale sum" (§4.2). - Parameter status: none in 08's.
    mutating func answerData(_ type: UInt8, _ data: [UInt8], status: [UInt8] = [0]) -> [UInt8] {
        ackLength = data.count & 0xFFFF
        var frame = [0x5A, type, UInt8(ackLength & 0xFF), UInt8(ackLength >> 8)] + data + status
        // "A sum over the first 5 bytes only (the 16-bit length overflows)" (§10).
        frame.append(Self.sum(data.count == 0x10000 ? frame.prefix(5) : frame[...]))
        output += frame
        return frame
    }

    // MARK: Frames (§4.1)

    private mutating func takeCommand() -> Bool {
        // "Bytes before A5 are skipped."
        input.removeFirst(input.firstIndex(of: 0xA5) ?? input.count)
        guard input.count >= 4 else { return false }
        let type = input[1]
        let limit: [String: UInt8] = ["1.3.1": 8, "1.3.4": 9, "1.3.11": 0x0C, "1.4.0": 8]
        guard type <= limit[version] ?? 0x9F else {
            input.removeFirst(4)
            answerUnknown()
            return true
        }
        let length = Int(input[2]) | Int(input[3]) << 8
        guard input.count >= length + 5 else { return false }
        let frame = Array(input[..<(length + 5)])
        input.removeFirst(frame.count)
        guard !is1311 || frame.count <= 0x1408 else {
            end = .undefined("a frame beyond the buffer of 5 KB")
            return false
        }
        memory.replaceSubrange(0..<frame.count, with: frame)
        // A resent last frame of 01 or 02 is longer, and was seen to be taken for a start (§4.3).
        if length > (is1311 ? 64 : 8), type != 1, type != 2 {
            end = .undefined("a body of \(length) bytes")
            return false
        }
        let sum = Self.sum(frame.dropLast())
        if sum != frame.last { refuse(type, sum) } else { carryOut(type, length) }
        return end == nil
    }

    /// "Bad sum8 in any command" (§4.2).
    private mutating func refuse(_ type: UInt8, _ sum: UInt8) {
        guard is1311 else { return answerUnknown() }
        output += [0x5A, type, UInt8(ackLength & 0xFF), UInt8(ackLength >> 8), 5, sum]
    }

    /// The command matrix (§4.1).
    private mutating func carryOut(_ type: UInt8, _ length: Int) {
        switch type {
        case 0x00: syn()
        case 0x01: startRAMDownload()
        case 0x02: startFlashDownload()
        case 0x03: upload()
        case 0x04: erase()
        case 0x05: eraseChip()
        case 0x06: run()
        case 0x07: baud()
        case 0x08 where !isCommunity: efuseCommand()
        case 0x09 where version != "1.4.0" && version != "1.3.1": sha256()
        case 0x0A where is1311, 0x0B where is1311: answerOwnType(type)
        case 0x0C where is1311: mac(length)
        case 0x90 where isCommunity: flashID()
        case 0x99 where version == "community": efuseDump()
        case 0x91 where isCommunity, 0x92 where isCommunity: end = .silence("a transfer of §10")
        case 0x96...0x98 where version == "community": end = .silence("a transfer of §10")
        default: answerUnknown()
        }
    }

    /// "0A/0B in 1.3.11: body read, then their own type with status 03"; of its length nothing is said.
    private mutating func answerOwnType(_ type: UInt8) {
        guard ackLength == 0 else { return end = .silence("whether the length of 0A's answer is stale") }
        answer(type, 3)
    }
}
