import Words

/// What a device of a capture is taken for.
enum DeviceKind: Hashable, Sendable {
    case adapter(AdapterFamily, Evidence)
    /// No serial adapter, or none that is known; in words, with its article where it has one.
    case other(String)

    enum Evidence: String, Hashable, Sendable {
        case descriptors = "its descriptors"
        case requests = "its requests"
        case traffic = "the shape of its data"
        case user = "the command line"
    }
}

extension USBDevice {
    var kind: DeviceKind {
        if descriptors.id == USBDeviceID(0x1A86, 0x5512) || has(0x40, 0xB1) {
            return .other("a CH341A as a parallel and SPI interface, which is no serial adapter")
        }
        if let family = descriptors.id.flatMap({ AdapterFamily($0) }) { return .adapter(family, .descriptors) }
        if descriptors.interfaces.contains(where: { $0.classCode == 2 && $0.subclass == 2 }) {
            return .adapter(.cdc, .descriptors)
        }
        let isOfOtherClass =
            !descriptors.interfaces.isEmpty && !descriptors.interfaces.contains { $0.classCode == 0xFF }
        if isOfOtherClass { return .other(words) }
        if let family = familyByRequests { return .adapter(family, .requests) }
        if descriptors.id == nil, requests.isEmpty, bulkEndpoints(isIn: true).contains(where: looksFTDI) {
            return .adapter(.ftdi, .traffic)
        }
        return .other(words)
    }

    /// The family whose requests these are (trace formats §B.6).
    private var familyByRequests: AdapterFamily? {
        if has(0x40, 0xA1) || has(0x40, 0x9A) || has(0x40, 0xA4) { return .ch340 }
        if has(0x41, 0x1E) || has(0x41, 0x01) || has(0x41, 0x03) || has(0x41, 0x07) || has(0x41, 0x00) {
            return .cp210x
        }
        if !lineInterfaces.isEmpty {
            let isProlific = has(0x40, 0x01) || has(0xC0, 0x01) || has(0x40, 0x80) || has(0xC0, 0x81)
            return isProlific ? .pl2303 : .cdc
        }
        let asked = requests.filter { $0.requestType == 0x40 }.map(\.request)
        // FTDI's numbers are small, as many other vendors' are: none may be there that it does not have.
        let isFTDI = asked.allSatisfy { [0, 1, 2, 3, 4, 6, 7, 9, 0x0B].contains($0) }
        guard isFTDI, !asked.isEmpty else { return nil }
        if asked.contains(3) || (asked.contains(9) && asked.contains(0)) { return .ftdi }
        return bulkEndpoints(isIn: true).contains(where: looksFTDI) ? .ftdi : nil
    }

    /// Whether everything that comes begins with FTDI's status, and status alone comes as well.
    private func looksFTDI(_ endpoint: UInt8) -> Bool {
        guard let traffic = endpoints[endpoint] else { return false }
        return traffic.otherwiseCount == 0 && traffic.statusAloneCount >= 4
    }

    /// What it is, if it is no serial adapter that is known.
    private var words: String {
        let id = descriptors.id.map { "\($0), " } ?? ""
        let classes = descriptors.interfaces.map(\.classCode)
        if let known = classes.compactMap({ Self.classWords[$0] }).first { return id + known }
        if endpoints.contains(where: { $1.isStorage }) { return id + Self.classWords[0x08]! }
        if descriptors.id?.vendor == 0x110A { return id + "a Moxa UPort, whose requests are not known" + requestWords }
        if has(0x21, 0x0A) || has(0x21, 0x09) { return id + Self.classWords[0x03]! }
        if has(0xA3, 0x00) || has(0x23, 0x03) { return id + Self.classWords[0x09]! }
        if !endpoints.isEmpty, endpoints.allSatisfy({ $1.transfer == .interrupt }), requests.isEmpty {
            return id + "interrupt transfers only, as of a keyboard or a mouse"
        }
        if endpoints.isEmpty, requests.isEmpty { return id + "nothing but its enumeration" }
        return id + "not a known adapter" + requestWords
    }

    private var requestWords: String {
        guard !requests.isEmpty else { return ", no requests seen" }
        let shown = requests.prefix(8).map(\.words).joined(separator: ", ")
        return ", requests \(shown)\(requests.count > 8 ? " and \(requests.count - 8) more" : "")"
    }

    /// USB-IF's list of class codes.
    private static let classWords: [UInt8: String] = [
        0x01: "a sound device", 0x03: "a keyboard, mouse or other HID device", 0x06: "a camera", 0x07: "a printer",
        0x08: "mass storage", 0x09: "a hub", 0x0B: "a smart card reader", 0x0E: "a camera",
        0xE0: "a radio, such as Bluetooth",
    ]
}
