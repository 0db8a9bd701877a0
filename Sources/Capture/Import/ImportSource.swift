import CPorts
import Digests
import Files
import Glibc

/// A recording open for reading, unpacked where it is gzip; its beginning can be looked at before it is read.
package final class ImportSource {
    /// Bytes at its beginning by which its kind is told.
    package static let headByteCount = 65_536

    /// For messages and the session's description.
    package let path: String
    /// Its first `headByteCount` bytes, or all there are.
    package let head: [UInt8]
    private let file: CaptureStream
    private var isTaken = false

    /// - Parameter path: a file, a pipe, or `-` for standard input. - Throws: `CaptureError` `.inaccessible`.
    package init(opening path: String) throws(CaptureError) {
        self.path = path == "-" ? "standard input" : path
        let file = try CaptureStream(opening: path == "-" ? "/dev/stdin" : path)
        self.file = file
        head = [UInt8](unsafeUninitializedCapacity: Self.headByteCount) { bytes, count in
            count = fread(bytes.baseAddress, 1, bytes.count, file.stream)
        }
    }

    deinit {
        fclose(file.stream)
    }

    /// Why reading ended early: gzip that is damaged, a device that fails. To be asked at the end.
    var problem: CaptureError? {
        if let problem = file.problem {
            return CaptureError(.damaged, path: path, "\(problem)", advice: "what comes before it was read")
        }
        return ferror(file.stream) == 0
            ? nil
            : CaptureError(.inaccessible, path: path, "cannot read it to its end", advice: "copy it, and try again")
    }

    /// Whether it is gzip.
    var isPacked: Bool { file.isPacked }

    /// What was wrong with the gzip file, once reading has come to it.
    var packingProblem: GzipProblem? { file.problem }

    /// Whether it can be read again from its beginning, as a pipe cannot.
    var isRegular: Bool {
        var status = stat()
        return path != "standard input" && stat(path.systemName, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
    }

    /// All of it, as lines. Gzip that is damaged ends it; the line that it ends in is not whole, and left out.
    func lines(byteLimit: Int) -> LineReader {
        LineReader(
            take(), path: path, byteLimit: byteLimit, problem: { [self] in packingProblem == nil ? problem : nil },
            breaksOff: { [self] in packingProblem != nil })
    }

    /// All of it, as a C stream that its reader closes; to be taken once.
    func stream() throws(CaptureError) -> UnsafeMutablePointer<FILE> {
        let rest = Unmanaged.passRetained(Rest(source: self))
        let stream = ports_stream_open(
            rest.toOpaque(),
            { cookie, buffer, count in
                guard let cookie, let buffer else { return -1 }
                return Unmanaged<Rest>.fromOpaque(cookie).takeUnretainedValue().read(into: buffer, count)
            },
            { cookie in
                if let cookie { Unmanaged<Rest>.fromOpaque(cookie).release() }
                return 0
            })
        guard let stream else {
            let number = Glibc.errno
            rest.release()
            throw CaptureStream.inaccessible(path, number)
        }
        return stream
    }

    /// Fills `buffer` from where the last call ended, the beginning included; what it returns is 0 at the end.
    func take() -> (inout [UInt8]) -> Int {
        precondition(!isTaken, "a recording is read once")
        isTaken = true
        var given = 0
        return { [self] buffer in
            if given < head.count {
                let count = min(buffer.count, head.count - given)
                for index in 0..<count { buffer[index] = head[given + index] }
                given += count
                return count
            }
            return fread(&buffer, 1, buffer.count, file.stream)
        }
    }

    /// What stands behind a C stream.
    private final class Rest {
        private let source: ImportSource
        private let take: (inout [UInt8]) -> Int
        private var buffer = [UInt8](repeating: 0, count: 65_536)
        private var unread = 0..<0

        init(source: ImportSource) {
            self.source = source
            take = source.take()
        }

        func read(into bytes: UnsafeMutablePointer<CChar>, _ count: Int) -> Int {
            if unread.isEmpty { unread = 0..<take(&buffer) }
            let given = unread.prefix(count)
            buffer.withUnsafeBytes { _ = memcpy(bytes, $0.baseAddress! + given.lowerBound, given.count) }
            unread = given.upperBound..<unread.upperBound
            return given.isEmpty && source.problem != nil ? -1 : given.count
        }
    }
}
