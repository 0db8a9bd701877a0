/// A device as it introduces itself, and how its driver moves data: what is on the wire before the first byte of a session.
struct DeviceDescription: Sendable {
    var vendor: UInt16
    var product: UInt16
    /// bcdUSB and bcdDevice, by which chips of one product are told apart.
    var usbVersion: UInt16 = 0x0110
    var deviceVersion: UInt16
    var deviceClass: UInt8 = 0
    var manufacturer: String
    var name: String
    var serialNumber: String?
    var interfaces: [Interface]
    var bulkIn: UInt8
    var bulkOut: UInt8
    /// nil where it says nothing of its own accord.
    var interruptIn: UInt8?
    /// Bytes that an interrupt transfer asks for.
    var interruptByteCount = 0
    /// Bytes that a read asks for, and the most that a write takes.
    var readByteCount = 4096
    var writeByteCount = 1024

    struct Interface: Sendable {
        /// Class, subclass, protocol.
        var kind: [UInt8]
        /// Functional descriptors of a class.
        var functional: [[UInt8]] = []
        var endpoints: [Endpoint]
    }

    struct Endpoint: Sendable {
        var address: UInt8
        /// 2 bulk, 3 interrupt.
        var attributes: UInt8
        var packetByteCount: UInt16
        var interval: UInt8 = 0

        static func bulk(_ address: UInt8, _ packetByteCount: UInt16) -> Endpoint {
            Endpoint(address: address, attributes: 2, packetByteCount: packetByteCount)
        }

        static func interrupt(_ address: UInt8, _ packetByteCount: UInt16, every interval: UInt8) -> Endpoint {
            Endpoint(address: address, attributes: 3, packetByteCount: packetByteCount, interval: interval)
        }
    }

    /// What a host asks when the device is plugged in (USB 2.0 §9.4): descriptors, strings, and that it be configured.
    var enumeration: [ControlRequest] {
        var requests = [descriptor(1, 0, deviceDescriptor), descriptor(2, 0, Array(configuration.prefix(9)))]
        requests.append(descriptor(2, 0, configuration))
        requests.append(descriptor(3, 0, [4, 3, 0x09, 0x04]))
        for (index, text) in strings.enumerated() {
            requests.append(descriptor(3, UInt16(index + 1), Self.string(text), language: 0x0409))
        }
        requests.append(ControlRequest(0x00, 0x09, 1))
        return requests
    }

    private var strings: [String] { [manufacturer, name] + (serialNumber.map { [$0] } ?? []) }

    private func descriptor(
        _ type: UInt16, _ index: UInt16, _ bytes: [UInt8], language: UInt16 = 0
    ) -> ControlRequest {
        ControlRequest(0x80, 0x06, type << 8 | index, language, data: bytes)
    }

    private var deviceDescriptor: [UInt8] {
        var bytes: [UInt8] = [18, 1]
        bytes.append(littleEndian: usbVersion)
        bytes += [deviceClass, 0, 0, 64]
        bytes.append(littleEndian: vendor)
        bytes.append(littleEndian: product)
        bytes.append(littleEndian: deviceVersion)
        bytes += [1, 2, serialNumber == nil ? 0 : 3, 1]
        return bytes
    }

    private var configuration: [UInt8] {
        var body: [UInt8] = []
        for (number, interface) in interfaces.enumerated() {
            body += [9, 4, UInt8(number), 0, UInt8(interface.endpoints.count)] + interface.kind + [0]
            for functional in interface.functional { body += functional }
            for endpoint in interface.endpoints {
                body += [7, 5, endpoint.address, endpoint.attributes]
                body.append(littleEndian: endpoint.packetByteCount)
                body.append(endpoint.interval)
            }
        }
        var bytes: [UInt8] = [9, 2]
        bytes.append(littleEndian: UInt16(9 + body.count))
        // One configuration, powered by the bus, 100 mA.
        bytes += [UInt8(interfaces.count), 1, 0, 0x80, 50]
        return bytes + body
    }

    /// Two bytes a letter.
    private static func string(_ text: String) -> [UInt8] {
        var bytes: [UInt8] = [UInt8(2 + 2 * text.utf16.count), 3]
        for unit in text.utf16 { bytes.append(littleEndian: unit) }
        return bytes
    }
}
