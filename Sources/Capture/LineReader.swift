/// Reads a text file line by line, and never more of it than one line may hold.
final class LineReader {
    /// The number of the line last returned, counted from 1.
    private(set) var number = 0
    private let path: String
    private let byteLimit: Int
    private let take: (inout [UInt8]) -> Int
    private let problem: () -> CaptureError?
    private let breaksOff: () -> Bool
    private var buffer = [UInt8](repeating: 0, count: 65_536)
    private var rest = 0..<0

    /// - Parameters:
    ///   - take: fills a buffer and returns how far; 0 at the end.
    ///   - path: for messages.
    ///   - byteLimit: of a line.
    ///   - problem: why the end came early, if it did.
    ///   - breaksOff: whether the end is none, and what there is of a last line is not to be had.
    init(
        _ take: @escaping (inout [UInt8]) -> Int, path: String, byteLimit: Int,
        problem: @escaping () -> CaptureError?, breaksOff: @escaping () -> Bool = { false }
    ) {
        self.breaksOff = breaksOff
        self.path = path
        self.byteLimit = byteLimit
        self.take = take
        self.problem = problem
    }

    /// The next line without its end; nil after the last.
    /// - Throws: `CaptureError`: `.badLine` when it is too long, `.inaccessible` when reading fails.
    func next() throws(CaptureError) -> [UInt8]? {
        var line: [UInt8] = []
        while true {
            if rest.isEmpty {
                rest = 0..<take(&buffer)
                if rest.isEmpty {
                    if let problem = problem() { throw problem }
                    if line.isEmpty || breaksOff() { return nil }
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
}
