/// A serial port as bare bytes on a TCP connection (`socket://` in pySerial): no rates, no control lines, no breaks.
package final class TCPPort: Transport {
    package let path: String
    /// The rate that the client's end has all the time, in bits per second: nothing can change it.
    package let clientBaud: Int

    private let service: TCPService
    private var buffer = [UInt8](repeating: 0, count: 65536)
    private var wants = (input: true, output: false)
    private var refusals = RefusalCount()

    /// The rate where none is chosen: an assumption, the ROM's.
    package static let usualBaud = 115_200

    /// - Throws: `PortError`: `.busy` when the port is taken, `.noPermission`.
    package init(_ address: LoopbackAddress, baud: Int = usualBaud) throws(PortError) {
        service = try TCPService(address)
        path = "socket://\(service.address)"
        clientBaud = baud
    }

    package var link: String? { nil }
    package var isOpen: Bool { service.hasClient }
    package var tellsRates: Bool { true }

    package func read(atMost limit: Int, _ handle: (borrowing PortInput) -> Void) throws(PortError) {
        var left = limit
        for _ in 0..<RefusalCount.mostEvents {
            switch service.next(into: &buffer, most: max(0, left)) {
            case .nothing: return
            case .opened:
                refusals = RefusalCount()
                service.wait(forInput: wants.input, forRoom: wants.output)
                handle(.opened)
                handle(.baud(clientBaud))
            case .received(let count):
                left -= count
                handle(.data(buffer.span.extracting(0..<count), clientBaud: clientBaud))
            case .closed: handle(.closed)
            case .refused: refusals.tell(handle)
            case .noRoom: refusals.tellNoRoom(handle)
            }
        }
    }

    package func write(_ bytes: Span<UInt8>) throws(PortError) -> Int {
        isOpen ? service.send(bytes) : bytes.count
    }

    package func pollDescriptors(takesInput: Bool, hasOutput: Bool) -> [PollDescriptor] {
        wants = (takesInput, hasOutput)
        service.wait(forInput: takesInput, forRoom: hasOutput)
        return [service.pollDescriptor]
    }
}

/// Counts clients that were refused. In each session only the first is reported, for each of the two reasons.
package struct RefusalCount {
    private var count = 0
    private var noRoomCount = 0

    package init() {}

    /// A bound for those who connect without end: the line does not wait for them.
    static let mostEvents = 64

    package mutating func tell(_ handle: (borrowing PortInput) -> Void) {
        count += 1
        guard count == 1 else { return }
        handle(.remark("a second client has connected and was sent away: the port takes one at a time"))
    }

    package mutating func tellNoRoom(_ handle: (borrowing PortInput) -> Void) {
        noRoomCount += 1
        guard noRoomCount == 1 else { return }
        handle(
            .remark(
                "a client has connected and was sent away: the system has no descriptor or no memory for it; close other "
                    + "programs, or raise the limit (ulimit -n)"))
    }
}
