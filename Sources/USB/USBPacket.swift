/// One event of a USB capture: the host's driver handed a transfer to the bus, or got it back.
///
/// The payload stays in the capture's record; `data` says where.
package struct USBPacket: Hashable, Sendable {
    /// Nanoseconds since 1970.
    package var time: Int64
    /// The same in a transfer's submission and its completion.
    package var id: UInt64
    package var stage: Stage
    package var transfer: Transfer
    package var address: USBAddress
    /// With bit 7 set, chip to host.
    package var endpoint: UInt8
    /// 0 if all went well.
    package var status: Int32
    /// What a control transfer asks, at its submission.
    package var setup: USBSetup?
    /// The payload, in the record.
    package var data: Range<Int>
    /// Bytes of payload that were transferred and not captured.
    package var missingByteCount: Int
    /// What a completion says was transferred; nil where the format does not say.
    package var actualByteCount: Int?

    package enum Stage: Hashable, Sendable {
        case submission
        case completion
        /// A control transfer's data alone, as old USBPcap has it.
        case controlData
        /// The submission failed.
        case error
    }

    /// Numbered as usbmon and USBPcap do.
    package enum Transfer: UInt8, Hashable, Sendable {
        case isochronous
        case interrupt
        case control
        case bulk
    }

    package init(
        time: Int64, id: UInt64, stage: Stage, transfer: Transfer, address: USBAddress, endpoint: UInt8,
        status: Int32 = 0, setup: USBSetup? = nil, data: Range<Int> = 0..<0, missingByteCount: Int = 0,
        actualByteCount: Int? = nil
    ) {
        self.time = time
        self.id = id
        self.stage = stage
        self.transfer = transfer
        self.address = address
        self.endpoint = endpoint
        self.status = status
        self.setup = setup
        self.data = data
        self.missingByteCount = missingByteCount
        self.actualByteCount = actualByteCount
    }

    /// Whether the endpoint carries data to the host.
    package var isIn: Bool { endpoint & 0x80 != 0 }
}

/// Where a device is: `1.5` is address 5 on bus 1.
package struct USBAddress: Hashable, Sendable, Comparable, CustomStringConvertible {
    package var bus: UInt16
    package var device: UInt16

    package init(bus: UInt16, device: UInt16) {
        self.bus = bus
        self.device = device
    }

    /// `1.5`; nil for anything else.
    package init?(_ text: String) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 2, let bus = UInt16(parts[0]), let device = UInt16(parts[1]) else { return nil }
        self.init(bus: bus, device: device)
    }

    package var description: String { "\(bus).\(device)" }

    package static func < (left: USBAddress, right: USBAddress) -> Bool {
        (left.bus, left.device) < (right.bus, right.device)
    }
}

/// The eight bytes with which a control transfer begins (USB 2.0 §9.3).
package struct USBSetup: Hashable, Sendable {
    package var requestType: UInt8
    package var request: UInt8
    package var value: UInt16
    package var index: UInt16
    /// Bytes of data that follow, at most.
    package var length: UInt16

    package init(_ requestType: UInt8, _ request: UInt8, value: UInt16 = 0, index: UInt16 = 0, length: UInt16 = 0) {
        self.requestType = requestType
        self.request = request
        self.value = value
        self.index = index
        self.length = length
    }

    /// - Parameter offset: eight bytes from there on lie inside; little-endian in every capture.
    init(parsing bytes: Span<UInt8>, at offset: Int) {
        self.init(
            bytes[offset], bytes[offset + 1], value: bytes.littleEndian(at: offset + 2),
            index: bytes.littleEndian(at: offset + 4), length: bytes.littleEndian(at: offset + 6))
    }

    /// Whether the device answers with data.
    package var isIn: Bool { requestType & 0x80 != 0 }
    package var kind: Kind { Kind(rawValue: requestType >> 5 & 3) ?? .reserved }
    /// `40/9A`, as the adapters' drivers are written down.
    package var words: String { "\(Self.digits(requestType))/\(Self.digits(request))" }

    package enum Kind: UInt8, Hashable, Sendable {
        case standard
        case `class`
        case vendor
        case reserved
    }

    private static func digits(_ byte: UInt8) -> String {
        (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
    }
}

/// Why a record of a USB capture makes no sense.
package struct USBPacketError: Error, Hashable, Sendable, CustomStringConvertible {
    package var description: String

    init(_ description: String) {
        self.description = description
    }
}

extension Span<UInt8> {
    /// The integer whose lowest byte stands at `offset`; the caller has checked that it lies inside.
    @inline(__always)
    func littleEndian<Value: FixedWidthInteger & BitwiseCopyable>(
        _ type: Value.Type = Value.self, at offset: Int
    ) -> Value {
        Value(littleEndian: bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: Value.self))
    }
}
