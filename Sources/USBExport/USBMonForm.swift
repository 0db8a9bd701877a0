/// Records of usbmon, link type 220, in the byte order of the file (trace formats §B.4).
///
/// | offset | bytes | field |
/// |---|---|---|
/// | 0 | 8 | the URB: the same for both ends of a transfer |
/// | 8 | 1 | S submitted, C completed |
/// | 9 | 1 | 1 interrupt, 2 control, 3 bulk |
/// | 10 | 1 | endpoint, bit 7 in |
/// | 11 | 1 | device |
/// | 12 | 2 | bus |
/// | 14 | 1 | 0: a setup packet is there |
/// | 15 | 1 | 0: data is there |
/// | 16 | 8 + 4 | seconds, microseconds |
/// | 28 | 4 | status, a negative errno; −115 while it is under way |
/// | 32 | 4 | bytes asked for, or moved |
/// | 36 | 4 | bytes of data behind |
/// | 40 | 8 | the setup packet |
/// | 48 | 16 | interval, start frame, flags of the transfer, descriptors |
enum USBMonForm {
    private static let headByteCount = 64
    /// −EINPROGRESS and −ENOENT.
    private static let underWay: Int32 = -115
    private static let cancelled: Int32 = -2
    /// URB_DIR_IN.
    private static let toHost: UInt32 = 0x0200

    static func byteCount(of record: TransferRecord) -> Int { headByteCount + record.data.count }

    static func append(
        _ record: TransferRecord, _ address: DeviceAddress, _ microseconds: Int64, to bytes: inout [UInt8]
    ) {
        bytes.append(littleEndian: record.identity)
        bytes.append(UInt8(ascii: record.isCompletion ? "C" : "S"))
        switch record.kind {
        case .interrupt: bytes.append(1)
        case .control: bytes.append(2)
        case .bulk: bytes.append(3)
        }
        bytes.append(record.endpoint)
        bytes.append(address.device)
        bytes.append(littleEndian: address.bus)
        bytes.append(record.setup.isEmpty ? UInt8(ascii: "-") : 0)
        bytes.append(dataFlag(of: record))
        bytes.append(littleEndian: microseconds / 1_000_000)
        bytes.append(littleEndian: Int32(truncatingIfNeeded: microseconds % 1_000_000))
        bytes.append(littleEndian: record.isCompletion ? (record.isCancelled ? cancelled : 0) : underWay)
        bytes.append(littleEndian: UInt32(truncatingIfNeeded: record.byteCount))
        bytes.append(littleEndian: UInt32(truncatingIfNeeded: record.data.count))
        bytes += record.setup.isEmpty ? [UInt8](repeating: 0, count: 8) : record.setup
        bytes.append(littleEndian: Int32(record.kind == .interrupt ? 8 : 0))
        bytes.append(littleEndian: Int32(0))
        bytes.append(littleEndian: record.isToHost ? toHost : 0)
        bytes.append(littleEndian: UInt32(0))
        bytes += record.data
    }

    /// `<` where data is still to come, `>` where it has gone, as the kernel marks them.
    private static func dataFlag(of record: TransferRecord) -> UInt8 {
        if record.isToHost { return record.isCompletion ? 0 : UInt8(ascii: "<") }
        return record.isCompletion ? UInt8(ascii: ">") : 0
    }
}
