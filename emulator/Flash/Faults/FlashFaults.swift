package import Line
package import Wire

/// What is wrong with one flash, in the order in which it is met; empty for a good one, which is then asked nothing.
package struct FlashFaults: Sendable {
    /// A fault as something else than a flash's list names it: with its numbers by the parameters' names.
    package typealias Choice = (name: String, values: [String: Int])

    /// Every fault of a flash. A new one is a file beside this one and a word here.
    package static let all: [any FlashFault.Type] = [
        WrongFlashID.self, WornSector.self, StuckBit.self, WriteProtection.self, SlowErase.self,
    ]

    /// What there is, as a list shows it.
    package static var summaries: [FaultSummary] { all.map { $0.summary } }

    private struct Place {
        /// What logs, traces and reports call it.
        var label: String
        var fault: any FlashFault
        var firings = 0
    }

    /// A fault did something.
    struct Firing: Hashable {
        var name: String
        var detail: String
    }

    private var places: [Place] = []
    private var untold: [Firing] = []

    /// A good flash.
    package init() {}

    /// - Parameters:
    ///   - choices: what is not given of their values is the standard.
    ///   - labels: what they are called, in their order; their names where there are none.
    package init(_ choices: [Choice], labels: [String] = []) throws(FaultError) {
        for (index, choice) in choices.enumerated() {
            guard let type = Self.all.first(where: { $0.summary.name == choice.name }) else {
                throw .unknownFault(choice.name)
            }
            let label = labels.indices.contains(index) ? labels[index] : choice.name
            places.append(Place(label: label, fault: type.init(try type.summary.settings(values: choice.values))))
        }
    }

    /// How often each fault has done something, in their order. Zero: it never fired.
    package var firings: [(label: String, count: Int)] { places.map { ($0.label, $0.firings) } }

    var isEmpty: Bool { places.isEmpty }

    /// Ids that a reader may get instead of the flash's own.
    package var otherIDs: [FlashID] { places.compactMap(\.fault.id) }

    /// The id that is read, which may be another than the flash's own.
    mutating func readID(_ own: FlashID) -> FlashID {
        var id = own
        for index in places.indices {
            guard let other = places[index].fault.id, other != id else { continue }
            fired(index, "\(id) reads as \(other)")
            id = other
        }
        return id
    }

    /// How many times longer than usual the erase command that begins takes.
    mutating func slowness() -> Int {
        var times = 1
        for index in places.indices {
            let slowness = places[index].fault.slowness()
            guard slowness > 1 else { continue }
            times = min(times * slowness, Self.mostSlowness)
            fired(index, "an erase takes \(slowness) times as long")
        }
        return times
    }
    private static let mostSlowness = 1_000_000

    mutating func erase(_ sector: inout [UInt8], at address: Int, before: [UInt8]) {
        for index in places.indices {
            let whole = sector
            guard let detail = places[index].fault.erase(&sector, at: address, before: before), sector != whole
            else { continue }
            fired(index, detail)
        }
    }

    mutating func program(_ bytes: inout [UInt8], at address: Int, before: [UInt8]) {
        for index in places.indices {
            let whole = bytes
            guard let detail = places[index].fault.program(&bytes, at: address, before: before), bytes != whole
            else { continue }
            fired(index, detail)
        }
    }

    /// What the faults did since the last call, in order.
    mutating func takeUntold() -> [Firing] {
        guard !untold.isEmpty else { return [] }
        defer { untold.removeAll() }
        return untold
    }

    private mutating func fired(_ index: Int, _ detail: String) {
        places[index].firings += 1
        untold.append(Firing(name: places[index].label, detail: detail))
    }
}
