import Line
import Telnet
import Testing

/// RFC 854 and RFC 855, byte by byte.
@Suite struct TelnetParserTests {
    private enum Seen: Hashable {
        case data([UInt8])
        case breakKey
        case negotiation(TelnetVerb, TelnetOption)
        case subnegotiation(TelnetOption, [UInt8])
    }

    private func elements(of bytes: [UInt8], pieces: () -> Int = { .max }) -> [Seen] {
        var parser = TelnetParser()
        var seen: [Seen] = []
        var rest = bytes[...]
        while !rest.isEmpty {
            let piece = Array(rest.prefix(pieces()))
            rest = rest.dropFirst(piece.count)
            var index = 0
            while let element = parser.next(in: piece.span, from: &index) {
                switch element {
                case .breakKey: seen.append(.breakKey)
                case .negotiation(let verb, let option): seen.append(.negotiation(verb, option))
                case .subnegotiation(let option): seen.append(.subnegotiation(option, parser.parameters))
                case .data:
                    if case .data(let before)? = seen.last {
                        seen[seen.count - 1] = .data(before + parser.data)
                    } else {
                        seen.append(.data(parser.data))
                    }
                }
            }
        }
        return seen
    }

    /// RFC 854: "the need to double the IAC"; the other 255 values pass as they are, a NUL behind a CR as well.
    @Test func dataIsItselfButForIAC() {
        let all = (0...255).map { UInt8($0) }
        #expect(elements(of: all + [255]) == [.data(all)])
        #expect(elements(of: [13, 0, 13, 10]) == [.data([13, 0, 13, 10])])
        #expect(elements(of: [255, 255, 255, 255, 1]) == [.data([255, 255, 1])])
    }

    /// RFC 854: WILL 251, WON'T 252, DO 253, DON'T 254, each with an option after it.
    @Test func negotiations() {
        let stream: [UInt8] = [1, 255, 251, 0, 255, 252, 3, 2, 255, 253, 44, 255, 254, 255, 3]
        #expect(
            elements(of: stream) == [
                .data([1]), .negotiation(.will, .binary), .negotiation(.wont, .suppressGoAhead), .data([2]),
                .negotiation(.do, .comPort), .negotiation(.dont, TelnetOption(255)), .data([3]),
            ])
    }

    /// RFC 854: NOP 241, DM 242, BRK 243, IP 244, AO 245, AYT 246, EC 247, EL 248, GA 249.
    @Test func commandsAreNoData() {
        let commands: [UInt8] = (241...249).flatMap { [255, $0] as [UInt8] }
        let stream = [7] + commands + [8]
        #expect(elements(of: stream) == [.data([7]), .breakKey, .data([8])])
    }

    /// RFC 855: IAC SB option parameters IAC SE, IAC doubled among the parameters.
    @Test func subnegotiations() {
        #expect(elements(of: comPort(1, 0, 0, 255, 0)) == [.subnegotiation(.comPort, [1, 0, 0, 255, 0])])
        #expect(elements(of: [255, 250, 24, 255, 240, 9]) == [.subnegotiation(TelnetOption(24), []), .data([9])])
        #expect(elements(of: [255, 240, 9]) == [.data([9])], "an end of nothing")
    }

    @Test func aSubnegotiationThatIsNotEndedIsLeftOut() {
        let stream: [UInt8] = [255, 250, 44, 1, 2, 255, 251, 0, 5]
        #expect(elements(of: stream) == [.negotiation(.will, .binary), .data([5])])
    }

    @Test func aSubnegotiationThatIsTooLongIsLeftOut() {
        let longest = [UInt8](repeating: 7, count: TelnetParser.mostParameters)
        #expect(elements(of: [255, 250, 44] + longest + [255, 240]) == [.subnegotiation(.comPort, longest)])
        #expect(
            elements(of: [255, 250, 44] + longest + [7, 255, 240, 1] + comPort(2)) == [
                .data([1]), .subnegotiation(.comPort, [2]),
            ])
    }

    /// A subnegotiation without end takes no memory.
    @Test func anEndlessOneIsNotKept() {
        var parser = TelnetParser()
        let filler = [UInt8](repeating: 9, count: 1 << 20)
        for piece in [[255, 250, 44]] + Array(repeating: filler, count: 8) {
            var index = 0
            #expect(parser.next(in: piece.span, from: &index) == nil)
            #expect(index == piece.count)
            #expect(parser.parameters.count <= TelnetParser.mostParameters)
        }
    }

    @Test func piecesDoNotMatter() {
        var generator = SplitMix64(seed: 1)
        for _ in 0..<2000 {
            let stream = StreamOfCommands.random(&generator)
            let whole = elements(of: stream)
            #expect(elements(of: stream, pieces: { 1 }) == whole)
            #expect(elements(of: stream, pieces: { 1 + Int(generator.next(below: 7)) }) == whole)
        }
    }
}

/// Bytes as only an enemy sends them, and now and then a whole command.
enum StreamOfCommands {
    private static let favourites: [UInt8] = [255, 255, 255, 250, 240, 44, 251, 253, 0, 1, 5, 12, 243, 8, 9, 65]

    static func random(_ generator: inout SplitMix64) -> [UInt8] {
        var bytes: [UInt8] = []
        for _ in 0..<Int(generator.next(below: 24)) {
            switch generator.next(below: 4) {
            case 0: bytes.append(UInt8(truncatingIfNeeded: generator.next()))
            case 1:
                let code = UInt8(generator.next(below: 14))
                let count = code == 1 ? Int(generator.next(below: 6)) : Int(generator.next(below: 3))
                let value = (0..<count).map { _ in UInt8(generator.next(below: 4) * 85) }
                bytes += [255, 250, 44, code] + value.flatMap { $0 == 255 ? [255, 255] : [$0] } + [255, 240]
            case 2: bytes += [255, 250, 44, 5, UInt8(generator.next(below: 24)), 255, 240]
            default: bytes.append(favourites[Int(generator.next(below: UInt64(favourites.count)))])
            }
        }
        return bytes
    }
}
