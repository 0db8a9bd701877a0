import Words

/// What a stub can be asked to do: the type byte of a frame (ECR6600 facts §4.1, §10).
package struct StubCommand: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
    package var rawValue: UInt8

    package init(rawValue: UInt8) { self.rawValue = rawValue }

    package static let syn = StubCommand(rawValue: 0x00)
    package static let ramDownload = StubCommand(rawValue: 0x01)
    package static let flashDownload = StubCommand(rawValue: 0x02)
    package static let flashUpload = StubCommand(rawValue: 0x03)
    package static let erase = StubCommand(rawValue: 0x04)
    package static let chipErase = StubCommand(rawValue: 0x05)
    package static let run = StubCommand(rawValue: 0x06)
    package static let baud = StubCommand(rawValue: 0x07)
    package static let efuse = StubCommand(rawValue: 0x08)
    package static let sha256 = StubCommand(rawValue: 0x09)
    package static let macToNV = StubCommand(rawValue: 0x0C)
    package static let flashID = StubCommand(rawValue: 0x90)
    package static let xmodemWrite = StubCommand(rawValue: 0x91)
    package static let xmodemRead = StubCommand(rawValue: 0x92)
    package static let kvGet = StubCommand(rawValue: 0x93)
    package static let kvSet = StubCommand(rawValue: 0x94)
    package static let mac = StubCommand(rawValue: 0x95)
    package static let xmodemReadCompressed = StubCommand(rawValue: 0x96)
    package static let xmodemWriteCompressed = StubCommand(rawValue: 0x97)
    package static let xmodemReadMemory = StubCommand(rawValue: 0x98)
    package static let efuseDump = StubCommand(rawValue: 0x99)
    /// The type of an answer to a command that the stub does not know or whose sum was wrong.
    package static let unknown = StubCommand(rawValue: 0xFF)

    /// The field's name for it; `command A0` for one without.
    package var description: String {
        switch self {
        case .syn: "SYN"
        case .ramDownload: "RAM write"
        case .flashDownload: "FLASH write"
        case .flashUpload: "FLASH read"
        case .erase: "ERASE"
        case .chipErase: "CHIP ERASE"
        case .run: "RUN"
        case .baud: "BAUD"
        case .efuse: "EFUSE"
        case .sha256: "SHA256"
        case .macToNV: "MAC to NV"
        case .flashID: "FLASH ID"
        case .xmodemWrite: "XMODEM write"
        case .xmodemRead: "XMODEM read"
        case .kvGet: "KV get"
        case .kvSet: "KV set"
        case .mac: "MAC"
        case .xmodemReadCompressed: "XMODEM read, compressed"
        case .xmodemWriteCompressed: "XMODEM write, compressed"
        case .xmodemReadMemory: "XMODEM read memory"
        case .efuseDump: "EFUSE dump"
        case .unknown: "unknown command"
        default: "command \(hexBytes([rawValue]))"
        }
    }
}

/// What a stub says of a command (ECR6600 facts §4).
package struct StubStatus: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
    package var rawValue: UInt8

    package init(rawValue: UInt8) { self.rawValue = rawValue }

    package static let success = StubStatus(rawValue: 0)
    package static let error = StubStatus(rawValue: 1)
    package static let address = StubStatus(rawValue: 2)
    package static let type = StubStatus(rawValue: 3)
    package static let length = StubStatus(rawValue: 4)
    package static let checksum = StubStatus(rawValue: 5)
    /// Only stub 1.3.11, command 0C: the MAC's second character is odd.
    package static let mac = StubStatus(rawValue: 6)

    package var description: String {
        switch self {
        case .success: "ok"
        case .error: "error"
        case .address: "address out of range"
        case .type: "unknown type"
        case .length: "wrong length"
        case .checksum: "wrong checksum"
        case .mac: "odd MAC"
        default: "status \(rawValue)"
        }
    }
}

extension StubCommand {
    /// Whether blocks follow its answer (ECR6600 facts §10).
    var startsTransfer: Bool {
        switch self {
        case .xmodemWrite, .xmodemRead, .xmodemReadCompressed, .xmodemWriteCompressed, .xmodemReadMemory: true
        default: false
        }
    }
}
