/// Writes captures as usbmon and USBPcap do, from trace formats §B.3 to §B.5. It shares nothing with what reads them.
struct USBCapture {
    enum Format: CaseIterable {
        case usbmon48
        case usbmon64
        case oldUSBPcap
        case usbpcap

        var linkType: Int {
            switch self {
            case .usbmon48: 189
            case .usbmon64: 220
            case .oldUSBPcap, .usbpcap: 249
            }
        }

        var isUSBMon: Bool { self == .usbmon48 || self == .usbmon64 }
    }

    let format: Format
    let isBigEndian: Bool
    var bus = 1
    var device = 5
    /// Microseconds since the first record.
    var time = 0
    private(set) var records: [(time: Int, bytes: [UInt8], length: Int)] = []
    private var lastID = 0xFFFF_8800_0000_0000 as UInt64

    /// Seconds since 1970 of the first record.
    static let start = 1_700_000_000

    init(_ format: Format, isBigEndian: Bool = false) {
        self.format = format
        self.isBigEndian = isBigEndian
    }

    /// The capture as two, the second with the records from `index` on.
    func cut(at index: Int) -> (USBCapture, USBCapture) {
        var parts = (self, self)
        parts.0.records = Array(records[..<index])
        parts.1.records = Array(records[index...])
        return parts
    }

    // MARK: Transfers

    mutating func controlOut(
        _ type: UInt8, _ request: UInt8, _ value: Int = 0, _ index: Int = 0, _ data: [UInt8] = [],
        isRefused: Bool = false
    ) {
        let setup = Self.setup(type, request, value, index, data.count)
        let id = nextID()
        let status = isRefused ? (format.isUSBMon ? -32 : Int(Int32(bitPattern: 0xC000_0004))) : 0
        switch format {
        case .usbmon48, .usbmon64:
            mon("S", id, 2, 0, setup, status: -115, length: data.count, data)
            mon("C", id, 2, 0, status: status, length: isRefused ? 0 : data.count, flag: ">", [])
        case .oldUSBPcap:
            windows(id, 0, 0x00, 2, stage: 0, setup)
            if !data.isEmpty { windows(id, 0, 0x00, 2, stage: 1, data) }
            windows(id, 1, 0x00, 2, stage: 2, [], status: status)
        case .usbpcap:
            windows(id, 0, 0x00, 2, stage: 0, setup + data)
            windows(id, 1, 0x00, 2, stage: 3, [], status: status)
        }
    }

    mutating func controlIn(
        _ type: UInt8, _ request: UInt8, _ value: Int, _ index: Int, _ room: Int, _ answer: [UInt8]
    ) {
        let setup = Self.setup(type, request, value, index, room)
        let id = nextID()
        switch format {
        case .usbmon48, .usbmon64:
            mon("S", id, 2, 0x80, setup, status: -115, length: room, flag: "<", [])
            mon("C", id, 2, 0x80, length: answer.count, answer)
        case .oldUSBPcap:
            windows(id, 0, 0x80, 2, stage: 0, setup)
            windows(id, 1, 0x80, 2, stage: 1, answer)
            windows(id, 1, 0x80, 2, stage: 2, [])
        case .usbpcap:
            windows(id, 0, 0x80, 2, stage: 0, setup)
            windows(id, 1, 0x80, 2, stage: 3, answer)
        }
    }

    /// - Parameters:
    ///   - kept: bytes that the capture has of it; nil for all.
    ///   - taken: bytes that the adapter took; nil for all.
    mutating func bulkOut(_ endpoint: UInt8, _ data: [UInt8], kept: Int? = nil, taken: Int? = nil) {
        let id = nextID()
        submitOut(id, endpoint, data, kept: kept)
        if format.isUSBMon {
            let status = taken == nil ? 0 : -2
            mon("C", id, 3, endpoint, status: status, length: taken ?? data.count, flag: ">", [])
        } else {
            windows(id, 1, endpoint, 3, [], status: taken == nil ? 0 : Int(Int32(bitPattern: 0xC001_0000)))
        }
    }

    /// A write of which the completion is not in the capture.
    mutating func submitOut(_ id: UInt64, _ endpoint: UInt8, _ data: [UInt8], kept: Int? = nil) {
        let there = Array(data.prefix(kept ?? data.count))
        if format.isUSBMon {
            mon("S", id, 3, endpoint, status: -115, length: data.count, there)
        } else {
            windows(id, 0, endpoint, 3, there, length: data.count)
        }
    }

    mutating func bulkIn(_ endpoint: UInt8, _ data: [UInt8], kept: Int? = nil) {
        transferIn(3, endpoint, data, kept: kept)
    }

    mutating func interruptIn(_ endpoint: UInt8, _ data: [UInt8]) { transferIn(1, endpoint, data, kept: nil) }

    private mutating func transferIn(_ transfer: UInt8, _ endpoint: UInt8, _ data: [UInt8], kept: Int?) {
        let id = nextID()
        let there = Array(data.prefix(kept ?? data.count))
        if format.isUSBMon {
            mon("S", id, transfer, endpoint, status: -115, length: 4096, flag: "<", [])
            mon("C", id, transfer, endpoint, length: data.count, there)
        } else {
            windows(id, 0, endpoint, transfer, [])
            windows(id, 1, endpoint, transfer, there, length: data.count)
        }
    }

    /// A record with bytes of one's own.
    mutating func raw(_ bytes: [UInt8]) { records.append((time, bytes, bytes.count)) }

    // MARK: Enumeration

    /// - Parameter interfaces: number, class, subclass, and endpoints with their attributes and packets.
    mutating func enumerate(
        _ vendor: Int, _ product: Int, release: Int = 0x0100, serialNumber: String? = nil,
        _ interfaces: [(number: UInt8, class: UInt8, subclass: UInt8, endpoints: [(UInt8, UInt8, Int)])]
    ) {
        let device: [UInt8] =
            [18, 1, 0x00, 0x02, 0, 0, 0, 64] + Self.two(vendor) + Self.two(product) + Self.two(release) + [1, 2, 3, 1]
        controlIn(0x80, 6, 0x0100, 0, 18, device)
        var body: [UInt8] = []
        for (number, code, subclass, endpoints) in interfaces {
            body += [9, 4, number, 0, UInt8(endpoints.count), code, subclass, 0, 0]
            // A communication interface names the one behind it as its data's.
            if code == 2 { body += [5, 0x24, 0, 0x10, 1, 5, 0x24, 6, number, number + 1] }
            for (address, attributes, packet) in endpoints {
                body += [7, 5, address, attributes] + Self.two(packet) + [0]
            }
        }
        let head: [UInt8] = [9, 2] + Self.two(9 + body.count) + [UInt8(interfaces.count), 1, 0, 0x80, 50]
        controlIn(0x80, 6, 0x0200, 0, 9, head)
        controlIn(0x80, 6, 0x0200, 0, 9 + body.count, head + body)
        if let serialNumber {
            let letters = serialNumber.utf16.flatMap { Self.two(Int($0)) }
            controlIn(0x80, 6, 0x0303, 0x0409, 255, [UInt8(2 + letters.count), 3] + letters)
        }
        controlOut(0x00, 9, 1)
    }

    // MARK: Files

    /// Classic pcap with microseconds.
    func pcap() -> [UInt8] {
        var file = four(0xA1B2_C3D4) + two(2) + two(4) + four(0) + four(0) + four(262_144) + four(format.linkType)
        for (time, bytes, length) in records {
            file += four(Self.start + time / 1_000_000) + four(time % 1_000_000) + four(bytes.count) + four(length)
            file += bytes
        }
        return file
    }

    /// pcapng with one interface; a comment stands before it.
    func pcapng() -> [UInt8] {
        func block(_ type: Int, _ body: [UInt8]) -> [UInt8] {
            let padded = body + [UInt8](repeating: 0, count: (4 - body.count % 4) % 4)
            return four(type) + four(padded.count + 12) + padded + four(padded.count + 12)
        }
        let comment = two(1) + two(4) + Array("made".utf8) + four(0)
        var file = block(0x0A0D_0D0A, four(0x1A2B_3C4D) + two(1) + two(0) + four(-1) + four(-1) + comment)
        file += block(1, two(format.linkType) + two(0) + four(262_144))
        for (time, bytes, length) in records {
            let stamp = Self.start * 1_000_000 + time
            file += block(6, four(0) + four(stamp >> 32) + four(stamp) + four(bytes.count) + four(length) + bytes)
        }
        return file
    }

    // MARK: Records

    mutating func nextID() -> UInt64 {
        lastID += 0x40
        time += 125
        return lastID
    }

    private mutating func mon(
        _ event: Character, _ id: UInt64, _ transfer: UInt8, _ endpoint: UInt8, _ setup: [UInt8]? = nil,
        status: Int = 0, length: Int, flag: Character = "\0", _ data: [UInt8]
    ) {
        time += 10
        var bytes = ordered(Int(bitPattern: UInt(id)), 8)
        bytes += [event.asciiValue!, transfer, endpoint, UInt8(device)] + two(bus)
        bytes += [setup == nil ? 0x2D : 0, data.isEmpty && flag != "\0" ? flag.asciiValue! : 0]
        bytes += ordered(Self.start + time / 1_000_000, 8) + four(time % 1_000_000) + four(status)
        bytes += four(length) + four(data.count) + (setup ?? [UInt8](repeating: 0, count: 8))
        if format == .usbmon64 { bytes += [UInt8](repeating: 0, count: 16) }
        records.append((time, bytes + data, bytes.count + data.count))
    }

    private mutating func windows(
        _ id: UInt64, _ info: UInt8, _ endpoint: UInt8, _ transfer: UInt8, stage: UInt8? = nil, _ data: [UInt8],
        length: Int? = nil, status: Int = 0
    ) {
        time += 10
        let isControl = stage != nil
        var bytes = [isControl ? 28 : 27, 0] + (0..<8).map { UInt8(truncatingIfNeeded: id >> (8 * UInt64($0))) }
        bytes += (0..<4).map { UInt8(truncatingIfNeeded: status >> (8 * $0)) } + [isControl ? 0x08 : 0x09, 0, info]
        bytes += Self.two(bus) + Self.two(device) + [endpoint, transfer]
        bytes += Self.two((length ?? data.count) & 0xFFFF) + Self.two((length ?? data.count) >> 16)
        if let stage { bytes.append(stage) }
        records.append((time, bytes + data, bytes.count + (length ?? data.count)))
    }

    private static func setup(_ type: UInt8, _ request: UInt8, _ value: Int, _ index: Int, _ length: Int) -> [UInt8] {
        [type, request] + two(value) + two(index) + two(length)
    }

    private static func two(_ number: Int) -> [UInt8] {
        [UInt8(truncatingIfNeeded: number), UInt8(truncatingIfNeeded: number >> 8)]
    }

    private func two(_ number: Int) -> [UInt8] { ordered(number, 2) }
    private func four(_ number: Int) -> [UInt8] { ordered(number, 4) }

    private func ordered(_ number: Int, _ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: number >> (8 * (isBigEndian ? count - 1 - $0 : $0))) }
    }
}
