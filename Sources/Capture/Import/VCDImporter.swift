import Line
import Trace

/// Value change dumps (IEEE 1364), as analysers and simulators write them: the edges of one wire or two.
///
/// ```
/// $timescale 1 us $end
/// $var wire 1 ! TX $end
/// $enddefinitions $end
/// #0 1!
/// #104 0!
/// ```
package enum VCDImporter: Importer {
    package static let name = "vcd"
    package static let summary = "value change dump of a wire or two; --baud, --format, --host-wire, --chip-wire"
    package static let uses: Set<ImportOption> = ImportOption.ofWires

    package static func recognises(_ head: [UInt8]) -> Bool {
        head.hasLine { $0.skip(behind: "$timescale") || $0.skip(behind: "$enddefinitions") }
    }

    package static func read(
        _ source: ImportSource, _ options: ImportOptions, into sink: ImportSink
    ) throws(CaptureError) {
        let lines = source.lines(byteLimit: 1_048_576)
        var dump = Dump(source.path, options, sink)
        while let line = try lines.next() {
            var start = 0
            while start < line.count {
                if isBlank(line[start]) {
                    start += 1
                    continue
                }
                var end = start + 1
                while end < line.count, !isBlank(line[end]) { end += 1 }
                try dump.take(line[start..<end], number: lines.number)
                start = end
            }
        }
        try dump.end()
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }
}

/// Where the reading of a dump is.
private struct Dump {
    private let path: String
    private let options: ImportOptions
    private let sink: ImportSink
    private var decoder: WireDecoder
    /// What `$end` ends, and the words in it.
    private var section: Section?
    private var words: [[UInt8]] = []
    private var wires: [(name: String, id: UInt64)] = []
    private var ids = Pair<UInt64?>(nil)
    private var isPastHeader = false
    /// A vector's or number's value stands before the name that it belongs to.
    private var value: UInt8?
    private var isValueWaiting = false
    private var unit = (multiplier: Int64(1000), divisor: Int64(1))
    private var now: Int64 = 0
    private var levels = Pair<Bool?>(nil)

    private enum Section {
        case timescale
        case variable
        case endOfDefinitions
        case other
    }

    private static let wireLimit = 4096

    init(_ path: String, _ options: ImportOptions, _ sink: ImportSink) {
        self.path = path
        self.options = options
        self.sink = sink
        decoder = WireDecoder(sink, options)
    }

    mutating func take(_ word: ArraySlice<UInt8>, number: Int) throws(CaptureError) {
        if section != nil { return try takeInSection(word, number) }
        let first = word[word.startIndex]
        let rest = word.dropFirst()
        if isValueWaiting {
            isValueWaiting = false
            if let value { try change(rest: word, to: value) }
            return
        }
        switch first {
        case UInt8(ascii: "$"): begin(word)
        case UInt8(ascii: "#"): try pass(rest, number)
        case UInt8(ascii: "0"), UInt8(ascii: "1"): try change(rest: rest, to: first)
        case UInt8(ascii: "b"), UInt8(ascii: "B"):
            // A wire that was declared as a vector of one bit.
            (isValueWaiting, value) = (true, rest.last)
        case UInt8(ascii: "r"), UInt8(ascii: "R"), UInt8(ascii: "s"), UInt8(ascii: "S"):
            (isValueWaiting, value) = (true, nil)
        case UInt8(ascii: "x"), UInt8(ascii: "X"), UInt8(ascii: "z"), UInt8(ascii: "Z"):
            // An unknown or floating wire keeps its level: a pull-up or the wire's own charge does.
            break
        default:
            // Before the header stands what a program says of itself: sigrok-cli on its standard output.
            if isPastHeader { sink.problem(at: "line \(number)", "is no value change") }
        }
    }

    private mutating func begin(_ word: ArraySlice<UInt8>) {
        words = []
        switch String(decoding: word, as: UTF8.self) {
        case "$timescale": section = .timescale
        case "$var": section = .variable
        case "$enddefinitions": section = .endOfDefinitions
        // These hold value changes, which are read as those elsewhere.
        case "$dumpvars", "$dumpall", "$dumpon", "$dumpoff", "$end": section = nil
        default: section = .other
        }
    }

    private mutating func takeInSection(_ word: ArraySlice<UInt8>, _ number: Int) throws(CaptureError) {
        guard word.elementsEqual("$end".utf8) else {
            if section != .other, words.count < 8 { words.append(Array(word.prefix(256))) }
            return
        }
        let ended = section
        section = nil
        switch ended {
        case .timescale: try setUnit(number)
        case .variable: try addWire(number)
        case .endOfDefinitions: try choose()
        default: break
        }
    }

    private mutating func setUnit(_ number: Int) throws(CaptureError) {
        var scanner = LineScanner(words.flatMap(\.self))
        let count = scanner.number() ?? 1
        let unit = String(decoding: scanner.line[scanner.position...], as: UTF8.self)
        let picoseconds: [String: Int64] = [
            "s": 1_000_000_000_000, "ms": 1_000_000_000, "us": 1_000_000, "ns": 1000, "ps": 1, "fs": 0,
        ]
        guard [1, 10, 100].contains(count), let multiplier = picoseconds[unit] else {
            throw CaptureError(
                .badLine, path: path, line: number, "has a timescale that is none", advice: "it looks like 1 us, 10 ns")
        }
        self.unit = unit == "fs" ? (Int64(count), 1000) : (Int64(count) * multiplier, 1)
    }

    /// `wire 1 ! TX`, with a range behind it or not.
    private mutating func addWire(_ number: Int) throws(CaptureError) {
        guard words.count >= 4 else { return sink.problem(at: "line \(number)", "declares a wire without a name") }
        guard words[1] == [0x31], let id = Self.id(words[2][...]) else { return }
        guard wires.count < Self.wireLimit else {
            throw CaptureError(
                .badLine, path: path, line: number, "has more than \(Self.wireLimit) wires",
                advice: "export the two serial ones")
        }
        wires.append((String(decoding: words[3], as: UTF8.self), id))
    }

    private mutating func choose() throws(CaptureError) {
        var roles = WireRoles(options, path: path)
        let places = try roles.places(in: wires.map(\.name), direction: options.direction)
        ids = Pair(
            hostToChip: places.hostToChip.map { wires[$0].id }, chipToHost: places.chipToHost.map { wires[$0].id })
        if let assumption = roles.assumption { sink.assume(assumption) }
        isPastHeader = true
    }

    private mutating func pass(_ digits: ArraySlice<UInt8>, _ number: Int) throws(CaptureError) {
        guard let count = Int64(String(decoding: digits, as: UTF8.self)), count >= 0 else {
            return sink.problem(at: "line \(number)", "has a time that is none")
        }
        let (product, overflow) = count.multipliedReportingOverflow(by: unit.multiplier)
        let time = product / unit.divisor
        guard !overflow, time < 4_000_000_000_000_000_000 else {
            throw CaptureError(
                .badLine, path: path, line: number, "is more than 46 days after the beginning",
                advice: "is the timescale right?")
        }
        guard time >= now else { return sink.problem(at: "line \(number)", "goes back in time") }
        now = time
    }

    private mutating func change(rest id: ArraySlice<UInt8>, to value: UInt8) throws(CaptureError) {
        guard value == UInt8(ascii: "0") || value == UInt8(ascii: "1"), let id = Self.id(id) else { return }
        let isHigh = value == UInt8(ascii: "1")
        for direction in Direction.allCases where ids[direction] == id && levels[direction] != isHigh {
            levels[direction] = isHigh
            try decoder.level(direction, isHigh: isHigh, at: now)
        }
    }

    mutating func end() throws(CaptureError) {
        guard isPastHeader else {
            throw CaptureError(
                .badLine, path: path, "has no $enddefinitions: it is no value change dump, or breaks off",
                advice: "export it again")
        }
        try decoder.end(at: now)
    }

    /// A wire's short name, of printing characters; nil for one of more than eight, which no dump of a few wires has.
    private static func id(_ name: ArraySlice<UInt8>) -> UInt64? {
        guard !name.isEmpty, name.count <= 8 else { return nil }
        return name.reduce(0) { $0 << 8 | UInt64($1) }
    }
}
