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

    /// SYN's success where the sum is not computed: everything is set but that (§4.2, first row).
    mutating func synchronisedWithoutSum() -> [UInt8] {
        length = 0
        return [StubAnswer.marker, StubCommand.syn.rawValue, 0, 0, StubStatus.success.rawValue, sum]
    }

    /// Unknown type or wrong sum: type FF, status 03, the length of some earlier answer, no data (§4.1).
    mutating func unknown() -> [UInt8] {
        summed([StubAnswer.marker, StubCommand.unknown.rawValue] + staleLength + [StubStatus.type.rawValue])
    }

    /// A wrong sum as 1.3.11 answers it: the command's type, a stale length, status 05, and in place of a sum of its own
    /// the one that the host's frame should have had (§4.2).
    mutating func badSum(_ command: StubCommand, received: UInt8) -> [UInt8] {
        sum = received
        return [StubAnswer.marker, command.rawValue] + staleLength + [StubStatus.checksum.rawValue, sum]
    }

    /// `5A type len16 data 00 sum`. Exactly 65,536 bytes overflow the length to 0, and the sum then covers the first
    /// five bytes only (§4.3, §10).
    mutating func data(_ command: StubCommand, _ data: [UInt8]) -> [UInt8] {
        var frame = head(command, data)
        frame.append(StubStatus.success.rawValue)
        sum = data.count > 0xFFFF ? sum8(frame.span.extracting(first: 5)) : sum8(frame.span)
        frame.append(sum)
        return frame
    }

    /// `5A 08 len16 data sum`: an eFuse read has no status byte (§4.3).
    mutating func dataWithoutStatus(_ command: StubCommand, _ data: [UInt8]) -> [UInt8] {
        summed(head(command, data))
    }

    private mutating func head(_ command: StubCommand, _ data: [UInt8]) -> [UInt8] {
        length = UInt16(truncatingIfNeeded: data.count)
        var frame: [UInt8] = [StubAnswer.marker, command.rawValue]
        frame.reserveCapacity(data.count + StubAnswer.frameByteCount)
        frame.append(littleEndian: length)
        frame += data
        return frame
    }

    private var staleLength: [UInt8] {
        [UInt8(truncatingIfNeeded: length), UInt8(truncatingIfNeeded: length >> 8)]
    }

    private mutating func summed(_ bytes: [UInt8]) -> [UInt8] {
        sum = sum8(bytes.span)
        return bytes + [sum]
    }
}
