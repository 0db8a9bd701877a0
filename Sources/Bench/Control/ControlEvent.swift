package import Emulator
package import Line
import Simulation
import Wire
package import Words

/// Something that happened on a bench, as it is sent to clients of its control socket.
package struct ControlEvent: Hashable, Sendable {
    /// For programs. More may come.
    package enum Name: String, Hashable, Sendable, CaseIterable {
        case power
        case reset
        case program
        case baud
        case port
        case lines
        case `break`
        case lost
        case fault
        case clock
        case hookup
        case lesson
        case note
        case story
        case wave
        case flash
        case untold
        case ended
    }

    /// Why characters were lost, for programs. More may come.
    package enum Loss: String, Hashable, Sendable, CaseIterable {
        case unpowered = "no-power"
        case heldInReset = "held-in-reset"
        case overrun = "receive-fifo-overrun"
        case fifoReset = "receive-fifo-reset"
        case portClosed = "port-closed"
        case unreadAtClose = "unread-at-close"
        case thrownAway = "thrown-away"
        case unread
        case takenBack = "taken-back"
    }

    package var name: Name
    /// On the line's clock.
    package var time: Instant
    /// For a person.
    package var text: String
    package var members: [JSONValue.Member]
    /// Which stream it is of; empty where everybody is told.
    package var stream: ControlStreams = []

    package init(_ name: Name, at time: Instant, _ text: String, _ members: [JSONValue.Member] = []) {
        self.name = name
        self.time = time
        self.text = text
        self.members = members
    }

    package var json: JSONValue {
        .object(
            [
                .init("version", .integer(ControlRequest.version)), .init("event", .string(name.rawValue)),
                .init("atNanoseconds", .integer(time.nanoseconds)),
            ] + members + [.init("text", .string(text))])
    }

    /// What happened in the chip and on the line, in the order of time.
    /// - Parameter untold: events of the line that had no room.
    static func inOrder(
        _ chip: [ChipEvent], _ line: [LineEvent], _ untold: LineEventLog.Untold = .init()
    ) -> [ControlEvent] {
        var events = chip.map { ControlEvent($0) } + line.compactMap { ControlEvent($0) }
        if untold.count > 0 { events.append(ControlEvent(untold)) }
        // The sort is stable: what each of the two says of one moment stays in order.
        return events.sorted { $0.time < $1.time }
    }

    /// The last event of an emulation. - Parameter reason: `stopped`, `unplugged` or `failed`.
    package static func ended(_ reason: String, at time: Instant) -> ControlEvent {
        ControlEvent(.ended, at: time, "the emulation ends", [.init("reason", .string(reason))])
    }
}

extension ControlEvent {
    private init(_ untold: LineEventLog.Untold) {
        self.init(
            .untold, at: untold.last,
            "\(plural(untold.count, "more event")) of the line at once; the trace has them all",
            [.init("count", .integer(Int64(untold.count)))])
    }

    /// What happened in the chip.
    package init(_ event: ChipEvent) {
        self.init(.note, at: event.time, event.description)
        switch event.kind {
        case .power(let isOn):
            (name, members) = (.power, [.init("power", .string(isOn ? "on" : "off"))])
        case .reset(let isHeld):
            (name, members) = (.reset, [.init("isHeld", .bool(isHeld))])
        case .loader(let program):
            (name, members) = (.program, [.init("program", .string(program))])
        case .baud(let baud):
            (name, members) = (.baud, [.init("end", .string("chip")), .init("baud", .integer(Int64(baud)))])
        case .overrun(let count): setUntaken(count, .overrun)
        case .fifoReset(let count, _): setUntaken(count, .fifoReset)
        case .unpowered(let count): setUntaken(count, .unpowered)
        case .heldInReset(let count): setUntaken(count, .heldInReset)
        case .fault(let fault, _): (name, members) = (.fault, [.init("fault", .string(fault))])
        case .recognised, .note: break
        }
    }

    /// Characters that the chip had on its wire and did not take.
    private mutating func setUntaken(_ count: Int, _ why: Loss) {
        name = .lost
        members = [
            .init("direction", .string(Direction.hostToChip.name)), .init("characters", .integer(Int64(count))),
            .init("why", .string(why.rawValue)),
        ]
    }

    /// What happened on the line; nil for events about bytes.
    package init?(_ event: LineEvent) {
        switch event.kind {
        case .incident(let incident):
            self.init(
                .fault, at: event.time, incident.description,
                [
                    .init("fault", .string(incident.fault)), .init("direction", .string(incident.direction.name)),
                    .init("offset", .integer(Int64(incident.offset))),
                ])
        case .portOpened:
            self.init(.port, at: event.time, "the host has opened the port", [.init("isOpen", .bool(true))])
        case .portClosed:
            self.init(.port, at: event.time, "the host has closed the port", [.init("isOpen", .bool(false))])
        case .baud(let end, let baud):
            let name = end == .host ? "host" : "chip"
            self.init(
                .baud, at: event.time, "\(name) at \(baud) baud",
                [.init("end", .string(name)), .init("baud", .integer(Int64(baud)))])
        case .untaken(let direction, let count, let why):
            self.init(
                .lost, at: event.time, "\(direction.name): \(plural(count, "character")) lost, \(why.rawValue)",
                [
                    .init("direction", .string(direction.name)), .init("characters", .integer(Int64(count))),
                    .init("why", .string(Loss(why).rawValue)),
                ])
        case .clockAhead(let lead):
            self.init(
                .clock, at: event.time, "the line's clock has gone ahead of the wall's",
                [.init("aheadNanoseconds", .integer(lead.wholeNanoseconds))])
        case .controlLines(let lines):
            let (rts, dtr) = (lines.contains(.requestToSend), lines.contains(.dataTerminalReady))
            let names = rts ? (dtr ? "RTS and DTR" : "RTS") : dtr ? "DTR" : "neither RTS nor DTR"
            self.init(
                .lines, at: event.time, "the host asserts \(names)",
                [.init("rts", .bool(rts)), .init("dtr", .bool(dtr))])
        case .breakSent: self.init(.break, at: event.time, "the host sends a break")
        case .remark(let text): self.init(.note, at: event.time, text)
        case .difference, .flushed: return nil
        }
    }
}

extension ControlEvent.Loss {
    init(_ why: LineEvent.Untaken) {
        self =
            switch why {
            case .portClosed: .portClosed
            case .unreadAtClose: .unreadAtClose
            case .thrownAway: .thrownAway
            case .takenBack: .takenBack
            case .unread: .unread
            }
    }
}
