import Words

/// What the built-in flasher is doing, and what it said last.
struct FlasherState: Sendable {
    var order: FlasherOrder?
    private(set) var lines: [String] = []
    var hasBackup = false

    /// Lines that are kept for those who come later.
    static let mostLines = 200
    /// Characters of a line; no sentence of ours is that long.
    private static let longestLine = 2000

    var isRunning: Bool { order != nil }

    mutating func begin(_ order: FlasherOrder) {
        self.order = order
        lines = []
    }

    /// - Returns: the line as it is told.
    mutating func add(_ line: String) -> String {
        let line = String(line.prefix(Self.longestLine))
        if lines.count == Self.mostLines { lines.removeFirst() }
        lines.append(line)
        return line
    }

    var json: JSONValue {
        .object([
            .init("isRunning", .bool(isRunning)),
            .init("program", order.map { .string($0.program.rawValue) } ?? .null),
            .init("task", order.map { .string($0.task.rawValue) } ?? .null),
            .init("lines", .array(lines.map { .string($0) })),
        ])
    }
}
