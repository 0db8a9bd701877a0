import CPorts
import Glibc
import Line
import Ports
import Testing

/// A program that uses a port as any program would: plain system calls on the path.
struct Client: ~Copyable {
    let descriptor: Int32

    init(opening path: String) throws {
        descriptor = open(path, O_RDWR | O_NOCTTY | O_NONBLOCK)
        try #require(descriptor >= 0, "cannot open \(path): errno \(errno)")
    }

    deinit {
        close(descriptor)
    }

    consuming func leave() {}

    func setRaw(baud: Int) throws {
        try #require(ports_make_raw(descriptor, UInt32(baud)) == 0)
    }

    func send(_ bytes: [UInt8]) throws {
        try #require(write(descriptor, bytes, bytes.count) == bytes.count)
    }

    /// What is there to read now.
    func receive() -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: 4096)
        let count = read(descriptor, &bytes, bytes.count)
        return Array(bytes.prefix(max(0, count)))
    }

    /// Waits for `count` bytes, two seconds at most.
    func receive(count: Int) -> [UInt8] {
        let clock = MonotonicClock()
        var bytes: [UInt8] = []
        while bytes.count < count {
            let left = 2_000 - clock.now.nanoseconds / 1_000_000
            var polled = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            guard left > 0, poll(&polled, 1, Int32(left)) > 0 else { break }
            let more = receive()
            if more.isEmpty { break }
            bytes += more
        }
        return bytes
    }
}

/// What a port has told, in a form that can be kept and compared.
enum Seen: Equatable {
    case data([UInt8], Int)
    case baud(Int)
    case flushed(input: Bool, output: Bool)
    case controlLines(ControlLines)
    case breakSent
    case mode(TerminalMode)
    case opened
    case closed
    case request(PortRequest, baud: Int?)
    case remark(String)
}

extension Array where Element == Seen {
    mutating func append(_ input: borrowing PortInput) {
        switch input {
        case .data(let bytes, let clientBaud):
            let new = bytes.withUnsafeBufferPointer { Array<UInt8>($0) }
            if case .data(let old, clientBaud)? = last {
                self[count - 1] = .data(old + new, clientBaud)
            } else {
                append(Seen.data(new, clientBaud))
            }
        case .baud(let baud): append(Seen.baud(baud))
        case .flushed(let input, let output): append(Seen.flushed(input: input, output: output))
        case .controlLines(let lines): append(Seen.controlLines(lines))
        case .breakSent: append(Seen.breakSent)
        case .mode(let mode): append(Seen.mode(mode))
        case .opened: append(Seen.opened)
        case .closed: append(Seen.closed)
        case .request(let request, _, let baud): append(Seen.request(request, baud: baud))
        case .remark(let text): append(Seen.remark(text))
        }
    }

    /// All but the flush that `setRaw` makes of the client's input.
    var withoutFlushes: [Seen] { filter { $0 != .flushed(input: true, output: false) } }

    /// What the terminal did to bytes, as often as it was told.
    var modes: [TerminalMode] { compactMap { seen in if case .mode(let mode) = seen { mode } else { nil } } }

    /// All data, whatever else came between.
    var bytes: [UInt8] {
        flatMap { seen -> [UInt8] in if case .data(let bytes, _) = seen { bytes } else { [] } }
    }
}

extension PseudoTerminal {
    /// Reads what there is, and drops it.
    mutating func lookOnce() { try? read { _ in } }
}

/// Reads the port until `isEnough`, waiting for its descriptors; two seconds at most.
func watch(_ port: inout PseudoTerminal, until isEnough: ([Seen]) -> Bool) throws -> [Seen] {
    let clock = MonotonicClock()
    let end = Instant(nanoseconds: 2_000_000_000)
    var seen: [Seen] = []
    while true {
        try port.read { seen.append($0) }
        if isEnough(seen) || clock.now >= end { return seen }
        _ = try Readiness.wait(for: port.pollDescriptors(), until: end, clock: clock)
    }
}

/// The code of the port error that `body` throws; nil when it throws none.
func code(of body: () throws -> Void) -> PortError.Code? {
    do {
        try body()
        return nil
    } catch {
        return (error as? PortError)?.code
    }
}
