/// Who is said to have captured a USB session.
package enum CaptureForm: String, Hashable, Sendable, CaseIterable {
    /// USBPcap for Windows, link type 249.
    case usbpcap
    /// Linux's usbmon, link type 220.
    case usbmon

    /// In a sentence of the help.
    package var summary: String {
        switch self {
        case .usbpcap: "as USBPcap for Windows captures it (link type 249)"
        case .usbmon: "as Linux's usbmon captures it (link type 220)"
        }
    }

    /// What a file begins with: classic pcap, microseconds, little-endian, as both write it.
    func appendFileHead(to bytes: inout [UInt8]) {
        bytes.append(littleEndian: UInt32(0xA1B2_C3D4))
        bytes.append(littleEndian: UInt16(2))
        bytes.append(littleEndian: UInt16(4))
        bytes.append(littleEndian: UInt64(0))
        bytes.append(littleEndian: UInt32(self == .usbpcap ? 65_535 : 262_144))
        bytes.append(littleEndian: UInt32(self == .usbpcap ? 249 : 220))
    }

    /// Appends a record with its head. - Parameter address: the device's.
    func append(_ record: TransferRecord, _ address: DeviceAddress, to bytes: inout [UInt8]) {
        let microseconds = record.time / 1000
        bytes.append(littleEndian: UInt32(truncatingIfNeeded: microseconds / 1_000_000))
        bytes.append(littleEndian: UInt32(truncatingIfNeeded: microseconds % 1_000_000))
        let byteCount =
            switch self {
            case .usbpcap: USBPcapForm.byteCount(of: record)
            case .usbmon: USBMonForm.byteCount(of: record)
            }
        bytes.append(littleEndian: UInt32(truncatingIfNeeded: byteCount))
        bytes.append(littleEndian: UInt32(truncatingIfNeeded: byteCount))
        switch self {
        case .usbpcap: USBPcapForm.append(record, address, to: &bytes)
        case .usbmon: USBMonForm.append(record, address, microseconds, to: &bytes)
        }
    }
}

/// Where a device is.
struct DeviceAddress: Hashable, Sendable {
    var bus: UInt16
    /// 1 to 127.
    var device: UInt8
}
