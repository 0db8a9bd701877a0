import Line

/// Where the page draws something that is told; its script has the same numbers.
enum PageLane: UInt8, CaseIterable {
    case host, chip, lines, baud, power, faults, notes

    init(_ direction: Direction) { self = direction == .hostToChip ? .host : .chip }

    /// - Parameter kind: a mark's.
    init(markOf kind: String) {
        self =
            switch kind {
            case "port", "flush", "lines", "break": .lines
            case "baud", "format": .baud
            case "power", "chip": .power
            case "fault", "differs", Mark.lostKind, "garbled", "error": .faults
            default: .notes
            }
    }
}
