import CPorts
import Digests
import Files
import Glibc
import SystemPackage

/// A file open for reading, as libpcap wants it: as it is, or unpacked on the way where it is gzip.
final class CaptureStream {
    private static let bufferByteCount = 256 << 10

    /// What is read from; its reader closes it.
    let stream: UnsafeMutablePointer<FILE>
    private let unpacked: UnpackedStream?

    /// - Throws: `CaptureError` `.inaccessible`.
    init(opening path: String) throws(CaptureError) {
        guard let file = fopen(path.systemName, "rbe") else { throw Self.inaccessible(path, Glibc.errno) }
        // Records are small: with 4 KB each time, the system is asked a quarter of a million times for a gigabyte.
        setvbuf(file, nil, _IOFBF, Self.bufferByteCount)
        // The first byte tells: no capture file and no text begins with it. A pipe can give only one back.
        let first = getc(file)
        if first != EOF { ungetc(first, file) }
        guard first == Int32(Gzip.magic[0]) else {
            (stream, unpacked) = (file, nil)
            return
        }
        let unpacked = UnpackedStream(file)
        guard let stream = unpacked.open() else {
            let number = Glibc.errno
            throw Self.inaccessible(path, number)
        }
        (self.stream, self.unpacked) = (stream, unpacked)
    }

    /// Whether the file is gzip.
    var isPacked: Bool { unpacked != nil }

    /// What was wrong with the gzip file, once reading has come to it.
    var problem: GzipProblem? { unpacked?.problem }

    /// What a growing file has and will have, which is never gzip.
    init(_ file: GrowingFile) throws(CaptureError) {
        (stream, unpacked) = (try file.open(), nil)
    }

    static func inaccessible(_ path: String, _ number: Int32) -> CaptureError {
        CaptureError(
            .inaccessible, path: path, "cannot open: \(Errno(rawValue: number).description)",
            advice: "check the name and its permissions", errno: number)
    }
}

/// What stands behind a C stream whose bytes are unpacked while they are read.
private final class UnpackedStream {
    private static let pieceByteCount = 64 << 10

    private let file: UnsafeMutablePointer<FILE>
    private var reader = GzipReader()
    private var contents: [UInt8] = []
    private(set) var problem: GzipProblem?

    /// - Parameter file: closed with this.
    init(_ file: UnsafeMutablePointer<FILE>) {
        self.file = file
    }

    deinit {
        fclose(file)
    }

    /// The stream; it keeps this alive until it is closed. nil with `errno` set.
    func open() -> UnsafeMutablePointer<FILE>? {
        let cookie = Unmanaged.passRetained(self)
        let stream = ports_stream_open(
            cookie.toOpaque(),
            { cookie, buffer, count in
                guard let cookie, let buffer else { return -1 }
                return Unmanaged<UnpackedStream>.fromOpaque(cookie).takeUnretainedValue().read(into: buffer, count)
            },
            { cookie in
                if let cookie { Unmanaged<UnpackedStream>.fromOpaque(cookie).release() }
                return 0
            })
        if stream == nil { cookie.release() }
        return stream
    }

    /// - Returns: bytes put into `buffer`; 0 at the end, -1 for a problem, after everything before it.
    private func read(into buffer: UnsafeMutablePointer<CChar>, _ count: Int) -> Int {
        guard problem == nil else { return -1 }
        contents.removeAll(keepingCapacity: true)
        do throws(GzipProblem) {
            try reader.read(into: &contents, upTo: min(count, Self.pieceByteCount)) { input in
                input = [UInt8](unsafeUninitializedCapacity: Self.pieceByteCount) { bytes, filled in
                    filled = fread(bytes.baseAddress, 1, bytes.count, file)
                }
            }
        } catch {
            problem = error
            errno = EIO
            return -1
        }
        contents.withUnsafeBytes { bytes in
            if let start = bytes.baseAddress { memcpy(buffer, start, bytes.count) }
        }
        return contents.count
    }
}
