import Digests
import Testing

/// gzip as RFC 1952 has it.
@Suite struct GzipTests {
    /// RFC 1952 §2.3 by hand: no flags, no time, one stored block (RFC 1951 §3.2.4) with "hi\n", CRC-32 and length.
    private static let hi: [UInt8] =
        [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3] + [0x01, 0x03, 0x00, 0xFC, 0xFF, 0x68, 0x69, 0x0A]
        + crc([0x68, 0x69, 0x0A]) + [3, 0, 0, 0]

    private static func crc(_ bytes: [UInt8]) -> [UInt8] {
        let sum = CRC32.of(bytes)
        return (0..<4).map { UInt8(truncatingIfNeeded: sum >> ($0 * 8)) }
    }

    /// Everything that comes before the trouble, and the trouble.
    private static func read(_ file: [UInt8], pieces: Int, upTo step: Int) -> (contents: [UInt8], GzipProblem?) {
        var reader = GzipReader()
        var contents: [UInt8] = []
        var position = 0
        while true {
            var part: [UInt8] = []
            do throws(GzipProblem) {
                try reader.read(into: &part, upTo: step) { input in
                    input = Array(file[position..<min(position + pieces, file.count)])
                    position += input.count
                }
            } catch {
                return (contents, error)
            }
            if part.isEmpty { return (contents, nil) }
            contents += part
        }
    }

    @Test func aFileByHand() throws {
        #expect(Gzip.begins(Self.hi) && !Gzip.begins([0x1F]) && !Gzip.begins([]))
        #expect(try Gzip.unpack(Self.hi, limit: 3) == Array("hi\n".utf8))
        #expect(throws: GzipProblem.tooLarge(limit: 2)) { try Gzip.unpack(Self.hi, limit: 2) }
        // Two members are one file, and zeros behind them are padding.
        #expect(try Gzip.unpack(Self.hi + Self.hi + [0, 0], limit: 9) == Array("hi\nhi\n".utf8))
        // Anything else behind a member is not.
        #expect(throws: GzipProblem.self) { try Gzip.unpack(Self.hi + [7], limit: 9) }
    }

    @Test(arguments: [1, 7, 100_000], [1, 4096, 1 << 20])
    func anyPiecesGiveTheSame(pieces: Int, step: Int) throws {
        let contents = (0..<20_000).map { UInt8(truncatingIfNeeded: $0 * $0 >> 5) }
        let (found, problem) = Self.read(Gzip.pack(contents), pieces: pieces, upTo: step)
        #expect(found == contents && problem == nil)
    }

    @Test func whereverItBreaksOff() {
        let contents = (0..<3000).map { UInt8(truncatingIfNeeded: $0 * $0 >> 3) }
        let file = Gzip.pack(contents)
        for count in stride(from: 0, to: file.count, by: 37) {
            let (found, problem) = Self.read(Array(file[..<count]), pieces: 64, upTo: 512)
            #expect(problem == .truncated(at: Int64(count)), "\(count)")
            #expect(contents.starts(with: found))
        }
        // All contents are there, and only the sums are missing.
        let (found, problem) = Self.read(Array(file.dropLast(8)), pieces: 64, upTo: 512)
        #expect(found == contents && problem == .truncated(at: Int64(file.count - 8)))
    }

    @Test func aWrongSumIsDamage() {
        var file = Self.hi
        file[18] ^= 1
        let (found, problem) = Self.read(file, pieces: 5, upTo: 2)
        #expect(found == Array("hi\n".utf8), "everything before it")
        guard case .damaged = problem else {
            Issue.record("\(problem as Any)")
            return
        }
    }

    /// A bomb: what it holds counts, not what it takes.
    @Test func aSmallFileThatHoldsMuch() {
        let bomb = Gzip.pack([UInt8](repeating: 0, count: 8 << 20), level: 9)
        #expect(bomb.count < 10_000)
        #expect(throws: GzipProblem.tooLarge(limit: 100_000)) { try Gzip.unpack(bomb, limit: 100_000) }
    }

    @Test func messages() {
        #expect("\(GzipProblem.damaged(at: 9))" == "the gzip data are damaged, at or before byte 9 of the file")
        #expect("\(GzipProblem.truncated(at: 9))" == "the gzip data break off at byte 9, the end of the file")
        #expect("\(GzipProblem.tooLarge(limit: 9))" == "the gzip file holds more than the 9 bytes allowed here")
    }
}
