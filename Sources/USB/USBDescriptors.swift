/// What a device says of itself when it is asked for its descriptors (USB 2.0 §9.6), as far as serial adapters need it.
struct USBDescriptors: Hashable, Sendable {
    var id: USBDeviceID?
    /// `bcdUSB` and `bcdDevice`.
    var usbRelease: UInt16 = 0
    var release: UInt16 = 0
    var interfaces: [Interface] = []
    /// Which string is the serial number; 0 where it has none.
    private var serialNumberIndex: UInt8 = 0
    private var strings: [UInt8: String] = [:]

    /// Two of a kind are told apart by it; nil where the device has none, or was not asked for it.
    var serialNumber: String? { serialNumberIndex == 0 ? nil : strings[serialNumberIndex] }

    /// More than a configuration of real devices has.
    private static let interfaceLimit = 32

    struct Interface: Hashable, Sendable {
        var number: UInt8
        var classCode: UInt8
        var subclass: UInt8
        var endpoints: [Endpoint] = []
        /// Of a communication interface: the one that carries its data (CDC 1.2 §5.2.3.2).
        var dataInterface: UInt8?

        func bulk(isIn: Bool) -> Endpoint? {
            endpoints.first { $0.transfer == .bulk && ($0.address & 0x80 != 0) == isIn }
        }
    }

    struct Endpoint: Hashable, Sendable {
        var address: UInt8
        var transfer: USBPacket.Transfer
        var packetByteCount: Int
    }

    /// Takes a GET_DESCRIPTOR that has been answered.
    mutating func take(_ request: ControlRequest) {
        guard request.setup.requestType == 0x80, request.setup.request == 0x06, request.isGood else { return }
        switch request.setup.value >> 8 {
        case 1: takeDevice(request.data.span)
        case 2: takeConfiguration(request.data.span)
        case 3: takeString(UInt8(request.setup.value & 0xFF), request.data.span)
        default: break
        }
    }

    private mutating func takeDevice(_ bytes: Span<UInt8>) {
        guard bytes.count >= 14, bytes[1] == 1 else { return }
        usbRelease = bytes.littleEndian(at: 2)
        id = USBDeviceID(bytes.littleEndian(at: 8), bytes.littleEndian(at: 10))
        release = bytes.littleEndian(at: 12)
        if bytes.count >= 17 { serialNumberIndex = bytes[16] }
    }

    /// Behind length and kind, two bytes a letter. The first is a list of languages.
    private mutating func takeString(_ index: UInt8, _ bytes: Span<UInt8>) {
        guard index > 0, bytes.count >= 2, bytes[1] == 3 else { return }
        let count = (min(Int(bytes[0]), bytes.count) - 2) / 2
        guard count > 0 else { return }
        let units = (0..<count).map { bytes.littleEndian(UInt16.self, at: 2 + 2 * $0) }
        strings[index] = String(decoding: units, as: UTF16.self)
    }

    private mutating func takeConfiguration(_ bytes: Span<UInt8>) {
        var found: [Interface] = []
        var isAlternative = false
        var offset = 0
        while offset + 2 <= bytes.count {
            let length = Int(bytes[offset])
            guard length >= 2, offset + length <= bytes.count else { break }
            let descriptor = bytes.extracting(offset..<(offset + length))
            switch (descriptor[1], length) {
            case (4, 9...):
                isAlternative = descriptor[3] != 0 || found.count == Self.interfaceLimit
                if !isAlternative {
                    found.append(
                        Interface(number: descriptor[2], classCode: descriptor[5], subclass: descriptor[6]))
                }
            case (5, 7...) where !isAlternative && !found.isEmpty && found[found.count - 1].endpoints.count < 32:
                guard
                    let transfer = [0: .control, 1: .isochronous, 2: .bulk, 3: USBPacket.Transfer.interrupt][
                        descriptor[3] & 3]
                else { break }
                found[found.count - 1].endpoints.append(
                    Endpoint(
                        address: descriptor[2], transfer: transfer,
                        packetByteCount: Int(descriptor.littleEndian(UInt16.self, at: 4) & 0x7FF)))
            case (0x24, 5...) where descriptor[2] == 6 && !isAlternative && !found.isEmpty:
                found[found.count - 1].dataInterface = descriptor[4]
            default: break
            }
            offset += length
        }
        // A configuration is asked for twice: nine bytes first, then all of it.
        if found.count >= interfaces.count { interfaces = found }
    }
}
