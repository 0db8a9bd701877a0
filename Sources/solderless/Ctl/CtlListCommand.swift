import ArgumentParser
import Bench
import Words

struct CtlListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List your running emulations.",
        discussion: """
            Sockets left behind by ended emulations are removed. An emulation started with another XDG_RUNTIME_DIR or \
            TMPDIR is not listed: reach it with ctl --port and its control socket, or its link if the socket is next \
            to that.
            """)

    @OptionGroup var report: ReportFormat

    func run() throws {
        let running = try RemoteEmulation.running()
        report.print(.report([.init("emulations", .array(running.map(Self.json)))])) {
            if running.isEmpty {
                Console.log("no emulation is running")
            } else {
                Self.text(of: running).forEach(Console.print)
            }
        }
    }

    private static func json(of socket: String, _ status: Result<ControlStatus, any Error>) -> JSONValue {
        switch status {
        case .success(let status): .object([.init("control", .string(socket)), .init("status", status.json)])
        case .failure(let error):
            .object([
                .init("control", .string(socket)), .init("status", .null), .init("problem", .string("\(error)")),
            ])
        }
    }

    /// A line for each: port, process, what it is, how it stands.
    static func text(of running: [(socket: String, status: Result<ControlStatus, any Error>)]) -> [String] {
        let rows: [[String]] = running.map { socket, status in
            guard let status = try? status.get() else { return [socket, "?", "does not answer"] }
            let bench = status.scenario ?? status.board ?? ""
            return [status.portName, "\(status.process)", status.chipText + (bench.isEmpty ? "" : "; \(bench)")]
        }
        let widths = (0..<2).map { column in rows.map { $0[column].count }.max() ?? 0 }
        return rows.map { row in
            "\(row[0].padded(widths[0]))  \(row[1].padded(widths[1], left: true))  \(row[2])"
        }
    }
}
