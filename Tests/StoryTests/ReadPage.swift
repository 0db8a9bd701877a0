import Foundation
import Testing

/// A page as a reader sees it that knows nothing of the writer: elements found by their class, base64 by Foundation,
/// numbers of seven bits a byte.
struct ReadPage {
    struct Row: Equatable {
        var lane = 0
        var tone = 0
        var kind = ""
        var text = ""
        var end: Int64 = 0
        var start: Int64 = 0
        var drawn: Int64 = 0
        /// Of messages.
        var offset: Int64?
        var byteCount = 0
        var bytes: [UInt8] = []
        var meaning = ""
        var fields = ""
        var pitfall: String?
        var advice: String?
    }

    enum State: Equatable {
        case power(Int64, on: Bool)
        case baud(Int64, end: Int, rate: Int)
        case lines(Int64, Int)
        case loader(Int64, String)
        case difference(Int64, direction: Int, offset: Int, hostCount: Int, chipCount: Int, cause: String, [UInt8])
    }

    private(set) var rows: [Row] = []
    private(set) var states: [State] = []

    init(_ html: String) throws {
        let texts =
            try [""]
            + Self.blocks("texts", html).flatMap { block in
                try #require(JSONSerialization.jsonObject(with: Data(block.content.utf8)) as? [String])
            }
        let contents = try Self.blocks("bytes", html).map { try #require(Data(base64Encoded: $0.content)) }
        let (rowBlocks, stateBlocks) = (Self.blocks("rows", html), Self.blocks("states", html))
        try #require(rowBlocks.count == contents.count && stateBlocks.count == contents.count)
        var (last, places): (Int64, [Int64]) = (0, [0, 0])
        for (block, bytes) in zip(rowBlocks, contents) {
            var numbers = Numbers(try #require(Data(base64Encoded: block.content)))
            var taken = 0
            for _ in 0..<block.count {
                let head = numbers.next()
                var row = Row(lane: Int(head & 7), tone: Int(head >> 3 & 3))
                row.kind = texts[Int(numbers.next())]
                row.text = texts[Int(numbers.next())]
                row.meaning = texts[Int(numbers.next())]
                last &+= numbers.signed()
                (row.end, row.start, row.drawn) = (last, last, last)
                if head & 64 != 0 {
                    row.start = last &- numbers.signed()
                    row.drawn = last &- numbers.signed()
                    let offset = places[row.lane] + numbers.signed()
                    row.offset = offset
                    row.byteCount = Int(numbers.next())
                    places[row.lane] = offset + Int64(row.byteCount)
                    let kept = Int(numbers.next())
                    row.bytes = Array(bytes.dropFirst(taken).prefix(kept))
                    taken += kept
                    row.fields = texts[Int(numbers.next())]
                }
                if head & 32 != 0 {
                    row.pitfall = texts[Int(numbers.next())]
                    row.advice = texts[Int(numbers.next())]
                }
                rows.append(row)
            }
            #expect(numbers.isAtEnd && taken == bytes.count)
        }
        var time: Int64 = 0
        for block in stateBlocks {
            var numbers = Numbers(try #require(Data(base64Encoded: block.content)))
            for _ in 0..<block.count {
                let what = numbers.next()
                time &+= numbers.signed()
                switch what {
                case 0: states.append(.power(time, on: numbers.next() == 1))
                case 1:
                    let end = Int(numbers.next())
                    states.append(.baud(time, end: end, rate: Int(numbers.next())))
                case 2: states.append(.lines(time, Int(numbers.next())))
                case 3: states.append(.loader(time, texts[Int(numbers.next())]))
                default:
                    let fields = (0..<6).map { _ in Int(numbers.next()) }
                    let bytes = (0..<fields[5]).map { _ in numbers.byte() }
                    states.append(
                        .difference(
                            time, direction: fields[0], offset: fields[1], hostCount: fields[2], chipCount: fields[3],
                            cause: texts[fields[4]], bytes))
                }
            }
            #expect(numbers.isAtEnd)
        }
    }

    /// The contents of `<script … class="NAME" …>`, and how many there are in each.
    static func blocks(_ name: String, _ html: String) -> [(count: Int, content: String)] {
        html.components(separatedBy: "<script type=\"text/plain\" class=\"\(name)\"").dropFirst().map { piece in
            let head = piece.prefix { $0 != ">" }
            let count = Int(head.filter(\.isNumber)) ?? 0
            let content = piece.dropFirst(head.count + 1)
            return (count, String(content[..<(content.range(of: "</script>")?.lowerBound ?? content.endIndex)]))
        }
    }

    private struct Numbers {
        private var rest: [UInt8]

        init(_ data: Data) { rest = data.reversed() }

        var isAtEnd: Bool { rest.isEmpty }

        mutating func byte() -> UInt8 { rest.popLast() ?? 0 }

        mutating func next() -> UInt64 {
            var (value, shift): (UInt64, UInt64) = (0, 0)
            while let byte = rest.popLast() {
                value |= UInt64(byte & 0x7F) << shift
                shift += 7
                if byte < 0x80 { break }
            }
            return value
        }

        mutating func signed() -> Int64 {
            let value = next()
            return value % 2 == 0 ? Int64(value / 2) : -Int64(value / 2) - 1
        }
    }
}
