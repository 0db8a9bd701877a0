import Line
import Words

/// Which of a recording's wires is whose: as the user says, else by their names, where TX is taken for what the host sends
/// and RX for what it receives, unless the name has "chip" in it.
struct WireRoles {
    private let path: String
    private let hostWire: String?
    private let chipWire: String?
    /// The wires that were told apart already.
    private(set) var wires = Pair<String?>(nil)
    private(set) var isGuessed = false

    init(_ options: ImportOptions, path: String) {
        self.path = path
        hostWire = options.hostWire
        chipWire = options.chipWire
    }

    /// What crosses the wire of that name; nil where it is neither of the two.
    /// - Throws: `CaptureError` where names do not tell.
    mutating func direction(of name: String) throws(CaptureError) -> Direction? {
        if wires.hostToChip == name { return .hostToChip }
        if wires.chipToHost == name { return .chipToHost }
        if hostWire != nil || chipWire != nil {
            if name == hostWire { return claim(.hostToChip, name) }
            if name == chipWire { return claim(.chipToHost, name) }
            return nil
        }
        guard let guessed = Self.guess(name) else { return nil }
        if let other = wires[guessed] {
            throw CaptureError(
                .badLine, path: path,
                "has two wires that \(guessed == .hostToChip ? "the host" : "the chip") may send on: "
                    + "\(quotedExcerpt(other)) and \(quotedExcerpt(name))",
                advice: "name them with --host-wire and --chip-wire")
        }
        isGuessed = true
        return claim(guessed, name)
    }

    /// What the two wires of a recording are of which all names are known.
    /// - Returns: the wire's place in `names` for each direction; one of them at least.
    /// - Throws: `CaptureError` where names do not tell, or one that was named is not there.
    mutating func places(in names: [String], direction: Direction?) throws(CaptureError) -> Pair<Int?> {
        var places = Pair<Int?>(nil)
        for (place, name) in names.enumerated() {
            if let direction = try self.direction(of: name) { places[direction] = places[direction] ?? place }
        }
        for wanted in [hostWire, chipWire] {
            guard let wanted, !names.contains(wanted) else { continue }
            throw CaptureError(
                .badLine, path: path,
                "has no wire \(quotedExcerpt(wanted))\(Nearest.advice(for: excerpt(wanted), among: names.map(excerpt)))",
                advice: "name it as the recording does")
        }
        if places.hostToChip == nil, places.chipToHost == nil, names.count == 1, let direction {
            places[direction] = 0
        }
        guard places.hostToChip != nil || places.chipToHost != nil else { throw unknown(names) }
        return places
    }

    /// The error for wires that could be anybody's.
    func unknown(_ names: [String]) -> CaptureError {
        let listed = names.prefix(32).map(quotedExcerpt).joined(separator: ", ")
        return CaptureError(
            .badLine, path: path,
            names.isEmpty ? "has no wires" : "does not say which wire is whose: \(listed)",
            advice: "name the host's with --host-wire, the chip's with --chip-wire")
    }

    /// What was taken to be so, for the report.
    var assumption: String? {
        guard isGuessed else { return nil }
        let parts = [
            wires.hostToChip.map { "\(quotedExcerpt($0)) is what the host sends" },
            wires.chipToHost.map { "\(quotedExcerpt($0)) is what it receives" },
        ]
        return parts.compactMap(\.self).joined(separator: ", ")
            + ", by their names (--host-wire and --chip-wire say otherwise)"
    }

    private mutating func claim(_ direction: Direction, _ name: String) -> Direction {
        wires[direction] = name
        return direction
    }

    private static func guess(_ name: String) -> Direction? {
        let name = name.lowercased()
        guard name.contains("tx") != name.contains("rx") else { return nil }
        let sent = name.contains("tx") ? Direction.hostToChip : .chipToHost
        return name.contains("chip") ? sent.opposite : sent
    }
}
