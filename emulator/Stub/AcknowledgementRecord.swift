import Wire

/// The one static answer record of a stub. Fields that a handler does not set keep what the answer before left in them
/// (ECR6600 facts §4, §4.2, §10): that is where stale lengths and SYN's uncomputed sum come from.
struct AcknowledgementRecord {
    private var length: UInt16 = 0
    /// The sum of the last answer that computed one. That data answers leave theirs here too is our reading.
    private var sum: UInt8 = 0

    /// `5A type 00 00 status sum`.
    mutating func answer(_ command: StubCommand, _ status: StubStatus = .success) -> [UInt8] {
        length = 0
        return summed([StubAnswer.marker, command.rawValue, 0, 0, status.rawValue])
    }

    /// SYN's success: everything is set but the sum (§4.2, first row).
    mutating func synchronised() -> [UInt8] {
        length = 0
        return [StubAnswer.marker, StubCommand.syn.rawValue, 0, 0, StubStatus.success.rawValue, sum]
    }

    /// Unknown type or wrong sum: type FF, status 03, the length of some earlier answer, no data (§4.1).
    mutating func unknown() -> [UInt8] {
        let low = UInt8(truncatingIfNeeded: length)
        let high = UInt8(truncatingIfNeeded: length >> 8)
        return summed([StubAnswer.marker, StubCommand.unknown.rawValue, low, high, StubStatus.type.rawValue])
    }

    /// `5A type len16 data 00 sum`. Exactly 65,536 bytes overflow the length to 0, and the sum then covers the first
    /// five bytes only (§4.3, §10).
    mutating func data(_ command: StubCommand, _ data: [UInt8]) -> [UInt8] {
        length = UInt16(truncatingIfNeeded: data.count)
        var frame: [UInt8] = [StubAnswer.marker, command.rawValue]
        frame.reserveCapacity(data.count + StubAnswer.frameByteCount)
        frame.append(littleEndian: length)
        frame += data
        frame.append(StubStatus.success.rawValue)
        sum = data.count > 0xFFFF ? sum8(frame.span.extracting(first: 5)) : sum8(frame.span)
        frame.append(sum)
        return frame
    }

    private mutating func summed(_ bytes: [UInt8]) -> [UInt8] {
        sum = sum8(bytes.span)
        return bytes + [sum]
    }
}
