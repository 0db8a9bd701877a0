import Line
import Ports
import Words

/// Where a bench takes commands: reads requests from its control socket, answers them, and sends events to the clients
/// that asked for them.
final class ControlServer {
    private let socket: ControlSocket
    /// The clients that asked for events, and what else they asked for.
    private var listeners: [UInt64: ControlStreams] = [:]
    private let registration: String?

    /// - Throws: `PortError` when the socket cannot be made.
    init(path: String) throws(PortError) {
        socket = try ControlSocket(path: path)
        registration = ControlFolder.register(path)
    }

    deinit {
        if let registration { ControlFolder.unregister(registration) }
    }

    var path: String { socket.path }
    var pollDescriptor: PollDescriptor { socket.pollDescriptor }
    /// Whether a client has asked for events.
    var hasListeners: Bool { !listeners.isEmpty }
    /// What any of them wants beside what everybody is told.
    var streams: ControlStreams { listeners.values.reduce([]) { $0.union($1) } }

    /// Answers what has come.
    func serve(_ carryOut: (ControlRequest) throws(ControlRefusal) -> ControlAnswer) {
        socket.receive { client, input in
            switch input {
            case .line(let line): socket.send(answer(to: line, of: client, carryOut).description, to: client)
            case .lineTooLong:
                refuse(client, .lineTooLong, "a line has at most \(ControlSocket.longestLine) bytes")
            case .surplus:
                refuse(
                    client, .tooManyClients,
                    "no room for another client; there are \(ControlSocket.mostClients) at most")
            }
        }
    }

    /// Sends an event to those clients. One that does not read is dropped, and does not hold up the line.
    func tell(_ events: [ControlEvent]) {
        for event in events {
            let line = event.json.description
            for (client, streams) in listeners where streams.isSuperset(of: event.stream) {
                if !socket.send(line, to: client) { listeners[client] = nil }
            }
        }
    }

    /// Accepts no more clients. Those that are connected are dropped with the server, when all files are complete.
    func end(_ event: ControlEvent) {
        tell([event])
        socket.end()
    }

    private func answer(
        to line: [UInt8], of client: UInt64, _ carryOut: (ControlRequest) throws(ControlRefusal) -> ControlAnswer
    ) -> JSONValue {
        do throws(ControlRefusal) {
            let call = try ControlCall(line: line)
            do throws(ControlRefusal) {
                let answer = try carryOut(call.request)
                if case .events(let streams) = call.request {
                    listeners[client] = streams
                    socket.hold(client)
                }
                return answer.json(to: call.id)
            } catch {
                throw error.answering(call.id)
            }
        } catch {
            return error.json
        }
    }

    private func refuse(_ client: UInt64, _ code: ControlRefusal.Code, _ message: String) {
        listeners[client] = nil
        socket.send(ControlRefusal(code, message).json.description, to: client)
    }
}
