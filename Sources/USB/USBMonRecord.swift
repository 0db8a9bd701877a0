/// Records of Linux's usbmon, link types 189 and 220 (trace formats §B.4).
///
/// Their headers are in the order of this machine's bytes: libpcap turns those of another's round while it reads.
package struct USBMonRecord {
    /// 48 bytes of header for link type 189, 64 for 220.
    package let headerByteCount: Int

    package init(linkType: Int32) {
        headerByteCount = linkType == 189 ? 48 : 64
    }

    /// - Parameters:
    ///   - record: what the capture has of it.
    ///   - time: nanoseconds since 1970, of the capture's own record header.
    /// - Throws: where it makes no sense.
    package func packet(in record: Span<UInt8>, time: Int64) throws(USBPacketError) -> USBPacket {
        guard record.count >= headerByteCount else {
            throw USBPacketError("\(record.count) bytes are no usbmon record, whose header has \(headerByteCount)")
        }
        guard let transfer = USBPacket.Transfer(rawValue: record[9]) else {
            throw USBPacketError("\(record[9]) is no kind of USB transfer")
        }
        let stage: USBPacket.Stage
        switch record[8] {
        case UInt8(ascii: "S"): stage = .submission
        case UInt8(ascii: "C"): stage = .completion
        case UInt8(ascii: "E"): stage = .error
        case let other: throw USBPacketError("\(other) is no usbmon event")
        }
        let endpoint = record[10]
        let length = Int(record.native(UInt32.self, at: 32))
        let kept = Int(record.native(UInt32.self, at: 36))
        var start = headerByteCount
        if headerByteCount == 64, transfer == .isochronous {
            let descriptors = Int(record.native(UInt32.self, at: 60))
            start = min(record.count, start + min(descriptors, 4096) * 16)
        }
        let isControl = transfer == .control
        let setup = isControl && stage == .submission && record[14] == 0 ? USBSetup(parsing: record, at: 40) : nil
        let isIn = setup?.isIn ?? (endpoint & 0x80 != 0)
        // Data goes out with the submission and comes in with the completion; what the other event says of a length is
        // the room for it.
        let carries = stage == .submission ? !isIn : stage == .completion && isIn
        let isThere = record[15] == 0
        let end = isThere ? start + min(kept, record.count - start) : start
        let data = start..<end
        let missing = carries && transfer != .isochronous ? max(0, length - data.count) : 0
        return USBPacket(
            time: time, id: record.native(UInt64.self, at: 0), stage: stage, transfer: transfer,
            address: USBAddress(bus: record.native(UInt16.self, at: 12), device: UInt16(record[11])),
            endpoint: endpoint, status: stage == .submission ? 0 : record.native(Int32.self, at: 28), setup: setup,
            data: data, missingByteCount: missing, actualByteCount: stage == .completion ? length : nil)
    }
}

extension Span<UInt8> {
    /// An integer in the order of this machine's bytes.
    fileprivate func native<Value: FixedWidthInteger & BitwiseCopyable>(_ type: Value.Type, at offset: Int) -> Value {
        Value(littleEndian: littleEndian(type, at: offset))
    }
}
