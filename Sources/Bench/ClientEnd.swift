import Line
import Ports

/// The client's end of a line as a machine: what it has been given waits here while it does not read.
struct ClientEnd: Machine {
    /// The rate that its port has now.
    var baud = 115_200
    /// What waits for it.
    private var unread: [UInt8] = []
    private var head = 0
    /// Characters that found no room.
    private var lost = 0

    /// What waits for a client that does not read: a whole flash of 16 MB in frames fits; more is lost, as on a port.
    static let mostUnread = 20 << 20

    /// Whether something waits for the client.
    var hasUnread: Bool { head < unread.count }
    var unreadCount: Int { unread.count - head }

    mutating func receive(_ characters: Span<UInt8>, timing: RunTiming) {
        reclaim()
        let room = min(characters.count, Self.mostUnread - unreadCount)
        lost += characters.count - room
        characters.extracting(0..<room).withUnsafeBufferPointer { unread.append(contentsOf: $0) }
    }

    mutating func advance(to now: Instant) {}

    mutating func transmit(into characters: inout [UInt8]) -> RunTiming? { nil }

    var deadline: Instant? { nil }

    func receiverClock(at moment: Instant) -> ReceiverClock { ReceiverClock(rate: BitRate(baud: max(1, baud))) }

    /// Gives the client as much as it takes.
    mutating func handOver(to terminal: inout some Transport & ~Copyable) throws(PortError) {
        while head < unread.count {
            let waiting = unread
            let taken = try terminal.write(waiting.span.extracting(droppingFirst: head))
            guard taken > 0 else { return }
            head += taken
        }
        unread.removeAll(keepingCapacity: true)
        head = 0
    }

    /// Forgets what it has not read. - Returns: how much that was.
    mutating func dropUnread() -> Int {
        defer {
            unread.removeAll(keepingCapacity: true)
            head = 0
        }
        return unreadCount
    }

    /// Characters that found no room since the last call.
    mutating func takeLost() -> Int {
        defer { lost = 0 }
        return lost
    }

    private mutating func reclaim() {
        guard head > 65_536, head > unread.count / 2 else { return }
        unread.removeFirst(head)
        head = 0
    }
}
