/// What a host asks of a device over endpoint 0: a setup packet (USB 2.0 §9.3), and the data that goes or comes with it.
struct ControlRequest: Hashable, Sendable {
    /// bmRequestType; bit 7 is set where the device answers.
    var requestType: UInt8
    var request: UInt8
    var value: UInt16
    var index: UInt16
    /// What the host sends, or what the device answers.
    var data: [UInt8]

    init(_ requestType: UInt8, _ request: UInt8, _ value: UInt16 = 0, _ index: UInt16 = 0, data: [UInt8] = []) {
        self.requestType = requestType
        self.request = request
        self.value = value
        self.index = index
        self.data = data
    }

    var isToHost: Bool { requestType & 0x80 != 0 }

    /// Its eight bytes.
    var setup: [UInt8] {
        var bytes = [requestType, request]
        bytes.append(littleEndian: value)
        bytes.append(littleEndian: index)
        bytes.append(littleEndian: UInt16(truncatingIfNeeded: data.count))
        return bytes
    }
}

/// One end of a transfer, as a capture records it: that it was submitted, or that it completed.
struct TransferRecord: Sendable {
    /// In nanoseconds since 1970.
    var time: Int64
    /// The same for both ends of a transfer, and for no other that is under way.
    var identity: UInt64
    var isCompletion: Bool
    var kind: Kind
    /// Bit 7 is set where the device sends.
    var endpoint: UInt8
    /// The setup packet; of a control transfer that is submitted only.
    var setup: [UInt8] = []
    /// Bytes asked for, or moved.
    var byteCount: Int
    /// What the record has of them: going out with the submission, coming in with the completion.
    var data: [UInt8] = []
    /// Completed with nothing because the host took it back.
    var isCancelled = false

    enum Kind: Sendable {
        case control
        case bulk
        case interrupt
    }

    var isToHost: Bool { endpoint & 0x80 != 0 }
}

extension Array<UInt8> {
    /// Appends the integer, lowest byte first, as USB has it.
    mutating func append<Value: FixedWidthInteger>(littleEndian value: Value) {
        for shift in stride(from: 0, to: Value.bitWidth, by: 8) {
            append(UInt8(truncatingIfNeeded: value >> Value(shift)))
        }
    }
}
