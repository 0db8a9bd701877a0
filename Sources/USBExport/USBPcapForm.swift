/// Records of USBPcap, link type 249, little-endian and packed (trace formats §B.5).
///
/// | offset | bytes | field |
/// |---|---|---|
/// | 0 | 2 | length of this head: 27, of control transfers 28 |
/// | 2 | 8 | the request packet's address: the same for both ends of a transfer |
/// | 10 | 4 | USBD_STATUS |
/// | 14 | 2 | the URB's function |
/// | 16 | 1 | bit 0: from the device up, which is a completion |
/// | 17 | 2 | bus |
/// | 19 | 2 | device |
/// | 21 | 1 | endpoint, bit 7 in |
/// | 22 | 1 | 1 interrupt, 2 control, 3 bulk |
/// | 23 | 4 | length of the data behind |
/// | 27 | 1 | control only: stage 0 setup, 3 complete |
///
/// As of version 1.5 the setup packet and what the host sends with it are one record, and the completion with the answer
/// is another.
enum USBPcapForm {
    /// USBD_STATUS_CANCELED.
    private static let cancelled: UInt32 = 0xC001_0000

    static func byteCount(of record: TransferRecord) -> Int {
        (record.kind == .control ? 28 : 27) + record.setup.count + record.data.count
    }

    static func append(_ record: TransferRecord, _ address: DeviceAddress, to bytes: inout [UInt8]) {
        bytes.append(littleEndian: UInt16(record.kind == .control ? 28 : 27))
        bytes.append(littleEndian: record.identity)
        bytes.append(littleEndian: record.isCancelled ? cancelled : 0)
        bytes.append(littleEndian: function(of: record))
        bytes.append(record.isCompletion ? 1 : 0)
        bytes.append(littleEndian: address.bus)
        bytes.append(littleEndian: UInt16(address.device))
        bytes.append(record.endpoint)
        switch record.kind {
        case .interrupt: bytes.append(1)
        case .control: bytes.append(2)
        case .bulk: bytes.append(3)
        }
        bytes.append(littleEndian: UInt32(truncatingIfNeeded: record.setup.count + record.data.count))
        if record.kind == .control { bytes.append(record.isCompletion ? 3 : 0) }
        bytes += record.setup
        bytes += record.data
    }

    /// The function codes of usb.h in Windows' driver kit; all control transfers complete as such.
    private static func function(of record: TransferRecord) -> UInt16 {
        guard record.kind == .control else { return 0x0009 }
        guard let type = record.setup.first, record.setup.count == 8 else { return 0x0008 }
        switch (type & 0x60, type & 0x1F) {
        case (0x00, _) where record.setup[1] == 0x06: return 0x000B
        case (0x00, _) where record.setup[1] == 0x09: return 0x0000
        case (0x20, 0): return 0x001A
        case (0x20, _): return 0x001B
        case (0x40, 0): return 0x0017
        case (0x40, _): return 0x0018
        default: return 0x0008
        }
    }
}
