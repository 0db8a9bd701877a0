import CPcap
import Digests
import Glibc

/// A capture file open for reading, packed with gzip or not: libpcap, and what it says put into our errors.
final class CaptureFile {
    let path: String
    /// Where the file breaks off in the middle of a record; known once `next` has returned nil.
    private(set) var truncatedAt: Int64?
    /// What the records are (tcpdump.org's list of link types).
    let linkType: Int32
    private let handle: OpaquePointer
    private let isPacked: Bool
    /// What is wrong with the gzip file, once reading has come to it.
    private let packing: () -> GzipProblem?
    private var offset: Int64 = 24

    /// A record as libpcap hands it out; its bytes are good until the next call.
    struct Record {
        var unixNanoseconds: Int64
        var bytes: UnsafeBufferPointer<UInt8>
        var missingByteCount: Int
        /// Where it begins in a classic pcap file, unpacked.
        var offset: Int64
    }

    /// - Parameter isSerial: false for a capture of whatever.
    /// - Throws: `CaptureError`: `.inaccessible`, `.notACapture`, `.wrongLinkType`.
    convenience init(opening path: String, isSerial: Bool = true) throws(CaptureError) {
        // libpcap takes "-" for standard input; a file of ours is always a file.
        let stream = try CaptureStream(opening: path)
        try self.init(stream.stream, path: path, isPacked: stream.isPacked, isSerial: isSerial) { stream.problem }
    }

    /// - Throws: likewise.
    convenience init(_ file: GrowingFile) throws(CaptureError) {
        let stream = try CaptureStream(file)
        try self.init(stream.stream, path: file.path, isPacked: stream.isPacked) { stream.problem }
    }

    /// What is being imported. - Parameter isSerial: false for a capture of whatever. - Throws: likewise.
    convenience init(_ source: ImportSource, isSerial: Bool = true) throws(CaptureError) {
        try self.init(source.stream(), path: source.path, isPacked: source.isPacked, isSerial: isSerial) {
            source.packingProblem
        }
    }

    /// - Parameter stream: closed with this, or here if this throws.
    private init(
        _ stream: UnsafeMutablePointer<FILE>, path: String, isPacked: Bool, isSerial: Bool = true,
        packing: @escaping () -> GzipProblem?
    ) throws(CaptureError) {
        self.path = path
        self.isPacked = isPacked
        self.packing = packing
        var message = [CChar](repeating: 0, count: Int(PCAP_ERRBUF_SIZE))
        guard
            let handle = pcap_fopen_offline_with_tstamp_precision(
                stream, UInt32(PCAP_TSTAMP_PRECISION_NANO), &message)
        else {
            let problem = packing()
            fclose(stream)
            throw CaptureError(
                .notACapture, path: path,
                problem.map { "is gzip, and \($0)" }
                    ?? "is no capture file (\(message.withUnsafeBufferPointer(Self.text)))",
                advice: "give a pcap file; other recordings are to be imported first")
        }
        self.handle = handle
        linkType = pcap_datalink(handle)
        guard linkType == TraceFormat.linkType || !isSerial else {
            let name = Self.name(of: linkType)
            throw CaptureError(
                .wrongLinkType, path: path,
                "captures link type \(linkType) (\(name)), not a serial line (\(TraceFormat.linkType), RTAC_SERIAL)",
                advice: "if it is a capture of a USB adapter, import it first")
        }
    }

    /// As libpcap calls it.
    static func name(of linkType: Int32) -> String {
        pcap_datalink_val_to_name(linkType).map { String(cString: $0) } ?? "without a name"
    }

    deinit {
        pcap_close(handle)
    }

    /// The next record; nil at the end and where the file breaks off. - Throws: `CaptureError` `.damaged`.
    func next() throws(CaptureError) -> Record? {
        var header: UnsafeMutablePointer<pcap_pkthdr>?
        var bytes: UnsafePointer<UInt8>?
        switch pcap_next_ex(handle, &header, &bytes) {
        case 1: break
        case PCAP_ERROR_BREAK:
            if let problem = packing() { throw packingError(problem) }
            return nil
        default:
            if let problem = packing() { throw packingError(problem) }
            let message = String(cString: pcap_geterr(handle))
            // libpcap has one return value for all troubles and tells them apart in words only.
            guard message.hasPrefix("truncated dump file") else { throw damaged(message) }
            truncatedAt = offset
            return nil
        }
        guard let header = header?.pointee, let bytes else { throw damaged("libpcap returned no record") }
        let (seconds, overflow) = Int64(header.ts.tv_sec).multipliedReportingOverflow(by: 1_000_000_000)
        let (time, overflow2) = seconds.addingReportingOverflow(Int64(header.ts.tv_usec))
        guard !overflow, !overflow2 else { throw damaged("a record's time is impossible") }
        let record = Record(
            unixNanoseconds: time, bytes: UnsafeBufferPointer(start: bytes, count: Int(header.caplen)),
            missingByteCount: max(0, Int(header.len) - Int(header.caplen)), offset: offset)
        offset += 16 + Int64(header.caplen)
        return record
    }

    /// An error about the record that is being read.
    func damaged(_ message: String) -> CaptureError {
        CaptureError(
            .damaged, path: path, "damaged at byte \(offset)\(isPacked ? ", unpacked" : ""): \(message)",
            advice: "what comes before it can be read")
    }

    private func packingError(_ problem: GzipProblem) -> CaptureError {
        CaptureError(.damaged, path: path, "\(problem)", advice: "what comes before it was read")
    }

    private static func text(_ buffer: UnsafeBufferPointer<CChar>) -> String {
        buffer.baseAddress.map { String(cString: $0) } ?? ""
    }
}
