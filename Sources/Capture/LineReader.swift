import Glibc
import SystemPackage

/// Reads a text file line by line, and never more of it than one line may hold.
final class LineReader {
    /// The number of the line last returned, counted from 1.
    private(set) var number = 0
    private let path: String
    private let byteLimit: Int
    private let source: CaptureStream
    private var stream: UnsafeMutablePointer<FILE> { source.stream }
    private var buffer = [UInt8](repeating: 0, count: 65_536)
    private var rest = 0..<0

    /// - Throws: `CaptureError` `.inaccessible`.
    init(opening path: String, byteLimit: Int) throws(CaptureError) {
        self.path = path
        self.byteLimit = byteLimit
        source = try CaptureStream(opening: path)
    }

    deinit {
        fclose(stream)
    }

    /// The next line without its end; nil after the last.
    /// - Throws: `CaptureError`: `.badLine` when it is too long, `.inaccessible` when reading fails.
    func next() throws(CaptureError) -> [UInt8]? {
        var line: [UInt8] = []
        while true {
            if rest.isEmpty {
                rest = 0..<fread(&buffer, 1, buffer.count, stream)
                if rest.isEmpty {
                    if let problem = source.problem {
                        throw CaptureError(
                            .damaged, path: path, "\(problem)", advice: "what comes before it was read")
                    }
                    if ferror(stream) != 0 { throw Self.unreadable(path, errno) }
                    if line.isEmpty { return nil }
                    number += 1
                    return line
                }
            }
            let end = buffer[rest].firstIndex(of: 0x0A) ?? rest.upperBound
            line += buffer[rest.lowerBound..<end]
            guard line.count <= byteLimit else {
                throw CaptureError(
                    .badLine, path: path, line: number + 1, "is longer than \(byteLimit) bytes",
                    advice: "write one event to a line")
            }
            if end < rest.upperBound {
                rest = (end + 1)..<rest.upperBound
                number += 1
                return line
            }
            rest = end..<end
        }
    }

    private static func unreadable(_ path: String, _ number: Int32) -> CaptureError {
        CaptureError(
            .inaccessible, path: path, "cannot read: \(Errno(rawValue: number).description)",
            advice: "check the name and its permissions", errno: number)
    }
}
