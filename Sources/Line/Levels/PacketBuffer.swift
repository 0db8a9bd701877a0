/// What an adapter holds back: characters towards the host go by USB in packets, each when it is full or when its time
/// has run out (AN232B-04 for the FT232R).
///
/// So the end of a message comes later than it crossed the line, and a message of one byte by the whole of the latency.
/// Assumptions: the time runs from a packet's first character, and the transfer over USB takes none.
package struct PacketBuffer: Hashable, Sendable {
    private let packetByteCount: Int
    private let latency: Duration
    /// Packets that are on their way, and then the one that is not full.
    private var held: [UInt8] = []
    /// How many of these characters are on their way.
    private var readyCount = 0
    /// When the packet that is not full goes as it is; nil where there is none.
    package private(set) var deadline: Instant?

    package init(_ adapter: Adapter) {
        self.init(packetByteCount: adapter.packetByteCount, latency: adapter.latency)
    }

    /// - Parameters:
    ///   - packetByteCount: characters in a full packet, at least 1.
    ///   - latency: how long a packet waits for more.
    package init(packetByteCount: Int, latency: Duration) {
        precondition(packetByteCount > 0, "a packet carries something")
        self.packetByteCount = packetByteCount
        self.latency = latency
    }

    /// Characters that the host has not been given.
    package var count: Int { held.count }

    /// Takes characters that have crossed the line, in their order.
    /// - Parameter timing: when each of them arrived; not in the future.
    package mutating func append(_ characters: Span<UInt8>, timing: RunTiming) {
        var filling = held.count - readyCount
        var index = 0
        while index < characters.count {
            let limit = deadline ?? timing.end(of: index + 1).advanced(by: latency)
            let inTime = max(index, timing.arrived(by: limit, of: characters.count))
            let end = min(inTime, index + packetByteCount - filling)
            filling += end - index
            index = end
            if filling == packetByteCount || index < characters.count {
                readyCount += filling
                filling = 0
                deadline = nil
            } else {
                deadline = limit
            }
        }
        characters.withUnsafeBufferPointer { held.append(contentsOf: $0) }
    }

    /// Whether there is anything to hand over by `now`.
    package func hasAny(by now: Instant) -> Bool {
        readyCount > 0 || deadline.map { $0 <= now } ?? false
    }

    /// Hands over what the host has by `now`: the full packets, and the one whose time has run out.
    package mutating func take(by now: Instant, into destination: inout [UInt8]) {
        if let deadline, deadline <= now {
            readyCount = held.count
            self.deadline = nil
        }
        destination += held[..<readyCount]
        held.removeFirst(readyCount)
        readyCount = 0
    }
}
