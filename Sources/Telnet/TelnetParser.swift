/// Takes a telnet stream apart (RFC 854, RFC 855), in whatever pieces it comes.
///
/// ```
/// while let element = parser.next(in: piece, from: &index) { … }
/// ```
/// Data counts as eight bits whether or not BINARY has been agreed on, as serial servers in the field take it: a NUL
/// behind a CR belongs to the data.
package struct TelnetParser: Sendable {
    package enum Element: Hashable, Sendable {
        /// Bytes of the stream: `data`.
        case data
        case breakKey
        case negotiation(TelnetVerb, TelnetOption)
        /// A subnegotiation has ended: `parameters`.
        case subnegotiation(TelnetOption)
    }

    /// The bytes of the last element, until the next is asked for.
    package private(set) var data: [UInt8] = []
    /// What the last subnegotiation had between its option and its end.
    package private(set) var parameters: [UInt8] = []

    /// A subnegotiation with more parameters is left out, all of it: the longest of a serial port is a signature.
    package static let mostParameters = 256

    private enum State: Hashable, Sendable {
        case data, command, verb(TelnetVerb), option, parameters, commandInParameters
    }
    private var state = State.data
    private var option = TelnetOption.binary
    private var isTooLong = false

    package init() {}

    /// The next element of a piece; nil when it is used up.
    /// - Parameter index: where to go on in it; 0 for a new piece.
    package mutating func next(in bytes: Span<UInt8>, from index: inout Int) -> Element? {
        data.removeAll(keepingCapacity: true)
        while index < bytes.count {
            if state == .data {
                takeData(bytes, from: &index)
                continue
            }
            let byte = bytes[index]
            if state == .command, byte == TelnetCode.escape {
                data.append(byte)
                state = .data
            } else if !data.isEmpty {
                return .data
            } else if let element = take(byte) {
                index += 1
                return element
            }
            index += 1
        }
        return data.isEmpty ? nil : .data
    }

    /// Everything up to an IAC, and past it.
    private mutating func takeData(_ bytes: Span<UInt8>, from index: inout Int) {
        let start = index
        while index < bytes.count, bytes[index] != TelnetCode.escape { index += 1 }
        bytes.extracting(start..<index).withUnsafeBufferPointer { data.append(contentsOf: $0) }
        guard index < bytes.count else { return }
        state = .command
        index += 1
    }

    /// A byte that is no data.
    private mutating func take(_ byte: UInt8) -> Element? {
        switch state {
        case .data: return nil
        case .command: return obey(byte)
        case .verb(let verb):
            state = .data
            return .negotiation(verb, TelnetOption(byte))
        case .option:
            option = TelnetOption(byte)
            parameters.removeAll(keepingCapacity: true)
            isTooLong = false
            state = .parameters
        case .parameters:
            if byte == TelnetCode.escape { state = .commandInParameters } else { append(byte) }
        case .commandInParameters:
            switch byte {
            case TelnetCode.escape:
                append(byte)
                state = .parameters
            case TelnetCode.end:
                state = .data
                return isTooLong ? nil : .subnegotiation(option)
            // It was never ended: this is the next command.
            default: return obey(byte)
            }
        }
        return nil
    }

    private mutating func obey(_ command: UInt8) -> Element? {
        state = .data
        switch command {
        case TelnetCode.begin: state = .option
        case TelnetCode.breakKey: return .breakKey
        default:
            // The others are for people at terminals.
            if let verb = TelnetVerb(rawValue: command) { state = .verb(verb) }
        }
        return nil
    }

    private mutating func append(_ parameter: UInt8) {
        guard parameters.count < Self.mostParameters else { return isTooLong = true }
        parameters.append(parameter)
    }
}
