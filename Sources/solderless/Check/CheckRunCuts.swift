import ArgumentParser
import Check
import Emulator
import Line
import Words

/// What `check` says to one run of the place at which it is cut, and of the flash that it begins with.
struct CheckRunCuts: ParsableArguments {
    /// The flash as an earlier run has left it.
    @Option(name: .customLong("from")) var flash: String?
    /// Where the session is cut.
    @Option(name: .customLong("cut"), transform: CheckCutOptions.point) var point: CutPoint?
    @Flag var plug = false
    /// The seed of what is left half done.
    @Option var tear: UInt64?
    /// Whether the points are reported that the session comes to.
    @Flag var points = false

    var plan: PlannedCut? {
        guard point != nil || points else { return nil }
        return PlannedCut(at: point, plug ? .plug : .power(tearing: tear), keepsPassed: points)
    }

    /// The options that say so.
    static func words(from flash: String?, _ cut: PlannedCut?) -> [String] {
        var words = flash.map { ["--from", $0] } ?? []
        guard let cut else { return words }
        if let point = cut.point { words += ["--cut", point.description] }
        switch cut.way {
        case .plug: words.append("--plug")
        case .power(let seed): words += seed.map { ["--tear", "\($0)"] } ?? []
        }
        if cut.keepsPassed { words.append("--points") }
        return words
    }
}

extension PassedPoint {
    /// From the process that had the run to the one that judges it.
    var json: JSONValue {
        .object([
            .init("point", .string(point.description)), .init("nanoseconds", .integer(moment.nanoseconds)),
            .init("command", command.map { .integer(Int64($0)) } ?? .null),
            .init("address", address.map { .integer(Int64($0)) } ?? .null),
        ])
    }

    /// nil for what is none.
    init?(_ json: JSONValue) {
        guard let point = json["point"]?.string.flatMap({ CutPoint($0) }), let moment = json["nanoseconds"]?.integer
        else { return nil }
        self.init(
            point, at: Instant(nanoseconds: moment),
            command: json["command"]?.integer.flatMap { UInt8(exactly: $0) },
            address: json["address"]?.integer.map { Int($0) })
    }
}
