import Comparison
import Line
import TestForms
import Trace
import Wire

/// A made-up recording: messages one after the other, 1 ms apart.
struct Recording {
    private(set) var events: [TraceEvent] = []
    private var now: Int64 = 0

    mutating func add(_ kind: TraceEvent.Kind) {
        now += 1_000_000
        events.append(TraceEvent(Instant(nanoseconds: now), kind))
    }

    mutating func host(_ bytes: [UInt8]...) { bytes.forEach { add(.data(.hostToChip, $0)) } }
    mutating func chip(_ bytes: [UInt8]...) { bytes.forEach { add(.data(.chipToHost, $0)) } }
    mutating func text(_ text: String) { chip(Array(text.utf8)) }

    mutating func wait(milliseconds: Int64) { now += milliseconds * 1_000_000 }

    /// "cnys" (ECR6600 facts §1.4).
    static let sync: [UInt8] = [0x63, 0x6E, 0x79, 0x73]
    /// FLASH ID and what a GD25Q16E says (ECR6600 facts §10, §5).
    static let flashID: [UInt8] = [0xA5, 0x90, 0x00, 0x00, 0x35]
    static let flashIDAnswer: [UInt8] = [0x5A, 0x90, 0x04, 0x00, 0xC8, 0x40, 0x15, 0x00, 0x00, 0x0B]
    /// CHIP ERASE, RUN and their answers, and that of BAUD (ECR6600 facts §4.2).
    static let chipErase: [UInt8] = [0xA5, 0x05, 0x00, 0x00, 0xAA]
    static let chipErased: [UInt8] = [0x5A, 0x05, 0x00, 0x00, 0x00, 0x5F]
    static let run: [UInt8] = [0xA5, 0x06, 0x00, 0x00, 0xAB]
    static let running: [UInt8] = [0x5A, 0x06, 0x00, 0x00, 0x00, 0x60]
    static let erased: [UInt8] = [0x5A, 0x04, 0x00, 0x00, 0x00, 0x5E]
    static let eraseOutOfRange: [UInt8] = [0x5A, 0x04, 0x00, 0x00, 0x02, 0x60]
    static let ack: [UInt8] = [0x06]
    static let nak: [UInt8] = [0x15]
    static let eot: [UInt8] = [0x04]

    /// A frame with its sum (ECR6600 facts §4).
    static func frame(_ bytes: [UInt8]) -> [UInt8] { bytes + [sum8(bytes.span)] }

    static func erase(_ address: UInt32, _ length: UInt32) -> [UInt8] {
        frame([0xA5, 0x04, 0x08, 0x00] + little(address) + little(length))
    }

    static func hash(_ address: UInt32, _ length: UInt32) -> [UInt8] {
        frame([0xA5, 0x09, 0x08, 0x00] + little(address) + little(length))
    }

    private static func little(_ number: UInt32) -> [UInt8] {
        (0..<4).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
    }

    /// Block `number` of contents that no other has.
    static func block(_ number: UInt8, changing changes: [Int: UInt8] = [:]) -> [UInt8] {
        var data = pattern(1024, seed: Int(number))
        for (place, byte) in changes { data[place] = byte }
        var bytes: [UInt8] = []
        XMODEM.appendBlock(number: number, data: data.span, to: &bytes)
        return bytes
    }

    /// XMODEM write of 91, its answer and `C` (ECR6600 facts §10).
    mutating func beginWrite(_ address: UInt32 = 0x8000, _ length: UInt32 = 8192) {
        host(Self.frame([0xA5, 0x91, 0x08, 0x00] + Self.little(address) + Self.little(length)))
        chip([0x5A, 0x91, 0x00, 0x00, 0x00, 0xEB], [0x43])
    }

    /// Blocks with their ACKs.
    mutating func write(_ numbers: some Sequence<Int>) {
        for number in numbers {
            host(Self.block(UInt8(number)))
            chip(Self.ack)
        }
    }
}

/// A finding without its times, for comparison: which step, in words.
func words(_ findings: [Finding]) -> [String] {
    findings.compactMap { finding in
        switch finding {
        case .same: nil
        case .late(let a, _, let place, let duration): "late \(a.description) \(place) \(duration)"
        case .only(let side, let step): "\(side == .a ? "-" : "+") \(step.description)"
        case .changed(let a, let b): "~ \(a.description) | \(b.description)"
        case .gaveUp: "gave up"
        }
    }
}

extension TraceComparison {
    /// What differs, in words.
    func differences(_ a: [TraceEvent], _ b: [TraceEvent]) -> [String] { words(findings(a, b)) }

    func outcome(_ a: [TraceEvent], _ b: [TraceEvent]) -> ComparisonTally.Outcome {
        var tally = ComparisonTally()
        findings(a, b).forEach { tally.count($0) }
        return tally.outcome
    }
}

/// Each byte a record of its own.
func rechunked(_ events: [TraceEvent], _ size: (Int) -> Int = { _ in 1 }) -> [TraceEvent] {
    var number = 0
    return events.flatMap { event -> [TraceEvent] in
        guard case .data(let direction, let bytes) = event.kind else { return [event] }
        var cut: [TraceEvent] = []
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = max(1, size(number))
            number += 1
            cut.append(TraceEvent(event.time, .data(direction, Array(rest.prefix(count)))))
            rest = rest.dropFirst(count)
        }
        return cut
    }
}
