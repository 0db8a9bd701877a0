/// A serial line of a capture, and the adapter it belongs to.
package struct FoundAdapter: Hashable, Sendable {
    package var address: USBAddress
    package var family: AdapterFamily
    package var id: USBDeviceID?
    package var channel: SerialChannel
    /// Channels that its adapter has.
    package var channelCount: Int
    /// By what it was recognised.
    package var evidence: String
    /// In milliseconds, where the driver set one.
    package var latencyTimer: Int?
    /// Addresses that it got when it was plugged in again, in their order.
    package var laterAddresses: [USBAddress] = []
    /// What the capture has against the family that a user names, in words; nil for nothing.
    var contradiction: String?
    /// Two of a kind differ in it; nil where the device has none.
    var serialNumber: String?
    /// Packets of the capture between which it was there.
    var packets = 0..<0
    /// Whether FTDI's requests name a channel.
    var isChannelled = false
    /// Whether it is the first of FTDI's chips.
    var isSIO = false
    /// Whether a PL2303 is a TA; nil where nobody knows.
    var isTA: Bool?

    /// `device 1.5: FTDI 0403:6001, channel 1, …`.
    package var words: String {
        "device \(address): \(family.title)\(id.map { " \($0)" } ?? ""), \(channel.description)"
    }

    /// What reads its driver's requests and its data.
    func makeAdapter() -> any SerialAdapter {
        switch family {
        case .ch340: CH340()
        case .cp210x: CP210x(interface: channel.requestIndex)
        case .ftdi:
            FTDI(
                packetByteCount: channel.packetByteCount, channel: channel.requestIndex, isChannelled: isChannelled,
                isSIO: isSIO)
        case .pl2303: PL2303(isTA: isTA)
        case .cdc: CDCACM(interface: channel.requestIndex)
        }
    }
}

extension FoundAdapter {
    /// Whether what `makeAdapter` makes for one reads the other as well.
    func isReadAlike(_ other: FoundAdapter) -> Bool {
        family == other.family && channel.requestIndex == other.channel.requestIndex
            && channel.packetByteCount == other.channel.packetByteCount && isChannelled == other.isChannelled
            && isSIO == other.isSIO && isTA == other.isTA
    }

    /// This adapter and another that was plugged in when it was gone, as one: adapters get a new address each time. nil
    /// where they are two: by their serial numbers, by what they are, or because both were there.
    func pluggedAgain(as later: FoundAdapter) -> FoundAdapter? {
        guard let id, id == later.id, serialNumber == later.serialNumber, address.bus == later.address.bus,
            packets.upperBound <= later.packets.lowerBound
        else { return nil }
        var same = channel
        same.byteCount = later.channel.byteCount
        guard family == later.family, same == later.channel else { return nil }
        var both = self
        both.laterAddresses += [later.address] + later.laterAddresses
        both.channel.byteCount += later.channel.byteCount
        both.packets = packets.lowerBound..<later.packets.upperBound
        return both
    }

    /// Whether both are read in the same way, however much there is to read.
    package func isSame(as other: FoundAdapter) -> Bool {
        var other = other
        other.packets = packets
        other.channel.byteCount = channel.byteCount
        return self == other
    }

    /// What was taken to be so, in words.
    package var assumptions: [String] {
        var assumptions: [String] = []
        if let contradiction {
            assumptions.append("device \(address) is \(family.title), as --adapter says; \(contradiction)")
        }
        if !laterAddresses.isEmpty, serialNumber == nil {
            let later = laterAddresses.prefix(8).map(\.description).joined(separator: ", ")
            assumptions.append(
                "device \(later) is device \(address), plugged in again: it is of the same kind, and neither has a serial "
                    + "number (--device for one of them)")
        }
        return assumptions
    }
}

extension USBDevice {
    /// One for each of its channels.
    func adapters(_ family: AdapterFamily, _ evidence: DeviceKind.Evidence) -> [FoundAdapter] {
        let lines = serialChannels(family)
        let id = descriptors.id
        return lines.map { channel in
            FoundAdapter(
                address: address, family: family, id: id, channel: channel, channelCount: lines.count,
                evidence: evidence.rawValue, latencyTimer: family == .ftdi ? latencyTimer : nil,
                serialNumber: descriptors.serialNumber, packets: packets,
                isChannelled: lines.count > 1 || !channels.isEmpty || id.map(FTDI.channelled.contains) == true,
                isSIO: id == FTDI.sio,
                // As Linux's driver tells it.
                isTA: id == nil ? nil : descriptors.release == 0x0300 && descriptors.usbRelease == 0x0200)
        }
    }
}
