package import Line
package import Trace
import Wire

/// Both wires of a session as a logic analyser would see them at the host's connector: a value change dump (IEEE 1364
/// §18), 8N1, at the rates of the trace.
///
/// A trace has one moment for a run of bytes, that of its last. The run is drawn before it, without gaps, as late as its
/// predecessor lets it: exact for the line's clock, a reconstruction for others.
package struct Waveform {
    /// Names of what is drawn, and their marks in the file. Lines are 1 while asserted, whatever their voltage.
    private enum Signal: String, CaseIterable {
        case hostTransmits = "!"
        case chipTransmits = "\""
        case power = "#"
        case dataTerminalReady = "$"
        case requestToSend = "%"

        var name: String {
            switch self {
            case .hostTransmits: "host_tx"
            case .chipTransmits: "chip_tx"
            case .power: "power"
            case .dataTerminalReady: "dtr_asserted"
            case .requestToSend: "rts_asserted"
            }
        }
    }

    private var origin: Int64?
    private var last: Int64 = 0
    private var wires = Pair(DrawnWire())
    private var rates = Pair(hostToChip: 0, chipToHost: 0)
    private var changes = Queue<(time: Int64, text: String)>()
    /// The slowest rate so far: no run that is still to come began longer ago than its longest run takes.
    private var slowest = BootProtocol.baud
    private var written: Int64 = -1

    package init() {}

    /// What the file begins with.
    package static var head: String {
        let variables = Signal.allCases.map { "$var wire 1 \($0.rawValue) \($0.name) $end\n" }.joined()
        return "$version solderless $end\n$timescale 1 ns $end\n$scope module line $end\n\(variables)"
            + "$upscope $end\n$enddefinitions $end\n#0\n$dumpvars\n"
            + "1!\n1\"\nx#\n0$\n0%\n$end\n"
    }

    /// Takes a run of bytes. - Returns: what is certain by now.
    package mutating func data(_ bytes: Span<UInt8>, _ direction: Direction, at time: Instant) -> String {
        let now = begin(time)
        let known = rates[direction] > 0 ? rates[direction] : rates[direction.opposite]
        wires[direction].append(
            bytes.withUnsafeBufferPointer(Array.init), at: known > 0 ? known : BootProtocol.baud, endingBy: now)
        return edges(by: now)
    }

    /// Takes anything else. - Returns: what is certain by now.
    package mutating func note(_ event: TraceEvent) -> String {
        if case .session = event.kind { return "" }
        let now = begin(event.time)
        switch event.kind {
        case .baud(let end, let rate) where rate > 0:
            rates[end == .host ? .hostToChip : .chipToHost] = Int(rate)
            slowest = min(slowest, Int(rate))
        case .power(let isOn): change(.power, isOn, now)
        case .controlLines(let lines):
            change(.dataTerminalReady, lines.contains(.dataTerminalReady), now)
            change(.requestToSend, lines.contains(.requestToSend), now)
        default: break
        }
        return edges(by: now)
    }

    /// All that is left.
    package mutating func finish() -> String { edges(upTo: .max) + "#\(max(written, last))\n" }

    private mutating func begin(_ time: Instant) -> Int64 {
        let start = origin ?? time.nanoseconds
        origin = start
        last = max(last, time.nanoseconds - start)
        return last
    }

    private mutating func change(_ signal: Signal, _ isOn: Bool, _ time: Int64) {
        changes.append((time, "\(isOn ? 1 : 0)\(signal.rawValue)"))
    }

    private mutating func edges(by now: Int64) -> String {
        let longest = Int64(TraceEncoder.dataByteLimit) * DrawnWire.bitCount * 1_000_000_000 / Int64(slowest)
        let certain = Direction.allCases.map { max(wires[$0].end, now - longest) }.min() ?? now
        return edges(upTo: min(now, certain))
    }

    /// Every change before a moment, in the order of time.
    private mutating func edges(upTo limit: Int64) -> String {
        var text = ""
        while true {
            let host = wires.hostToChip.edge ?? .max
            let chip = wires.chipToHost.edge ?? .max
            let other = changes.first?.time ?? .max
            let next = min(host, chip, other)
            guard next < limit, next < .max else { return text }
            if next > written { text += "#\(next)\n" }
            written = next
            if next == host {
                text += wires.hostToChip.take() ? "1!\n" : "0!\n"
            } else if next == chip {
                text += wires.chipToHost.take() ? "1\"\n" : "0\"\n"
            } else {
                text += changes.removeFirst().text + "\n"
            }
        }
    }
}

/// One wire: runs of characters that are still to be drawn.
private struct DrawnWire {
    /// Start, eight data bits, stop.
    static let bitCount: Int64 = 10

    private struct Run {
        var start: Int64
        var rate: Int64
        var bytes: [UInt8]
    }

    private var runs = Queue<Run>()
    private var bit: Int64 = 0
    private var isHigh = true
    /// When the last character's stop bit ends.
    private(set) var end: Int64 = 0
    /// When the level next changes; nil when it does not.
    private(set) var edge: Int64?

    mutating func append(_ bytes: [UInt8], at rate: Int, endingBy time: Int64) {
        guard !bytes.isEmpty else { return }
        let duration = Int64(bytes.count) * Self.bitCount * 1_000_000_000 / Int64(rate)
        let start = max(end, time - duration)
        end = start + duration
        runs.append(Run(start: start, rate: Int64(rate), bytes: bytes))
        if edge == nil { findEdge() }
    }

    /// Passes the edge. - Returns: the level behind it.
    mutating func take() -> Bool {
        isHigh.toggle()
        findEdge()
        return isHigh
    }

    private mutating func findEdge() {
        edge = nil
        while let run = runs.first {
            let bits = Int64(run.bytes.count) * Self.bitCount
            while bit < bits {
                let byte = run.bytes[Int(bit / Self.bitCount)]
                let place = bit % Self.bitCount
                let level = place == 0 ? false : place == Self.bitCount - 1 ? true : byte >> UInt8(place - 1) & 1 == 1
                if level != isHigh {
                    edge = run.start + bit * 1_000_000_000 / run.rate
                    return
                }
                bit += 1
            }
            bit = 0
            _ = runs.removeFirst()
        }
    }
}
