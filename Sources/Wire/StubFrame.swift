import Words

/// A command to a stub: `A5 type len16 data[len] sum8` (ECR6600 facts §4).
package struct StubRequest: Hashable, Sendable {
    package var command: StubCommand
    /// At most 65,535 bytes.
    package var body: [UInt8]

    /// First byte of every request; a stub skips everything before it.
    package static let marker: UInt8 = 0xA5
    /// Marker, type and length.
    package static let headByteCount = 4

    package init(_ command: StubCommand, body: [UInt8] = []) {
        precondition(body.count <= 0xFFFF, "a frame's body has at most 65,535 bytes")
        self.command = command
        self.body = body
    }

    /// A command whose body is an address and a length in bytes (02, 03, 04, 09, 91, 92, 98).
    package init(_ command: StubCommand, address: UInt32, length: UInt32) {
        var body: [UInt8] = []
        body.append(littleEndian: address)
        body.append(littleEndian: length)
        self.init(command, body: body)
    }

    /// BAUD: bits per second as a 32-bit integer.
    package static func baud(_ baud: UInt32) -> StubRequest {
        var body: [UInt8] = []
        body.append(littleEndian: baud)
        return StubRequest(.baud, body: body)
    }

    /// A data frame of 01 or 02: a flag (1 = the previous frame again) and up to 65,534 bytes (ECR6600 facts §4.3).
    package static func data(_ command: StubCommand, again: Bool, _ bytes: some Collection<UInt8>) -> StubRequest {
        StubRequest(command, body: [again ? 1 : 0] + bytes)
    }

    /// The frame as it crosses the wire.
    package var bytes: [UInt8] {
        var bytes: [UInt8] = [Self.marker, command.rawValue]
        bytes.reserveCapacity(body.count + 5)
        bytes.append(littleEndian: UInt16(body.count))
        bytes += body
        bytes.append(sum8(bytes.span))
        return bytes
    }

    /// Reads one whole frame. - Throws: `WireError` on a wrong marker, length or sum.
    package init(parsing bytes: Span<UInt8>) throws(WireError) {
        guard bytes.count >= 5 else {
            throw WireError(at: bytes.count, expected: "a frame of at least 5 bytes", found: "\(bytes.count) bytes")
        }
        guard bytes[0] == Self.marker else {
            throw WireError(at: 0, expected: "A5", found: hexBytes([bytes[0]]))
        }
        let length = Int(bytes.littleEndian(UInt16.self, at: 2))
        guard bytes.count == length + 5 else {
            throw WireError(at: 2, expected: "a length of \(bytes.count - 5)", found: "\(length)")
        }
        let sum = sum8(bytes.extracting(first: length + 4))
        guard bytes[length + 4] == sum else {
            throw WireError(at: length + 4, expected: "sum \(hexBytes([sum]))", found: hexBytes([bytes[length + 4]]))
        }
        self.init(
            StubCommand(rawValue: bytes[1]), body: (4..<(length + 4)).map { bytes[$0] })
    }
}

/// A stub's answer: `5A type len16 data[len] status sum8`; without data, six bytes (ECR6600 facts §4).
package struct StubAnswer: Hashable, Sendable {
    package var command: StubCommand
    package var data: [UInt8]
    package var status: StubStatus

    /// First byte of every answer.
    package static let marker: UInt8 = 0x5A
    /// Bytes of an answer besides its data.
    package static let frameByteCount = 6

    package init(_ command: StubCommand, data: [UInt8] = [], status: StubStatus = .success) {
        precondition(data.count <= 0xFFFF, "an answer has at most 65,535 bytes of data")
        self.command = command
        self.data = data
        self.status = status
    }

    /// The answer as a well-behaved stub sends it, its sum right.
    package var bytes: [UInt8] {
        var bytes: [UInt8] = [Self.marker, command.rawValue]
        bytes.append(littleEndian: UInt16(data.count))
        bytes += data
        bytes.append(status.rawValue)
        bytes.append(sum8(bytes.span))
        return bytes
    }

    /// Reads one whole answer. - Throws: `WireError` on a wrong marker, length or sum. A SYN answer's sum is not
    /// checked: the loaders do not compute it (ECR6600 facts §4.2).
    package init(parsing bytes: Span<UInt8>) throws(WireError) {
        guard bytes.count >= Self.frameByteCount else {
            throw WireError(at: bytes.count, expected: "an answer of at least 6 bytes", found: "\(bytes.count) bytes")
        }
        guard bytes[0] == Self.marker else {
            throw WireError(at: 0, expected: "5A", found: hexBytes([bytes[0]]))
        }
        let command = StubCommand(rawValue: bytes[1])
        // An FF answer carries no data; its length field is stale (§4.1).
        let length = command == .unknown ? 0 : Int(bytes.littleEndian(UInt16.self, at: 2))
        guard bytes.count == length + Self.frameByteCount else {
            throw WireError(at: 2, expected: "a length of \(bytes.count - Self.frameByteCount)", found: "\(length)")
        }
        let sum = sum8(bytes.extracting(first: bytes.count - 1))
        guard command == .syn || bytes[bytes.count - 1] == sum else {
            throw WireError(
                at: bytes.count - 1, expected: "sum \(hexBytes([sum]))", found: hexBytes([bytes[bytes.count - 1]]))
        }
        self.init(
            command, data: (4..<(length + 4)).map { bytes[$0] }, status: StubStatus(rawValue: bytes[length + 4]))
    }
}
