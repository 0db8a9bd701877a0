import Line
import Trace
import Words

/// The table that Saleae's Logic 2 exports of its serial analysers, one analyser a wire:
///
/// ```
/// name,type,start_time,duration,data,error
/// "TX","data",0.002391,8.68e-05,0x63,
/// ```
/// The columns are found by their names. Times are seconds since the trigger, or dates (ISO 8601).
package enum SaleaeImporter: Importer {
    package static let name = "saleae"
    package static let summary = "a table that Saleae Logic 2 exports (CSV) of a serial analyser for each wire"
    package static let uses: Set<ImportOption> = [.baud, .direction, .hostWire, .chipWire]

    package static func recognises(_ head: [UInt8]) -> Bool {
        let line = head.prefix { $0 != 0x0A }
        return line.count < 4096 && Columns(fields(of: Array(line))) != nil
    }

    package static func read(
        _ source: ImportSource, _ options: ImportOptions, into sink: ImportSink
    ) throws(CaptureError) {
        let lines = source.lines(byteLimit: 65_536)
        guard let columns = Columns(fields(of: try lines.next() ?? [])) else {
            throw CaptureError(
                .badLine, path: source.path, line: 1, "names no columns name, type, start_time, duration and data",
                advice: "export the table of the serial analysers from Logic 2")
        }
        var table = Table(columns: columns, options: options, path: source.path, sink: sink)
        while let line = try lines.next() {
            if line.allSatisfy({ $0 == 0x20 || $0 == 0x0D }) { continue }
            try table.take(fields(of: line), number: lines.number)
        }
        try table.end()
    }

    /// The fields of a line; a quoted one may have commas and doubled quotation marks.
    fileprivate static func fields(of line: [UInt8]) -> [[UInt8]] {
        var fields: [[UInt8]] = [[]]
        var isQuoted = false
        var index = 0
        while index < line.count {
            let byte = line[index]
            if byte == UInt8(ascii: "\"") {
                if isQuoted, index + 1 < line.count, line[index + 1] == byte {
                    fields[fields.count - 1].append(byte)
                    index += 1
                } else {
                    isQuoted.toggle()
                }
            } else if byte == UInt8(ascii: ","), !isQuoted {
                fields.append([])
            } else if byte != 0x0D {
                fields[fields.count - 1].append(byte)
            }
            index += 1
        }
        return fields
    }

    /// Where the columns are.
    fileprivate struct Columns {
        var name: Int
        var type: Int
        var start: Int
        var duration: Int
        var data: Int
        var error: Int?

        init?(_ fields: [[UInt8]]) {
            let names = fields.map { String(decoding: $0, as: UTF8.self) }
            guard let name = names.firstIndex(of: "name"), let type = names.firstIndex(of: "type"),
                let start = names.firstIndex(of: "start_time"), let duration = names.firstIndex(of: "duration"),
                let data = names.firstIndex(of: "data")
            else { return nil }
            (self.name, self.type, self.start, self.duration, self.data) = (name, type, start, duration, data)
            error = names.firstIndex(of: "error")
        }

        /// Fields that a row must have.
        var count: Int { max(name, type, start, duration, data) + 1 }
    }
}

/// Where the reading of a table is.
private struct Table {
    let columns: SaleaeImporter.Columns
    let path: String
    let sink: ImportSink
    let baud: UInt32?
    let onlyDirection: Direction?
    private var roles: WireRoles
    private var runs: CharacterRuns
    private var passedOver: [String] = []
    private var epoch: Int64 = 0
    /// Times before the trigger are negative: the first row's is the session's beginning then.
    private var origin: Int64 = 0

    init(columns: SaleaeImporter.Columns, options: ImportOptions, path: String, sink: ImportSink) {
        self.columns = columns
        self.path = path
        self.sink = sink
        baud = options.baud
        // With a single analyser it may be said so.
        onlyDirection = options.hostWire == nil && options.chipWire == nil ? options.direction : nil
        roles = WireRoles(options, path: path)
        runs = CharacterRuns(sink)
    }

    mutating func take(_ fields: [[UInt8]], number: Int) throws(CaptureError) {
        let place = "line \(number)"
        guard fields.count >= columns.count else { return sink.problem(at: place, "has fewer columns than the first") }
        guard fields[columns.type] == Array("data".utf8) else { return }
        let name = String(decoding: fields[columns.name], as: UTF8.self)
        var direction = try roles.direction(of: name)
        if direction == nil { direction = onlyDirection }
        guard let direction else {
            if passedOver.count < 32, !passedOver.contains(name) { passedOver.append(name) }
            return
        }
        guard let time = time(fields[columns.start]) else { return sink.problem(at: place, "has no time") }
        var duration = LineScanner(fields[columns.duration])
        guard let length = duration.billionths(), (0...1_000_000_000).contains(length) else {
            return sink.problem(at: place, "has no duration, or one beyond a second")
        }
        guard let byte = byte(fields[columns.data]) else {
            let text = String(decoding: fields[columns.data].prefix(80), as: UTF8.self)
            return sink.problem(at: place, "\(quotedExcerpt(text)) is no byte: export hexadecimal or decimal numbers")
        }
        if !sink.hasBegun {
            (epoch, origin) = time.isDate ? (time.nanoseconds, time.nanoseconds) : (0, min(0, time.nanoseconds))
            try sink.begin(clock: .line, epoch: epoch, baud: baud)
        }
        let start = time.nanoseconds - origin
        try runs.append(byte, direction, from: start, to: start + length, errors: errors(fields, place))
    }

    mutating func end() throws(CaptureError) {
        try runs.flush()
        guard sink.hasBegun else {
            if passedOver.isEmpty { return }
            throw roles.unknown(passedOver)
        }
        if let assumption = roles.assumption { sink.assume(assumption) }
        if !passedOver.isEmpty {
            sink.problem(
                at: "the table",
                "nobody's wires are passed over: \(passedOver.map(quotedExcerpt).joined(separator: ", "))")
        }
    }

    private func time(_ field: [UInt8]) -> (nanoseconds: Int64, isDate: Bool)? {
        var scanner = LineScanner(field)
        if let time = WallTime(&scanner) {
            // A zone's offset, if there is one.
            var offset: Int64 = 0
            let isEast = scanner.accept("+")
            if isEast || scanner.accept("-"), let hours = scanner.digits(), hours.count == 2, scanner.accept(":"),
                let minutes = scanner.digits(), minutes.count == 2
            {
                offset = Int64(hours.value * 60 + minutes.value) * 60_000_000_000 * (isEast ? 1 : -1)
            }
            return (time.nanoseconds - offset, true)
        }
        guard let nanoseconds = scanner.billionths(), scanner.isAtEnd,
            nanoseconds.magnitude < TextLimits.nanoseconds.magnitude
        else { return nil }
        return (nanoseconds, false)
    }

    /// `0x63`, `0b01100011` or `99`.
    private func byte(_ field: [UInt8]) -> UInt8? {
        let text = String(decoding: field.prefix(80), as: UTF8.self)
        if text.hasPrefix("0x") || text.hasPrefix("0X") { return UInt8(text.dropFirst(2), radix: 16) }
        if text.hasPrefix("0b") { return UInt8(text.dropFirst(2), radix: 2) }
        return UInt8(text)
    }

    /// What the analyser says is wrong with the character; a word that is not known is a problem.
    private func errors(_ fields: [[UInt8]], _ place: String) -> [ReceiveError] {
        guard let column = columns.error, column < fields.count, !fields[column].isEmpty else { return [] }
        let text = String(decoding: fields[column].prefix(80), as: UTF8.self)
        var errors: [ReceiveError] = []
        if text.lowercased().contains("framing") { errors.append(.framing) }
        if text.lowercased().contains("parity") { errors.append(.parity) }
        if errors.isEmpty { sink.problem(at: place, "has an error that is not known here: \(quotedExcerpt(text))") }
        return errors
    }
}
