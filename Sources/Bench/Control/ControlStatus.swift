package import Line
package import Scenarios
package import Words

/// The state of a bench.
package struct ControlStatus: Hashable, Sendable {
    /// The emulation's process.
    package var process: Int
    package var programVersion: String
    /// The port's own name.
    package var port: String
    /// The port's name that stays.
    package var link: String?
    package var scenario: String?
    package var board: String?
    package var seed: UInt64
    /// `wire`, `brisk`, `fast`.
    package var timeMode: String
    package var flash: String?
    package var trace: String?
    /// On the line's clock, and how far that is ahead of the wall's.
    package var moment: Instant
    package var lead: Duration
    package var isPowered: Bool
    package var isHeldInReset: Bool
    /// What runs on the chip.
    package var program: String?
    package var chipBaud: Int
    /// What the power's schedule still has in mind.
    package var planned: [String]
    package var isPortOpen: Bool
    package var hostBaud: Int
    /// What is plugged where, and the supply's button.
    package var hookup: Hookup
    /// What each fault has done so far.
    package var faults: [FaultCount]

    package struct FaultCount: Hashable, Sendable {
        package var label: String
        package var count: Int

        package init(_ label: String, _ count: Int) {
            self.label = label
            self.count = count
        }
    }

    package var json: JSONValue {
        .object([
            .init("process", .integer(Int64(process))), .init("programVersion", .string(programVersion)),
            .init("port", .string(port)), .init("link", .optional(link)), .init("scenario", .optional(scenario)),
            .init("board", .optional(board)), .init("seed", .string(String(seed))), .init("time", .string(timeMode)),
            .init("flash", .optional(flash)), .init("trace", .optional(trace)),
            .init("lineNanoseconds", .integer(moment.nanoseconds)),
            .init("aheadNanoseconds", .integer(lead.wholeNanoseconds)),
            .init("power", .string(isPowered ? "on" : "off")), .init("isHeldInReset", .bool(isHeldInReset)),
            .init("program", .optional(program)), .init("chipBaud", .integer(Int64(chipBaud))),
            .init("planned", .array(planned.map { .string($0) })), .init("isPortOpen", .bool(isPortOpen)),
            .init("hostBaud", .integer(Int64(hostBaud))), .init("hookup", hookup.json),
            .init("faults", .array(faults.map(\.json))),
        ])
    }

    /// Reads what `json` wrote. - Returns: nil where something is missing.
    package init?(_ json: JSONValue) {
        guard let process = json["process"]?.integer, let programVersion = json["programVersion"]?.string,
            let port = json["port"]?.string, let seed = json["seed"]?.string.flatMap({ UInt64($0) }),
            let timeMode = json["time"]?.string, let moment = json["lineNanoseconds"]?.integer,
            let lead = json["aheadNanoseconds"]?.integer, let power = json["power"]?.string,
            let isHeldInReset = json["isHeldInReset"]?.bool, let chipBaud = json["chipBaud"]?.integer,
            let planned = json["planned"]?.array, let isPortOpen = json["isPortOpen"]?.bool,
            let hostBaud = json["hostBaud"]?.integer,
            let hookup = json["hookup"].flatMap(Hookup.init), let faults = json["faults"]?.array
        else { return nil }
        self.init(
            process: Int(clamping: process), programVersion: programVersion, port: port, link: json["link"]?.string,
            scenario: json["scenario"]?.string, board: json["board"]?.string, seed: seed, timeMode: timeMode,
            flash: json["flash"]?.string, trace: json["trace"]?.string, moment: Instant(nanoseconds: moment),
            lead: .nanoseconds(lead), isPowered: power == "on", isHeldInReset: isHeldInReset,
            program: json["program"]?.string, chipBaud: Int(clamping: chipBaud), planned: planned.compactMap(\.string),
            isPortOpen: isPortOpen, hostBaud: Int(clamping: hostBaud), hookup: hookup,
            faults: faults.compactMap(FaultCount.init))
    }

    init(
        process: Int, programVersion: String, port: String, link: String?, scenario: String?, board: String?,
        seed: UInt64, timeMode: String, flash: String?, trace: String?, moment: Instant, lead: Duration,
        isPowered: Bool, isHeldInReset: Bool, program: String?, chipBaud: Int, planned: [String], isPortOpen: Bool,
        hostBaud: Int, hookup: Hookup, faults: [FaultCount]
    ) {
        self.process = process
        self.programVersion = programVersion
        self.port = port
        self.link = link
        self.scenario = scenario
        self.board = board
        self.seed = seed
        self.timeMode = timeMode
        self.flash = flash
        self.trace = trace
        self.moment = moment
        self.lead = lead
        self.isPowered = isPowered
        self.isHeldInReset = isHeldInReset
        self.program = program
        self.chipBaud = chipBaud
        self.planned = planned
        self.isPortOpen = isPortOpen
        self.hostBaud = hostBaud
        self.hookup = hookup
        self.faults = faults
    }
}

extension ControlStatus {
    /// What the chip does, in a few words.
    package var chipText: String {
        if !isPowered { return "power off" + (planned.isEmpty ? "" : " (planned: \(planned.joined(separator: ", ")))") }
        return "power on, " + (isHeldInReset ? "held in reset" : program.map { "\($0) runs" } ?? "nothing runs")
    }

    /// In a line.
    package var line: String {
        "\(chipText); port \(isPortOpen ? "open at \(hostBaud) baud" : "closed"); line at \(moment)"
    }

    /// The name by which others call the port.
    package var portName: String { link ?? port }
}

extension ControlStatus.FaultCount {
    var json: JSONValue { .object([.init("fault", .string(label)), .init("count", .integer(Int64(count)))]) }

    init?(_ json: JSONValue) {
        guard let label = json["fault"]?.string, let count = json["count"]?.integer else { return nil }
        self.init(label, Int(clamping: count))
    }
}

extension JSONValue {
    /// A text, or null.
    static func optional(_ text: String?) -> JSONValue { text.map { .string($0) } ?? .null }
}
