import ArgumentParser
import Bench
import Line
import Scenarios
import Words

struct CtlStatusCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Print the state of the chip, the port and the line.")

    @OptionGroup var target: CtlTarget

    @OptionGroup var report: ReportFormat

    func run() throws {
        var bench = try target.connect()
        let status = try bench.status()
        report.print(
            .report([.init("status", status.json)]),
            text: status.rows.map { $0.padded(11) + $1 }.joined(separator: "\n"))
    }
}

extension ControlStatus {
    /// Names and values, for a person.
    fileprivate var rows: [(name: String, value: String)] {
        var rows = [
            ("port", link.map { "\($0) (\(port))" } ?? port), ("process", "\(process)"),
            ("bench", "scenario \(scenario ?? "none"), board \(board ?? "none"), seed \(seed), time \(timeMode)"),
            ("chip", "\(chipText)\(isPowered ? ", UART at \(chipBaud) baud" : "")"),
            ("host", isPortOpen ? "has the port open at \(hostBaud) baud" : "has the port closed"),
            (
                "line",
                "\(moment)\(lead >= .milliseconds(1) ? ", \(Instant.zero.advanced(by: lead)) ahead of the wall's clock" : "")"
            ),
        ]
        let loose = Hookup.Wire.allCases.filter { $0 != .adapterRTS && !hookup.isRight($0) }
        if !loose.isEmpty || hookup.adapterLevel != 3300 {
            let wires = loose.map { wire in "\(wire.rawValue) \(hookup[wire].map { "on \($0.rawValue)" } ?? "loose")" }
            rows.append(
                ("wires", (wires + ["adapter at \(hookup.adapterLevel) mV"]).joined(separator: ", ")))
        }
        if let flash { rows.append(("flash", flash)) }
        if let trace { rows.append(("trace", trace)) }
        for fault in faults { rows.append(("fault", "\(fault.label): \(fault.count) so far")) }
        return rows
    }
}
