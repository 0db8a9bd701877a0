/// What a capture file that is given in the place of something else has in it.
enum CaptureKind: Equatable {
    case serial
    /// Of a USB adapter's traffic: usbmon's two link types, and USBPcap's.
    case usb(linkType: Int32)
    case other(linkType: Int32)

    /// - Parameter head: the beginning of a file, unpacked; nil for what is no capture file.
    init?(head: [UInt8]) {
        guard let linkType = PcapHead(head)?.linkType else { return nil }
        switch linkType {
        case TraceFormat.linkType: self = .serial
        case 189, 220, 249: self = .usb(linkType: linkType)
        default: self = .other(linkType: linkType)
        }
    }

    /// By what a capture of USB traffic is read.
    var importerName: String? {
        switch self {
        case .usb(249): USBPcapImporter.name
        case .usb: USBMonImporter.name
        case .serial, .other: nil
        }
    }

    /// Why it is not imported as what it was given for.
    func complaint(path: String) -> CaptureError {
        switch self {
        case .usb(let linkType):
            CaptureError(
                .badLine, path: path,
                "is a capture of USB traffic, \(CaptureFile.name(of: linkType)) (link type \(linkType))",
                advice: importerName.map { "use --from \($0), or leave --from out" } ?? "leave --from out")
        case .serial:
            CaptureError(
                .badLine, path: path, "is a trace already", advice: "look at it with `solderless show`")
        case .other(let linkType):
            CaptureError(
                .badLine, path: path,
                "is a capture of \(Self.names[linkType] ?? CaptureFile.name(of: linkType)) (link type \(linkType)), which "
                    + "is no serial line",
                advice: "give a capture of a USB adapter or another recording that `solderless import --help` lists")
        }
    }

    /// Link types that are given by mistake (tcpdump.org's list, trace formats §B.5, §B.9).
    private static let names: [Int32: String] = [
        1: "Ethernet", 101: "IP packets", 105: "a wireless network", 113: "a network", 147: "private data",
        186: "FreeBSD's USB traffic", 252: "packets that Wireshark has taken apart", 266: "macOS's USB traffic",
        288: "a USB wire, by a hardware analyser", 293: "a low-speed USB wire, by a hardware analyser",
        294: "a full-speed USB wire, by a hardware analyser", 295: "a high-speed USB wire, by a hardware analyser",
    ]
}
