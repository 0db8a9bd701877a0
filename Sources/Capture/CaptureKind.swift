import CPcap
import Files
import Glibc

/// What a capture file that is given in the place of something else has in it.
enum CaptureKind {
    case serial
    /// Of a USB adapter's traffic: usbmon's two link types, and USBPcap's.
    case usb
    case other(linkType: Int32)

    private static let usbLinkTypes: Set<Int32> = [189, 220, 249]

    /// nil for what is no capture file, and for what cannot be read.
    init?(of path: String) {
        // What is read of a pipe is gone.
        var status = stat()
        guard stat(path.systemName, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
        guard let source = try? CaptureStream(opening: path) else { return nil }
        var message = [CChar](repeating: 0, count: Int(PCAP_ERRBUF_SIZE))
        guard let handle = pcap_fopen_offline(source.stream, &message) else {
            fclose(source.stream)
            return nil
        }
        defer { pcap_close(handle) }
        let linkType = pcap_datalink(handle)
        switch linkType {
        case TraceFormat.linkType: self = .serial
        case _ where Self.usbLinkTypes.contains(linkType): self = .usb
        default: self = .other(linkType: linkType)
        }
    }

    func complaint(path: String) -> CaptureError {
        switch self {
        case .serial:
            CaptureError(
                .badLine, path: path, "is a trace already", advice: "look at it with `solderless show`")
        case .usb:
            CaptureError(
                .badLine, path: path, "is a capture of USB traffic, which cannot be imported yet",
                advice: "write what the adapter carried as JSON lines, as `solderless import --help` has them")
        case .other(let linkType):
            CaptureError(
                .badLine, path: path, "is a capture of link type \(linkType), which is no serial line",
                advice: "give a session as `solderless import --help` has it")
        }
    }
}
