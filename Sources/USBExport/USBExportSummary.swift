package import Line
import Trace

/// What an export has written, and what of the trace it could not.
package struct USBExportSummary: Equatable, Sendable {
    /// Bytes that crossed the line, by direction.
    package internal(set) var byteCount = Pair(0)
    /// Rates that the host set and the adapter makes.
    package internal(set) var baudCount = 0
    /// Records of the capture.
    package internal(set) var recordCount = 0
    /// What no USB capture has, by kind.
    package private(set) var leftOut: [Remark] = []
    /// What this adapter cannot say, or says differently.
    package private(set) var shortfalls: [Remark] = []
    /// Shortfalls beyond those that are kept.
    package private(set) var moreShortfallCount = 0

    /// What is missing, and how often.
    package struct Remark: Hashable, Sendable {
        package var text: String
        package var count: Int
    }

    /// So many different shortfalls are kept.
    private static let mostShortfalls = 32

    mutating func leaveOut(_ kind: TraceEvent.Kind) {
        guard let text = Self.words(for: kind) else { return }
        if let index = leftOut.firstIndex(where: { $0.text == text }) {
            leftOut[index].count += 1
        } else {
            leftOut.append(Remark(text: text, count: 1))
        }
    }

    mutating func note(_ shortfall: Shortfall?) {
        guard let shortfall else { return }
        if let index = shortfalls.firstIndex(where: { $0.text == shortfall.text }) {
            // A trace may say any number.
            shortfalls[index].count += min(shortfall.count, Int.max - shortfalls[index].count)
        } else if shortfalls.count < Self.mostShortfalls {
            shortfalls.append(Remark(text: shortfall.text, count: shortfall.count))
        } else {
            moreShortfallCount += 1
        }
    }

    /// What kind of event it is, for one that is left out.
    private static func words(for kind: TraceEvent.Kind) -> String? {
        switch kind {
        case .session: "session description"
        case .baud: "rate at the chip's end"
        case .frameFormat: "frame format at the chip's end"
        case .receiveError: "receive error of the chip"
        case .power: "power change"
        case .loader: "program of the chip"
        case .clockAhead: "lead of the line's clock"
        case .difference: "difference at the chip's end"
        case .lost: "loss"
        case .garbled: "garbling"
        case .fault: "fault"
        case .note: "note"
        case .data, .portOpened, .portClosed, .flushed, .controlLines, .breakSent: nil
        }
    }
}

extension USBExportSummary {
    /// What was written, in a line.
    package func inWords(_ kind: USBExportKind) -> String {
        var parts = [
            "\(kind.name), \(byteCount.hostToChip) bytes host to chip, \(byteCount.chipToHost) chip to host"
        ]
        if baudCount > 0 { parts.append(baudCount == 1 ? "1 rate set" : "\(baudCount) rates set") }
        parts.append(recordCount == 1 ? "1 record" : "\(recordCount) records")
        return parts.joined(separator: ", ")
    }

    /// What is missing, a line each.
    package var remarks: [String] {
        var lines: [String] = []
        if !leftOut.isEmpty {
            let kinds = leftOut.map { "\($0.count) × \($0.text)" }
            lines.append("left out, for no USB capture has them: \(kinds.joined(separator: ", "))")
        }
        lines += shortfalls.map { "\($0.text)\($0.count == 1 ? "" : " (\($0.count) times)")" }
        if moreShortfallCount > 0 { lines.append("and \(moreShortfallCount) more of that kind") }
        return lines
    }
}
