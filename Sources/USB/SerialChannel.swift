/// One serial line of an adapter.
package struct SerialChannel: Hashable, Sendable {
    /// Counted from 1.
    package var number: Int
    /// What its requests have in their index: an interface, with FTDI a channel; nil where any will do.
    package var requestIndex: UInt8?
    package var bulkIn: UInt8?
    package var bulkOut: UInt8?
    package var interruptIn: UInt8?
    /// Bytes that a packet to the host has at most.
    package var packetByteCount: Int
    /// Bytes of its data in the capture, both ways.
    package var byteCount: Int

    package var description: String {
        let ends = [bulkOut.map { "out \(Self.digits($0))" }, bulkIn.map { "in \(Self.digits($0))" }].compactMap { $0 }
        return "channel \(number), endpoints \(ends.joined(separator: ", ")), \(byteCount) bytes"
    }

    private static func digits(_ byte: UInt8) -> String {
        (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
    }
}

extension USBDevice {
    /// The serial lines that the device has, taken for an adapter of this family.
    func serialChannels(_ family: AdapterFamily) -> [SerialChannel] {
        var channels = describedChannels(family)
        if channels.isEmpty { channels = seenChannels(family) }
        for index in channels.indices {
            channels[index].number = index + 1
            channels[index].byteCount =
                byteCount(channels[index].bulkOut, of: .cdc) + byteCount(channels[index].bulkIn, of: family)
        }
        return channels
    }

    private func byteCount(_ endpoint: UInt8?, of family: AdapterFamily) -> Int {
        guard let traffic = endpoint.flatMap({ endpoints[$0] }) else { return 0 }
        return family == .ftdi ? traffic.byteCountBehindStatus : traffic.byteCount
    }

    /// By the descriptors.
    private func describedChannels(_ family: AdapterFamily) -> [SerialChannel] {
        let interfaces = descriptors.interfaces
        if family == .cdc {
            let controls = interfaces.filter { $0.classCode == 2 && $0.subclass == 2 }
            let channels = controls.compactMap { control -> SerialChannel? in
                let data =
                    interfaces.first { $0.number == control.dataInterface }
                    ?? interfaces.first { $0.classCode == 0x0A && $0.number > control.number }
                return (data ?? control).channel(requestIndex: control.number, interrupt: control)
            }
            if !channels.isEmpty { return channels }
        }
        let serial = interfaces.filter {
            $0.classCode != 0x08 && $0.bulk(isIn: true) != nil && $0.bulk(isIn: false) != nil
        }
        return serial.compactMap { interface in
            let index: UInt8? =
                switch family {
                case .cp210x, .cdc: interface.number
                case .ftdi: serial.count > 1 || !channels.isEmpty ? interface.number &+ 1 : nil
                case .ch340, .pl2303: nil
                }
            return interface.channel(requestIndex: index, interrupt: interface)
        }
    }

    /// By what was seen: endpoints in pairs, in the order of their numbers.
    private func seenChannels(_ family: AdapterFamily) -> [SerialChannel] {
        let (ins, outs) = (bulkEndpoints(isIn: true), bulkEndpoints(isIn: false))
        let count = max(ins.count, outs.count)
        let named = (family == .ftdi ? channels : lineInterfaces).sorted()
        let interrupts = endpoints.filter { $1.transfer == .interrupt && $0 & 0x80 != 0 }.keys.sorted()
        return (0..<max(1, count)).map { place in
            let bulkIn = place < ins.count ? ins[place] : nil
            let isLong = bulkIn.flatMap { endpoints[$0]?.hasLongPackets } ?? false
            return SerialChannel(
                number: place + 1, requestIndex: named.count == max(1, count) ? named[place] : nil, bulkIn: bulkIn,
                bulkOut: place < outs.count ? outs[place] : nil,
                // Of several it is not known whose it is; CDC's says which interface it is about.
                interruptIn: interrupts.count == 1
                    ? interrupts[0] : place < interrupts.count && interrupts.count == count ? interrupts[place] : nil,
                packetByteCount: isLong ? 512 : 64, byteCount: 0)
        }
    }
}

extension USBDescriptors.Interface {
    /// - Parameter interrupt: the interface whose interrupt endpoint tells of the line.
    fileprivate func channel(requestIndex: UInt8?, interrupt: Self) -> SerialChannel? {
        guard let bulkIn = bulk(isIn: true), let bulkOut = bulk(isIn: false) else { return nil }
        let told = interrupt.endpoints.first { $0.transfer == .interrupt && $0.address & 0x80 != 0 }
        return SerialChannel(
            number: 0, requestIndex: requestIndex, bulkIn: bulkIn.address, bulkOut: bulkOut.address,
            interruptIn: told?.address, packetByteCount: bulkIn.packetByteCount, byteCount: 0)
    }
}
