import Bench
import Capture
import Line
import Story
import Trace
import Wire
import Words

/// A recorded trace as the events that a bench would have sent: the page plays them with the code that takes live ones.
struct RecordedSession {
    /// Events that are told; of what follows only the number.
    static let mostEvents = 200_000
    /// Bytes of them.
    static let mostBytes = 32 << 20

    private var events: [UInt8] = []
    private(set) var count = 0
    private(set) var untold = 0
    private var last: Int64 = 0
    private var changes = FlashChanges()

    /// Reads a trace. - Throws: `CaptureError`; a damaged one is told as far as it is sound.
    static func json(_ path: String, name: String) throws -> [UInt8] {
        var session = RecordedSession()
        var follower = SessionFollower()
        var story = RunningStory(origin: Instant.zero.nanoseconds)
        let summary = Result {
            try TraceReader(opening: path).follow { bytes, direction, time in
                session.last = max(session.last, time.nanoseconds)
                follower.data(bytes, direction, at: time) { session.take($0, &story) }
            } other: { event in
                session.last = max(session.last, event.time.nanoseconds)
                session.take(event)
                follower.other(event) { session.take($0, &story) }
            }
        }
        // What is no trace at all is an error; one that breaks off is told up to there.
        if session.count == 0, case .failure(let error) = summary { throw error }
        follower.finish { session.take($0, &story) }
        story.catchUp { session.add(ControlEvent($0)) }
        if case .failure(let error) = summary {
            session.add(
                ControlEvent(.note, at: Instant(nanoseconds: session.last), "the recording is damaged: \(error)"))
        }
        return session.json(name)
    }

    private mutating func take(_ told: SessionFollower.Told, _ story: inout RunningStory) {
        if case .event(let event, _) = told, let change = changes.note(event) { add(change) }
        story.tell(told) { add(ControlEvent($0)) }
    }

    /// What is not told as part of the story.
    private mutating func take(_ event: TraceEvent) {
        switch event.kind {
        case .power(let isOn):
            changes.restart()
            let state = isOn ? "on" : "off"
            add(ControlEvent(.power, at: event.time, "power \(state)", [.init("power", .string(state))]))
        case .loader(let program):
            add(ControlEvent(.program, at: event.time, "\(program) runs", [.init("program", .string(program))]))
        case .portOpened, .portClosed:
            let isOpen = event.kind == .portOpened
            add(
                ControlEvent(
                    .port, at: event.time, "the host has \(isOpen ? "opened" : "closed") the port",
                    [.init("isOpen", .bool(isOpen))]))
        case .baud(let end, let baud):
            let name = end == .host ? "host" : "chip"
            add(
                ControlEvent(
                    .baud, at: event.time, "\(name) at \(baud) baud",
                    [.init("end", .string(name)), .init("baud", .integer(Int64(baud)))]))
        default: break
        }
    }

    private mutating func add(_ event: ControlEvent) {
        guard count < Self.mostEvents, events.count < Self.mostBytes else {
            untold += 1
            return
        }
        if count > 0 { events.append(UInt8(ascii: ",")) }
        events += event.json.description.utf8
        count += 1
    }

    private mutating func json(_ name: String) -> [UInt8] {
        var note: JSONValue = .null
        if untold > 0 {
            note = .string(
                "the recording is longer than is shown here: \(plural(untold, "event")) of it are left out; solderless show has them all"
            )
        }
        var text = Array("{\"name\":\(JSONValue.string(name)),\"events\":[".utf8)
        text += events
        events = []
        text += "],\"durationNanoseconds\":\(last),\"note\":\(note)}".utf8
        return text
    }
}
