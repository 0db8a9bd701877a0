import Line
import Ports

/// The client's end of a line as a machine: what it has been given waits here while it does not read.
struct ClientEnd: Machine {
    /// The rate that its port has now.
    var baud = 115_200
    /// What waits for it.
    private var unread = Queue<UInt8>()
    /// Characters that found no room.
    private var lost = 0

    /// What waits for a client that does not read: a whole flash of 16 MB in frames fits; more is lost, as on a port.
    static let mostUnread = 20 << 20

    /// Whether something waits for the client.
    var hasUnread: Bool { !unread.isEmpty }
    var unreadCount: Int { unread.count }

    mutating func receive(_ characters: Span<UInt8>, timing: RunTiming) {
        let room = min(characters.count, Self.mostUnread - unreadCount)
        lost += characters.count - room
        unread.append(contentsOf: characters.extracting(first: room))
    }

    mutating func advance(to now: Instant) {}

    mutating func transmit(into characters: inout [UInt8]) -> RunTiming? { nil }

    var deadline: Instant? { nil }

    func receiverClock(at moment: Instant) -> ReceiverClock { ReceiverClock(rate: BitRate(baud: max(1, baud))) }

    /// Gives the client as much as it takes.
    mutating func handOver(to terminal: inout some Transport & ~Copyable) throws(PortError) {
        while !unread.isEmpty {
            let waiting = unread.waiting
            let taken = try terminal.write(waiting.span)
            guard taken > 0 else { return }
            unread.drop(taken)
        }
    }

    /// Forgets what it has not read. - Returns: how much that was.
    mutating func dropUnread() -> Int {
        defer { unread.removeAll() }
        return unreadCount
    }

    /// Characters that found no room since the last call.
    mutating func takeLost() -> Int {
        defer { lost = 0 }
        return lost
    }
}
