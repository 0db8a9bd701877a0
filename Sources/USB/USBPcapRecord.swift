/// Records of USBPcap for Windows, link type 249: little-endian, packed (trace formats §B.5).
package enum USBPcapRecord {
    /// Bytes of every header.
    static let headerByteCount = 27

    /// - Parameters:
    ///   - record: what the capture has of it.
    ///   - time: nanoseconds since 1970, of the capture's own record header.
    /// - Returns: nil for a record that is about no transfer.
    /// - Throws: where it makes no sense.
    package static func packet(in record: Span<UInt8>, time: Int64) throws(USBPacketError) -> USBPacket? {
        guard record.count >= headerByteCount else {
            throw USBPacketError("\(record.count) bytes are no USBPcap record, whose header has 27")
        }
        let start = Int(record.littleEndian(UInt16.self, at: 0))
        guard start >= headerByteCount, start <= record.count else {
            throw USBPacketError("a USBPcap header of \(start) bytes in a record of \(record.count)")
        }
        // FE says what became of a request, FF is unknown.
        if record[22] >= 0xFE { return nil }
        guard let transfer = USBPacket.Transfer(rawValue: record[22]) else {
            throw USBPacketError("\(record[22]) is no kind of USB transfer")
        }
        let length = Int(record.littleEndian(UInt32.self, at: 23))
        let data = start..<(start + min(length, record.count - start))
        var packet = USBPacket(
            time: time, id: record.littleEndian(at: 2), stage: record[16] & 1 == 0 ? .submission : .completion,
            transfer: transfer,
            address: USBAddress(bus: record.littleEndian(at: 17), device: record.littleEndian(at: 19)),
            endpoint: record[21], status: record.littleEndian(at: 10), data: data,
            missingByteCount: transfer == .isochronous ? 0 : length - data.count)
        guard transfer == .control else { return packet }
        guard start > headerByteCount else { throw USBPacketError("a USBPcap control transfer without its stage") }
        switch record[27] {
        case 0:
            // A setup is eight bytes; since 1.5 the data that goes out stands behind it.
            guard data.count >= 8 else {
                throw USBPacketError("a USB setup has eight bytes, this one \(data.count)")
            }
            packet.stage = .submission
            packet.setup = USBSetup(parsing: record, at: start)
            packet.data = (start + 8)..<data.upperBound
        case 1: packet.stage = .controlData
        case 2, 3: packet.stage = .completion
        case let other: throw USBPacketError("\(other) is no stage of a control transfer")
        }
        return packet
    }
}
