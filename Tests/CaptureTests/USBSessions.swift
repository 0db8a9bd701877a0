import Line
import Trace

/// One session with each adapter, as its driver makes it (trace formats §B.6).
enum USBSession: String, CaseIterable {
    case ch340, ch340Vendor, cp210x, ftdi, pl2303, cdc

    static let answer = (0..<300).map { UInt8(truncatingIfNeeded: $0 &* 11 &+ 3) }

    /// Opens the port, sets 115200 8N1 and both lines, drops RTS, sends "cnys", reads 01, goes to 921600, reads more.
    func write(into capture: inout USBCapture, enumerates: Bool = true) {
        switch self {
        case .ch340, .ch340Vendor:
            if enumerates {
                capture.enumerate(
                    0x1A86, 0x7523, [(0, 0xFF, 1, [(0x82, 2, 32), (0x02, 2, 32), (0x81, 3, 8)])])
            }
            capture.controlOut(0x40, 0xA1)
            if self == .ch340 {
                capture.controlOut(0x40, 0x9A, 0x1312, 0xCC83)
                capture.controlOut(0x40, 0x9A, 0x2518, 0x00C3)
            } else {
                capture.controlOut(0x40, 0xA1, 0xC39C, 0xCC8B)
            }
            capture.controlOut(0x40, 0xA4, 0xFF9F)
            capture.controlOut(0x40, 0xA4, 0xFFDF)
            capture.bulkOut(0x02, Array("cnys".utf8))
            capture.bulkIn(0x82, [1])
            if self == .ch340 {
                capture.controlOut(0x40, 0x9A, 0x1312, 0xF387)
            } else {
                capture.controlOut(0x40, 0xA1, 0xC39C, 0xF38F)
            }
            for start in stride(from: 0, to: 300, by: 32) {
                capture.bulkIn(0x82, Array(Self.answer[start..<min(300, start + 32)]))
            }
        case .cp210x:
            if enumerates {
                capture.enumerate(0x10C4, 0xEA60, [(0, 0xFF, 0, [(0x81, 2, 64), (0x01, 2, 64)])])
            }
            capture.controlOut(0x41, 0x00, 1)
            capture.controlOut(0x41, 0x1E, 0, 0, [0x00, 0xC2, 0x01, 0x00])
            capture.controlOut(0x41, 0x03, 0x0800)
            capture.controlOut(0x41, 0x07, 0x0303)
            capture.controlOut(0x41, 0x07, 0x0200)
            capture.bulkOut(0x01, Array("cnys".utf8))
            capture.bulkIn(0x81, [1])
            capture.controlOut(0x41, 0x1E, 0, 0, [0x00, 0x10, 0x0E, 0x00])
            capture.bulkIn(0x81, Self.answer)
            capture.controlOut(0x41, 0x00, 0)
        case .ftdi:
            if enumerates {
                capture.enumerate(0x0403, 0x6001, [(0, 0xFF, 0xFF, [(0x81, 2, 64), (0x02, 2, 64)])])
            }
            capture.controlOut(0x40, 0x09, 16)
            capture.controlOut(0x40, 0x03, 0x001A)
            capture.controlOut(0x40, 0x04, 0x0008)
            capture.controlOut(0x40, 0x01, 0x0303)
            capture.controlOut(0x40, 0x01, 0x0200)
            for _ in 0..<5 { capture.bulkIn(0x81, [0x01, 0x60]) }
            capture.bulkOut(0x02, Array("cnys".utf8))
            capture.bulkIn(0x81, [0x01, 0x60, 1])
            capture.controlOut(0x40, 0x03, 0x8003)
            var transfer: [UInt8] = []
            for start in stride(from: 0, to: 300, by: 62) {
                transfer += [0x01, 0x60] + Self.answer[start..<min(300, start + 62)]
            }
            capture.bulkIn(0x81, transfer)
        case .pl2303:
            if enumerates {
                capture.enumerate(
                    0x067B, 0x2303, release: 0x0300, [(0, 0xFF, 0, [(0x81, 3, 10), (0x02, 2, 64), (0x83, 2, 64)])])
            }
            capture.controlOut(0x40, 0x01, 0x0404, 0)
            writeLineCoding(into: &capture, out: 0x02, in: 0x83)
        case .cdc:
            if enumerates {
                capture.enumerate(
                    0x303A, 0x1001,
                    [(0, 2, 2, [(0x82, 3, 64)]), (1, 0x0A, 0, [(0x01, 2, 64), (0x81, 2, 64)])])
            }
            writeLineCoding(into: &capture, out: 0x01, in: 0x81)
        }
    }

    private func writeLineCoding(into capture: inout USBCapture, out: UInt8, in bulkIn: UInt8) {
        capture.controlOut(0x21, 0x20, 0, 0, [0x00, 0xC2, 0x01, 0x00, 0, 0, 8])
        capture.controlOut(0x21, 0x22, 3)
        capture.controlOut(0x21, 0x22, 1)
        capture.bulkOut(out, Array("cnys".utf8))
        capture.bulkIn(bulkIn, [1])
        capture.controlOut(0x21, 0x20, 0, 0, [0x00, 0x10, 0x0E, 0x00, 0, 0, 8])
        capture.bulkIn(bulkIn, Self.answer)
    }

    var title: String {
        switch self {
        case .ch340, .ch340Vendor: "CH340/CH341"
        case .cp210x: "CP210x"
        case .ftdi: "FTDI"
        case .pl2303: "PL2303"
        case .cdc: "CDC-ACM"
        }
    }

    /// What the trace has: data joined, for the boundary between two records means nothing.
    var expected: [TraceEvent.Kind] {
        // The CH340's driver writes rate and format in either order.
        let rate: [TraceEvent.Kind] = [.baud(.host, bitsPerSecond: 115_200), .frameFormat(.host, .eightNone1)]
        let both: ControlLines = [.dataTerminalReady, .requestToSend]
        let body: [TraceEvent.Kind] =
            (self == .ch340Vendor ? rate.reversed() : rate) + [
                .controlLines(both), .controlLines(.dataTerminalReady), .data(.hostToChip, Array("cnys".utf8)),
                .data(.chipToHost, [1]), .baud(.host, bitsPerSecond: 921_600), .data(.chipToHost, Self.answer),
            ]
        switch self {
        case .cp210x: return [.portOpened] + body + [.portClosed]
        case .ftdi: return [.note("the adapter's latency timer is 16 ms")] + body
        default: return body
        }
    }
}

extension [TraceEvent] {
    /// What happened, runs of one direction joined.
    var joined: [TraceEvent.Kind] {
        var kinds: [TraceEvent.Kind] = []
        for event in self {
            if case .data(let direction, let bytes) = event.kind, case .data(direction, let before)? = kinds.last {
                kinds[kinds.count - 1] = .data(direction, before + bytes)
            } else {
                kinds.append(event.kind)
            }
        }
        return kinds
    }
}
