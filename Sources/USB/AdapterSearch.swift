import Words

/// Finds the serial adapter of a capture: by its descriptors, else by the requests that its driver makes, as captures
/// often begin when the adapter has long been plugged in (trace formats §B.6, §B.9).
package struct AdapterSearch: Sendable {
    /// More devices are not looked at.
    static let deviceLimit = 512

    private var devices: [USBDevice] = []
    private var places: [USBAddress: Int] = [:]
    private var submissions = Submissions()
    private var packetCount = 0
    /// The device that the last packet was of: most of them follow one of their own.
    private var lastPlace = 0

    package init() {}

    /// Takes the next packet. - Parameter record: where its data is.
    package mutating func take(_ packet: USBPacket, in record: Span<UInt8>) {
        let place: Int
        if lastPlace < devices.count, devices[lastPlace].address == packet.address {
            place = lastPlace
        } else if let known = places[packet.address] {
            place = known
        } else {
            guard devices.count < Self.deviceLimit else { return }
            place = devices.count
            places[packet.address] = place
            devices.append(USBDevice(packet.address))
        }
        lastPlace = place
        packetCount += 1
        devices[place].saw(packet: packetCount)
        guard packet.transfer == .control else { return devices[place].take(packet, in: record) }
        if let request = submissions.control(packet, in: record) { devices[place].take(request) }
    }

    /// The adapter that a user means. - Throws: `AdapterNotFound`, with what there is.
    package func adapter(_ choice: AdapterChoice) throws(AdapterNotFound) -> FoundAdapter {
        guard !devices.isEmpty else { throw AdapterNotFound("there is no USB traffic in it", advice: "") }
        var found = candidates(choice)
        if let address = choice.address {
            guard devices.contains(where: { $0.address == address }) else {
                throw AdapterNotFound(
                    "no device \(address) is in it", listing: deviceWords, advice: "give one of these")
            }
            if found.isEmpty {
                throw AdapterNotFound(
                    "device \(address) is not known as a serial adapter", listing: deviceWords,
                    advice: "say what it is with --adapter")
            }
        }
        guard !found.isEmpty else {
            throw AdapterNotFound(
                "no serial adapter was found in it", listing: deviceWords,
                advice: "if one of these is an adapter, say so with --device and --adapter")
        }
        if let number = choice.channel {
            found = found.filter { $0.channel.number == number }
            guard !found.isEmpty else {
                throw AdapterNotFound(
                    "no channel \(number) is in it", listing: candidates(choice).map(\.words),
                    advice: "give one of these")
            }
        }
        // Those that carried nothing are not meant.
        let busy = found.filter { $0.channel.byteCount > 0 }
        if busy.count == 1 { return busy[0] }
        let plugged = Self.joiningPluggedAgain(busy)
        if plugged.count == 1 { return plugged[0] }
        guard found.count == 1 else {
            let several = Set(found.map(\.address)).count > 1
            throw AdapterNotFound(
                several ? "several serial adapters are in it" : "the adapter has several channels",
                listing: found.map(\.words), advice: several ? "choose one with --device" : "choose one with --channel")
        }
        return found[0]
    }

    /// Each adapter once, however often it was plugged in.
    private static func joiningPluggedAgain(_ found: [FoundAdapter]) -> [FoundAdapter] {
        var adapters: [FoundAdapter] = []
        for later in found.sorted(by: { $0.packets.lowerBound < $1.packets.lowerBound }) {
            let joined = adapters.indices.lazy.compactMap { index in
                adapters[index].pluggedAgain(as: later).map { (index, $0) }
            }.first
            if let (index, both) = joined {
                adapters[index] = both
            } else {
                adapters.append(later)
            }
        }
        return adapters
    }

    /// Everything that is no serial adapter, for a report.
    package var others: [String] {
        inOrder.compactMap { device in
            guard case .other(let words) = device.kind else { return nil }
            return "device \(device.address): \(words)"
        }
    }

    private var inOrder: [USBDevice] { devices.sorted { $0.address < $1.address } }

    private var deviceWords: [String] {
        inOrder.map { device in
            switch device.kind {
            case .adapter(let family, _):
                "device \(device.address): \(device.descriptors.id.map { "\($0), " } ?? "")\(family.title)"
            case .other(let words): "device \(device.address): \(words)"
            }
        }
    }

    /// Each channel of each device that can be meant.
    private func candidates(_ choice: AdapterChoice) -> [FoundAdapter] {
        var meant = inOrder.filter { choice.address == nil || $0.address == choice.address }
        guard let forced = choice.family else {
            return meant.flatMap { device -> [FoundAdapter] in
                guard case .adapter(let family, let evidence) = device.kind else { return [] }
                return device.adapters(family, evidence)
            }
        }
        if choice.address == nil {
            let known = meant.filter {
                if case .adapter(forced, _) = $0.kind { true } else { false }
            }
            meant =
                known.isEmpty
                ? meant.filter { !$0.bulkEndpoints(isIn: true).isEmpty || !$0.bulkEndpoints(isIn: false).isEmpty }
                : known
        }
        return meant.flatMap { device -> [FoundAdapter] in
            guard case .adapter(let family, let evidence) = device.kind else { return device.adapters(forced, .user) }
            if family == forced { return device.adapters(forced, evidence) }
            return device.adapters(forced, .user).map {
                var found = $0
                found.contradiction = "by \(evidence.rawValue) it is \(family.title)"
                return found
            }
        }
    }
}

/// What a user says of the adapter; nil where nothing is said.
package struct AdapterChoice: Hashable, Sendable {
    package var family: AdapterFamily?
    package var address: USBAddress?
    /// Counted from 1.
    package var channel: Int?

    package init(family: AdapterFamily? = nil, address: USBAddress? = nil, channel: Int? = nil) {
        self.family = family
        self.address = address
        self.channel = channel
    }
}

/// Why no adapter can be chosen.
package struct AdapterNotFound: Error, Hashable, Sendable {
    /// After the file's name: "no serial adapter was found in it: device 1.2: a hub".
    package var message: String
    package var advice: String

    init(_ message: String, listing lines: [String] = [], advice: String) {
        let shown = lines.prefix(16).joined(separator: "; ")
        let more = lines.count > 16 ? "; and \(lines.count - 16) more" : ""
        self.message = lines.isEmpty ? message : "\(message): \(shown)\(more)"
        self.advice = advice
    }
}
