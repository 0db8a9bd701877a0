import Wire

/// The one static answer record of a stub. Fields that a handler does not set keep what the answer before left in them
/// (ECR6600 facts §4, §4.2, §10): that is where stale lengths and SYN's uncomputed sum come from.
struct AcknowledgementRecord {
    /// The length of the last answer that set one: data answers do.
    private var length: UInt16 = 0
    /// The sum of the last short answer that computed one. Data answers sum up elsewhere and leave it alone (§4.2).
    private var sum: UInt8 = 0

    /// `5A type 00 00 status sum`.
    mutating func answer(_ command: StubCommand, _ status: StubStatus = .success) -> [UInt8] {
        length = 0
        return summed(command, status)
    }

    /// SYN's success where the sum is not computed: everything is set but that (§4.2, first row).
    mutating func synchronisedWithoutSum() -> [UInt8] {
        length = 0
        return [StubAnswer.marker, StubCommand.syn.rawValue, 0, 0, StubStatus.success.rawValue, sum]
    }

    /// A type that is not known, or a wrong sum where that is not told apart: status 03, the length of some earlier answer,
    /// no data (§4.1). - Parameter command: the type that is answered with; FF in most stubs.
    mutating func unknown(as command: StubCommand = .unknown) -> [UInt8] {
        summed(command, .type)
    }

    /// A wrong sum as 1.3.11 answers it: the command's type, a stale length, status 05, and in place of a sum of its own
    /// the one that the host's frame should have had (§4.2).
    mutating func badSum(_ command: StubCommand, received: UInt8) -> [UInt8] {
        sum = received
        return fields(command, .checksum) + [sum]
    }

    /// `5A 90 04 00 MM TT SS 00 status sum`: a short answer is made ready first, whose sum stays (EA; §4.2).
    mutating func flashID(_ id: FlashID) -> [UInt8] {
        _ = answer(.flashID)
        return data(.flashID, id.wireBytes + [0])
    }

    /// `5A type len16 data 00 sum`. Exactly 65,536 bytes overflow the length to 0, and the sum then covers the first
    /// five bytes only (§4.3, §10).
    mutating func data(_ command: StubCommand, _ data: [UInt8]) -> [UInt8] {
        var frame = head(command, data)
        frame.append(StubStatus.success.rawValue)
        frame.append(data.count > 0xFFFF ? sum8(frame.span.extracting(first: 5)) : sum8(frame.span))
        return frame
    }

    /// `5A 08 len16 data sum`: an eFuse read has no status byte (§4.3).
    mutating func dataWithoutStatus(_ command: StubCommand, _ data: [UInt8]) -> [UInt8] {
        var frame = head(command, data)
        frame.append(sum8(frame.span))
        return frame
    }

    private mutating func head(_ command: StubCommand, _ data: [UInt8]) -> [UInt8] {
        length = UInt16(truncatingIfNeeded: data.count)
        var frame: [UInt8] = [StubAnswer.marker, command.rawValue]
        frame.reserveCapacity(data.count + StubAnswer.frameByteCount)
        frame.append(littleEndian: length)
        frame += data
        return frame
    }

    private func fields(_ command: StubCommand, _ status: StubStatus) -> [UInt8] {
        [
            StubAnswer.marker, command.rawValue, UInt8(truncatingIfNeeded: length),
            UInt8(truncatingIfNeeded: length >> 8), status.rawValue,
        ]
    }

    private mutating func summed(_ command: StubCommand, _ status: StubStatus) -> [UInt8] {
        let fields = fields(command, status)
        sum = sum8(fields.span)
        return fields + [sum]
    }
}
