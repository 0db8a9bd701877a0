import ArgumentParser
import Bench
import Words

struct CtlListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "Emulations of yours that are running.",
        discussion: """
            Control sockets here that nobody listens to any more are removed. An emulation that was started with another \
            XDG_RUNTIME_DIR or TMPDIR is not found here, and not by its /dev/pts/N: ctl --port takes its control socket, or \
            its link where the socket is beside that.
            """)

    @Flag(help: "JSON instead of text.") var json = false

    func run() throws {
        let running = try RemoteEmulation.running()
        if json {
            let list = running.map { socket, status in
                var members = [JSONValue.Member("control", .string(socket))]
                do {
                    members.append(.init("status", try status.get().json))
                } catch {
                    members += [.init("status", .null), .init("problem", .string("\(error)"))]
                }
                return JSONValue.object(members)
            }
            Console.print(
                JSONValue.object([.init("schema", .integer(1)), .init("emulations", .array(list))]).description)
        } else if running.isEmpty {
            Console.log("no emulation is running")
        } else {
            for line in Self.text(of: running) { Console.print(line) }
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
