import Digests
import Testing

@Suite struct EmbeddedInflaterTests {
    /// The stream's end is found to the byte, whatever follows it and however it is cut.
    @Test(arguments: [1, 7, 64, 100_000])
    func theEndIsFound(piece: Int) {
        let contents = (0..<200_000).map { UInt8(truncatingIfNeeded: $0 &* 7 / 3) }
        let stream = RawDeflate.compress(contents, level: 6)
        let file = stream + [0x50, 0x4B, 7, 8, 1, 2, 3]
        var inflater = EmbeddedInflater()
        var output: [UInt8] = []
        var taken = 0
        while taken < file.count, inflater.status == .running {
            let input = Array(file[taken..<min(file.count, taken + piece)])
            var used = 0
            while used < input.count, inflater.status == .running {
                let before = output.count
                used += inflater.run(input, from: used, into: &output)
                #expect(output.count - before <= EmbeddedInflater.pieceByteCount)
            }
            taken += used
        }
        #expect(inflater.status == .ended && taken == stream.count && output == contents)
        #expect(inflater.run([1, 2], from: 0, into: &output) == 0)
    }

    @Test func whatIsNoStreamIsBad() {
        var inflater = EmbeddedInflater()
        var output: [UInt8] = []
        _ = inflater.run([0xFF, 0xFF, 0xFF], from: 0, into: &output)
        #expect(inflater.status == .bad && output.isEmpty)
    }
}
