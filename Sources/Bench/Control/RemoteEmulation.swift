import Line
package import Ports
package import Words

/// An emulation of another process, asked over its control socket.
package struct RemoteEmulation: ~Copyable {
    private var connection: ControlConnection
    private let patience: Duration

    /// How long an answer may take.
    package static let usualPatience = Duration.seconds(5)

    /// - Throws: `PortError`: `.noAnswer`, `.missing`, `.noPermission`.
    package init(socket: String, patience: Duration = usualPatience) throws(PortError) {
        connection = try ControlConnection(path: socket, patience: patience)
        self.patience = patience
    }

    /// The emulation's process, where it can be seen from here.
    package var process: Int32? { connection.process }
    package var socket: String { connection.path }

    /// Asks it for something. - Returns: the whole answer.
    /// - Throws: `PortError`, `.noAnswer` among others; `Refused`.
    package mutating func ask(_ request: ControlRequest) throws -> JSONValue {
        try connection.send(ControlCall(request).json.description)
        guard let line = try connection.nextLine(within: patience) else {
            throw PortError(.noAnswer, path: socket, "the emulation ended before it answered")
        }
        let answer = try? JSONReader.value(of: line)
        guard let answer, let isGood = answer["ok"]?.bool else {
            throw Refused(message: "\(socket): an emulation does not answer like this: \(quotedExcerpt(line))")
        }
        guard isGood else {
            throw Refused(message: answer["error"]?["message"]?.string ?? "the emulation refused it and gave no reason")
        }
        return answer
    }

    /// The emulation's own complaint.
    package struct Refused: Error, CustomStringConvertible {
        package var message: String
        package var description: String { message }
    }

    package mutating func status() throws -> ControlStatus {
        guard let status = try ask(.status)["status"].flatMap(ControlStatus.init) else {
            throw Refused(message: "\(socket): another version's status")
        }
        return status
    }

    /// Hands over what happens, line by line, until the emulation ends or `shouldStop` says so.
    package mutating func follow(
        _ streams: ControlStreams = [], alsoWaitingFor others: [PollDescriptor], _ take: (String) -> Void,
        until shouldStop: ([Readiness]) -> Bool
    ) throws {
        _ = try ask(.events(streams))
        let clock = MonotonicClock()
        while true {
            while true {
                let (line, hasEnded) = try connection.lineAtHand()
                if let line { take(line) } else if hasEnded { return } else { break }
            }
            let ready = try Readiness.wait(for: others + [connection.pollDescriptor], until: nil, clock: clock)
            if shouldStop(Array(ready.prefix(others.count))) { return }
        }
    }

    /// Ends it, and waits until its process has ended: its files are complete then, and its port is gone.
    /// - Returns: whether it has ended within the limit.
    package mutating func stop(within limit: Duration) throws -> Bool {
        _ = try ask(.stop)
        return try connection.waitForItsEnd(within: limit)
    }

    /// This user's emulations. What is asked and does not answer is there with the reason.
    /// - Throws: `PortError` when there is no runtime folder.
    package static func running() throws(PortError) -> [(socket: String, status: Result<ControlStatus, any Error>)] {
        var found: [(socket: String, status: Result<ControlStatus, any Error>)] = []
        for socket in try ControlFolder.sockets() {
            do {
                var bench = try RemoteEmulation(socket: socket, patience: .seconds(1))
                found.append((socket, .success(try bench.status())))
            } catch let error as PortError where error.code == .missing {
                // It has ended meanwhile.
            } catch {
                found.append((socket, .failure(error)))
            }
        }
        return found
    }
}
