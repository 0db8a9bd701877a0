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
    /// Whether FTDI's requests name a channel.
    var isChannelled = false
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
                packetByteCount: channel.packetByteCount, channel: channel.requestIndex, isChannelled: isChannelled)
        case .pl2303: PL2303(isTA: isTA)
        case .cdc: CDCACM(interface: channel.requestIndex)
        }
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
                isChannelled: lines.count > 1 || !channels.isEmpty || id.map(FTDI.channelled.contains) == true,
                // As Linux's driver tells it.
                isTA: id == nil ? nil : descriptors.release == 0x0300 && descriptors.usbRelease == 0x0200)
        }
    }
}
