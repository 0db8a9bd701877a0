import Line
package import Ports

/// A terminal program at 115,200 baud, as far as a learner needs one: it has the port open, and shows what the chip prints.
package struct PortListener: ~Copyable {
    private var port: SerialPort
    private var line: [UInt8] = []

    /// A line that is longer is shown in pieces.
    private static let longestLine = 200
    /// So often it is asked whether to go on.
    private static let pause = Duration.milliseconds(200)

    /// - Throws: `PortError`.
    package init(_ path: String) throws(PortError) {
        port = try SerialPort.open(path: path, baud: 115_200)
    }

    /// Listens for so long, or until `isStopped` says so; blocks meanwhile.
    /// - Parameter take: gets each line.
    /// - Returns: how many bytes came. - Throws: `PortError`.
    package mutating func listen(
        for time: Duration, until isStopped: () -> Bool = { false }, _ take: (String) -> Void = { _ in }
    ) throws(PortError) -> Int {
        let clock = MonotonicClock()
        let end = clock.now.advanced(by: time)
        var count = 0
        while clock.now < end, !isStopped() {
            let due = min(end, clock.now.advanced(by: Self.pause))
            let ready = try Readiness.wait(for: [port.pollDescriptor()], until: due, clock: clock)
            guard ready[0] != [] else { continue }
            var came: [UInt8] = []
            count += try port.read { bytes in for index in bytes.indices { came.append(bytes[index]) } }
            for byte in came { add(byte, take) }
        }
        finish(take)
        return count
    }

    private mutating func add(_ byte: UInt8, _ take: (String) -> Void) {
        switch byte {
        case UInt8(ascii: "\n"): finish(take)
        case UInt8(ascii: "\r"): break
        default:
            line.append(byte)
            if line.count == Self.longestLine { finish(take) }
        }
    }

    private mutating func finish(_ take: (String) -> Void) {
        if !line.isEmpty { take(String(decoding: line, as: UTF8.self)) }
        line = []
    }
}
