import Capture
import Line
import Trace
import Words

/// A session of the repository as the texts of other programs would have it; written here for tests, by the formats' own
/// rules and not the importers'.
struct RecordedSession {
    /// What crossed the line, and the rates that were set, in the order of time.
    private(set) var events: [TraceEvent] = []

    /// - Parameter byteLimit: of it, from its beginning.
    init(_ name: String, byteLimit: Int) throws {
        var count = 0
        for event in try TraceReader(opening: packageFolder + "traces/\(name).pcap").events() where count < byteLimit {
            switch event.kind {
            case .data(_, let bytes) where !bytes.isEmpty:
                count += bytes.count
                events.append(event)
            case .baud(.host, _): events.append(event)
            default: break
            }
        }
    }

    /// Bytes by direction, as they took turns.
    static func turns(_ events: [TraceEvent]) -> [(direction: Direction, bytes: [UInt8])] {
        var turns: [(direction: Direction, bytes: [UInt8])] = []
        for case .data(let direction, let bytes) in events.map(\.kind) {
            if turns.last?.direction == direction {
                turns[turns.count - 1].bytes += bytes
            } else {
                turns.append((direction, bytes))
            }
        }
        return turns
    }

    static func bauds(_ events: [TraceEvent]) -> [UInt32] {
        events.compactMap { if case .baud(_, let rate) = $0.kind { rate } else { nil } }
    }

    private var blocks: [(microseconds: Int64, direction: Direction, bytes: [UInt8])] {
        events.compactMap { event in
            guard case .data(let direction, let bytes) = event.kind else { return nil }
            return (event.time.nanoseconds / 1000, direction, bytes)
        }
    }

    // MARK: texts

    func socat(isVerbose: Bool) -> String {
        var text = ""
        var offset = Pair(0)
        for (time, direction, bytes) in blocks {
            text += direction == .hostToChip ? "> " : "< "
            text += "\(Self.clock(time, "/")).000\(Self.six(time % 1_000_000))  length=\(bytes.count) "
            text += "from=\(offset[direction]) to=\(offset[direction] + bytes.count - 1)\n"
            offset[direction] += bytes.count
            if isVerbose {
                for row in Self.rows(bytes) { text += " \(hexBytes(row).lowercased())   ..|.#>\n" }
                text += "--\n"
            } else {
                text += " \(hexBytes(bytes).lowercased())\n"
            }
        }
        return text
    }

    func jsonLines() -> String {
        blocks.map { time, direction, bytes in
            "{\"t\": \(time / 1_000_000).\(Self.six(time % 1_000_000)), \"dir\": \"\(direction.name)\", "
                + "\"baud\": 115200, \"hex\": \"\(hexBytes(bytes).filter { $0 != " " })\"}\n"
        }.joined()
    }

    func stc() -> String {
        var text = ""
        for (time, direction, bytes) in blocks {
            text += "\(Self.clock(time, "-")).\(Self.six(time % 1_000_000)): "
            text += direction == .hostToChip ? "host2mcu\n" : "mcu2host\n"
            for row in Self.rows(bytes) { text += "  \(hexBytes(row))\n" }
        }
        return text
    }

    func esptool() -> String {
        var text = "esptool.py v4.7.0\n"
        var last: Int64 = 0
        for event in events {
            switch event.kind {
            case .baud(_, let rate): text += "Changing baud rate to \(rate)\nChanged.\n"
            case .data(let direction, let bytes):
                let time = event.time.nanoseconds / 1_000_000
                let delta = Self.six(time - last).dropFirst(3)
                text += "TRACE +\((time - last) / 1000).\(delta) "
                last = time
                text += "\(direction == .hostToChip ? "Write" : "Read") \(bytes.count) bytes: "
                let hex = hexBytes(bytes).lowercased().replacing(" ", with: "")
                if bytes.count <= 16 {
                    text += hex + "\n"
                } else {
                    text += "\n"
                    for row in Self.rows(bytes) {
                        let hex = hexBytes(row).lowercased().replacing(" ", with: "")
                        text += "    \(hex.prefix(16)) \(hex.dropFirst(16)) | TRACE +0.1 Read\n"
                    }
                }
            default: break
            }
        }
        return text
    }

    func saleae(baud: Int64) -> String {
        var text = "name,type,start_time,duration,data,error\n"
        forEachTurn(baud: baud) { bytes, direction, start in
            var start = start
            for byte in bytes {
                let nanoseconds = start / 1000
                let fraction = String(1_000_000_000 + nanoseconds % 1_000_000_000).dropFirst()
                text += "\(direction == .hostToChip ? "TX" : "RX"),data,\(nanoseconds / 1_000_000_000).\(fraction),"
                text += "\(10_000_000 / baud).0e-06,0x\(hexBytes([byte])),\n"
                start += 10_000_000_000_000 / baud
            }
        }
        return text
    }

    func wave(baud: Int64) -> Waveform {
        var wave = Waveform(baud: baud)
        forEachTurn(baud: baud) { bytes, direction, start in wave.send(bytes, direction, at: start) }
        return wave
    }

    /// Blocks at one rate, none before the last is over. - Parameter body: is given picoseconds.
    private func forEachTurn(baud: Int64, _ body: ([UInt8], Direction, Int64) -> Void) {
        let bit = 1_000_000_000_000 / baud
        var free = bit
        for (_, direction, bytes) in blocks {
            body(bytes, direction, free)
            free += Int64(bytes.count) * 10 * bit + 3 * bit
        }
    }

    private static func rows(_ bytes: [UInt8]) -> [ArraySlice<UInt8>] {
        stride(from: 0, to: bytes.count, by: 16).map { bytes[$0..<min(bytes.count, $0 + 16)] }
    }

    private static func clock(_ microseconds: Int64, _ separator: String) -> String {
        let seconds = microseconds / 1_000_000
        func two(_ value: Int64) -> String { (value < 10 ? "0" : "") + String(value) }
        return "2013\(separator)05\(separator)01 12:\(two(seconds / 60)):\(two(seconds % 60))"
    }

    private static func six(_ value: Int64) -> String { String(String(1_000_000 + value % 1_000_000).dropFirst()) }
}
