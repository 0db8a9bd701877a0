/// A device of a capture: what it says of itself, what it is asked, and what its endpoints carry.
struct USBDevice: Sendable {
    let address: USBAddress
    var descriptors = USBDescriptors()
    /// Requests that are not standard ones, in the order in which they were first seen.
    private(set) var requests: [Request] = []
    private(set) var endpoints: [UInt8: EndpointTraffic] = [:]
    /// Interfaces that CDC's requests name.
    private(set) var lineInterfaces: Set<UInt8> = []
    /// Channels that FTDI's requests name, where they are not about a rate.
    private(set) var channels: Set<UInt8> = []
    /// In milliseconds, as FTDI's driver sets it.
    private(set) var latencyTimer: Int?
    /// Packets of the capture between which it was there.
    private(set) var packets = 0..<0

    struct Request: Hashable, Sendable {
        var requestType: UInt8
        var request: UInt8
        var count: Int
        var words: String { USBSetup(requestType, request).words }
    }

    /// Kinds of requests that are told apart.
    private static let requestLimit = 256

    init(_ address: USBAddress) {
        self.address = address
    }

    /// Notes that a packet is this device's. - Parameter number: of all packets of the capture.
    mutating func saw(packet number: Int) {
        packets = (packets.isEmpty ? number : packets.lowerBound)..<(number + 1)
    }

    mutating func take(_ request: ControlRequest) {
        let setup = request.setup
        if setup.kind == .standard { return descriptors.take(request) }
        let place = requests.firstIndex { $0.requestType == setup.requestType && $0.request == setup.request }
        if let place {
            requests[place].count += 1
        } else if requests.count < Self.requestLimit {
            requests.append(Request(requestType: setup.requestType, request: setup.request, count: 1))
        }
        let index = UInt8(truncatingIfNeeded: setup.index)
        switch (setup.requestType, setup.request) {
        case (0x21, 0x20...0x23), (0xA1, 0x21): lineInterfaces.insert(index)
        case (0x40, 0x00...0x02), (0x40, 0x04), (0x40, 0x09): if index != 0 { channels.insert(index) }
        default: break
        }
        if setup.requestType == 0x40, setup.request == 0x09 { latencyTimer = Int(setup.value & 0xFF) }
    }

    mutating func take(_ packet: USBPacket, in record: Span<UInt8>) {
        let carries = packet.isIn ? packet.stage == .completion : packet.stage == .submission
        guard carries else { return }
        endpoints[packet.endpoint, default: EndpointTraffic(packet.transfer)].take(
            record.extracting(packet.data), isIn: packet.isIn)
    }

    /// Whether a request was seen. - Parameter requestType: as `40` in `40/9A`.
    func has(_ requestType: UInt8, _ wanted: ClosedRange<UInt8>) -> Bool {
        requests.contains { $0.requestType == requestType && wanted.contains($0.request) }
    }

    func has(_ requestType: UInt8, _ request: UInt8) -> Bool { has(requestType, request...request) }

    /// Endpoints with bulk transfers that are no storage, ascending.
    func bulkEndpoints(isIn: Bool) -> [UInt8] {
        endpoints.filter { $1.transfer == .bulk && !$1.isStorage && ($0 & 0x80 != 0) == isIn }.keys.sorted()
    }
}

/// What crosses an endpoint.
struct EndpointTraffic: Hashable, Sendable {
    let transfer: USBPacket.Transfer
    private(set) var transferCount = 0
    private(set) var byteCount = 0
    /// The same without FTDI's two bytes of status.
    private(set) var byteCountBehindStatus = 0
    /// Whether a command block of mass storage began here, or its status (USB mass storage, bulk-only §5).
    private(set) var isStorage = false
    /// Transfers that do not begin as FTDI's status does.
    private(set) var otherwiseCount = 0
    private(set) var statusAloneCount = 0
    /// Whether bytes 64 apart are no status, where FTDI's first two are: the packets are longer.
    private(set) var hasLongPackets = false
    private var statusNibble: UInt8?

    init(_ transfer: USBPacket.Transfer) {
        self.transfer = transfer
    }

    mutating func take(_ bytes: Span<UInt8>, isIn: Bool) {
        guard bytes.count > 0 else { return }
        transferCount += 1
        byteCount += bytes.count
        byteCountBehindStatus += max(0, bytes.count - FTDI.statusByteCount)
        guard transfer == .bulk else { return }
        if transferCount <= 4096, bytes.count == (isIn ? 13 : 31), Self.isStorage(bytes, isIn) { isStorage = true }
        if isIn { takeStatus(bytes) }
    }

    /// The low half of FTDI's first byte is always the same, 1 or 2, and most of the time its transmitter is empty.
    private mutating func takeStatus(_ bytes: Span<UInt8>) {
        guard bytes.count >= 2, bytes[0] & 0x0F == 1 || bytes[0] & 0x0F == 2 else {
            otherwiseCount += 1
            return
        }
        let nibble = bytes[0] & 0x0F
        if statusNibble == nil { statusNibble = nibble }
        if nibble != statusNibble { otherwiseCount += 1 }
        if bytes.count == 2, bytes[1] & 0x60 != 0 { statusAloneCount += 1 }
        guard !hasLongPackets else { return }
        var offset = 64
        while offset < bytes.count {
            if bytes[offset] & 0x0F != nibble { hasLongPackets = true }
            offset += 64
        }
    }

    /// "USBC" before a command and "USBS" before its status.
    private static func isStorage(_ bytes: Span<UInt8>, _ isIn: Bool) -> Bool {
        bytes[0] == 0x55 && bytes[1] == 0x53 && bytes[2] == 0x42 && bytes[3] == (isIn ? 0x53 : 0x43)
    }
}
