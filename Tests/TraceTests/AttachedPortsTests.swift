import Line
import Testing
import Trace

/// What processes report, as the events of one port.
@Suite struct AttachedPortsTests {
    private static let first = TerminalDevice(major: 188, minor: 0)
    private static let second = TerminalDevice(major: 188, minor: 1)
    private static let raw = PortSettings(baud: 115_200, format: .eightNone1, mode: [])

    /// Messages with the times 1, 2, 3.
    private struct Bench {
        var ports: AttachedPorts
        var time: Int64 = 0

        init(wants: @escaping (TerminalDevice, String) -> Bool = { _, _ in true }) {
            ports = AttachedPorts(wants: wants)
        }

        mutating func say(
            _ kind: AttachedMessage.Kind, of device: TerminalDevice = first, descriptor: Int32 = 3, error: Int32 = 0,
            from client: UInt64 = 1
        ) {
            time += 1
            let message = AttachedMessage(
                time: time, began: time, device: device, descriptor: descriptor, error: error, kind: kind)
            ports.note(message, from: client, at: Instant(nanoseconds: time), began: Instant(nanoseconds: time))
        }

        /// What happened, without remarks about who opened what.
        mutating func events() -> [TraceEvent.Kind] {
            var kinds: [TraceEvent.Kind] = []
            ports.settle(by: Instant(nanoseconds: .max)) { kinds.append($0.kind) }
            return kinds.filter { if case .note(let text) = $0 { !text.hasPrefix("the port is ") } else { true } }
        }
    }

    @Test func theFirstPortIsRecorded() {
        var bench = Bench()
        bench.say(.opened(path: "/dev/ttyUSB0"))
        bench.say(.opened(path: "/dev/ttyUSB1"), of: Self.second)
        bench.say(.data(.hostToChip, [1, 2]))
        bench.say(.data(.chipToHost, [3]), of: Self.second)
        #expect(bench.events() == [.portOpened, .data(.hostToChip, [1, 2])])
        #expect(bench.ports.recorded == Self.first)
        #expect(bench.ports.ports.map(\.path) == ["/dev/ttyUSB0", "/dev/ttyUSB1"])
        #expect(bench.ports.ports[0].byteCount.hostToChip == 2)
        #expect(bench.ports.ports[1].byteCount.chipToHost == 1)
    }

    @Test func theChosenPortIsRecorded() {
        var bench = Bench { _, path in path == "/dev/ttyUSB1" }
        bench.say(.opened(path: "/dev/ttyUSB0"))
        bench.say(.opened(path: "/dev/ttyUSB1"), of: Self.second)
        bench.say(.data(.hostToChip, [1]))
        bench.say(.data(.hostToChip, [2]), of: Self.second)
        #expect(bench.events() == [.portOpened, .data(.hostToChip, [2])])
    }

    /// A copy of the descriptor, and another process that has it: open until the last has let go.
    @Test func openUntilTheLastHasLetGo() {
        var bench = Bench()
        bench.say(.hello(process: 100, program: "/bin/a"))
        bench.say(.hello(process: 101, program: "/bin/b"), from: 2)
        bench.say(.opened(path: "/dev/ttyUSB0"))
        bench.say(.opened(path: "/dev/ttyUSB0"), descriptor: 4)
        bench.say(.opened(path: "/dev/ttyUSB0"), from: 2)
        bench.say(.closed)
        bench.say(.closed)
        bench.say(.closed, descriptor: 4)
        #expect(bench.events() == [.portOpened])
        #expect(bench.ports.holdingProcesses == [101])
        bench.time += 1
        bench.ports.left(2, at: Instant(nanoseconds: bench.time))
        #expect(bench.events() == [.portClosed])
        #expect(bench.ports.holdingProcesses.isEmpty)
        bench.say(.opened(path: "/dev/ttyUSB0"))
        #expect(bench.events() == [.portOpened])
    }

    /// What a process did counts when it did it, not when it is heard: here a child that had the port before its parent
    /// closed it.
    @Test func processesThatAreHeardLate() {
        var bench = Bench()
        bench.say(.opened(path: ""))
        bench.time = 9
        bench.say(.closed)
        bench.time = 4
        bench.say(.opened(path: ""), from: 2)
        bench.say(.data(.hostToChip, [1]), from: 2)
        bench.ports.left(2, at: Instant(nanoseconds: 7))
        #expect(bench.events() == [.portOpened, .data(.hostToChip, [1]), .portClosed])
    }

    /// The pipe was full when the port was opened: what is done to it says that it is open. Its name may come later.
    @Test func anOpeningThatWasLost() {
        for first in [AttachedMessage.Kind.data(.hostToChip, [1]), .settings(.setNow, Self.raw)] {
            var bench = Bench()
            bench.say(.lost(sent: 0, received: 0, others: 3))
            bench.say(first)
            bench.say(.data(.chipToHost, [2]))
            bench.say(.opened(path: "/dev/ttyUSB0"), descriptor: 4)
            bench.say(.closed)
            let open = bench.events()
            #expect(open.filter { $0 == .portOpened }.count == 1)
            #expect(!open.contains(.portClosed), "another descriptor has it")
            #expect(open.last == .data(.chipToHost, [2]))
            #expect(open.firstIndex(of: .portOpened) == 1, "behind the loss")
            bench.say(.closed, descriptor: 4)
            #expect(bench.events() == [.portClosed])
            #expect(bench.ports.ports.map(\.path) == ["/dev/ttyUSB0"])
        }
    }

    /// A port without a name is not the one that is meant until it turns out to be.
    @Test func aChosenPortWhoseOpeningWasLost() {
        var bench = Bench { _, path in path == "/dev/ttyUSB0" }
        bench.say(.data(.hostToChip, [1]))
        #expect(bench.events().isEmpty)
        #expect(bench.ports.ports.map(\.name) == ["device 188:0"])
        bench.say(.opened(path: "/dev/ttyUSB0"), descriptor: 4)
        bench.say(.data(.hostToChip, [2]), descriptor: 4)
        #expect(bench.events() == [.portOpened, .data(.hostToChip, [2])])
    }

    @Test func ratesAndFormats() {
        let odd = FrameFormat(dataBits: 7, parity: .odd, stopBits: .one)
        var bench = Bench()
        bench.say(.opened(path: ""))
        bench.say(.settings(.found, PortSettings(baud: 9600, format: .eightNone1, mode: [])))
        bench.say(.settings(.setNow, Self.raw))
        bench.say(.settings(.setNow, Self.raw))
        bench.say(.settings(.setAndFlushed, PortSettings(baud: 921_600, format: odd, mode: [])))
        bench.say(.settings(.setNow, PortSettings(baud: 921_600, format: odd, mode: [])), error: 22)
        bench.say(.settings(.setNow, PortSettings(baud: 0, format: odd, mode: [])))
        #expect(
            bench.events() == [
                .portOpened, .baud(.host, bitsPerSecond: 115_200), .flushed(.input),
                .baud(.host, bitsPerSecond: 921_600), .frameFormat(.host, odd),
                .note("the port refused settings (EINVAL); it has 921600 baud, 7O1"), .note("the host hangs up (B0)"),
            ])
        #expect(bench.ports.bauds == [115_200, 921_600])
    }

    /// A host that sets nothing speaks at the rate that it finds.
    @Test func theRateThatIsFound() {
        var bench = Bench()
        bench.say(.opened(path: ""))
        bench.say(.settings(.found, Self.raw))
        bench.say(.data(.hostToChip, [1]))
        bench.say(.opened(path: ""), descriptor: 4)
        bench.say(.settings(.found, Self.raw), descriptor: 4)
        bench.say(.data(.hostToChip, [2]))
        #expect(
            bench.events() == [
                .portOpened, .baud(.host, bitsPerSecond: 115_200), .data(.hostToChip, [1]), .data(.hostToChip, [2]),
            ])
    }

    @Test func lines() {
        var bench = Bench()
        bench.say(.opened(path: ""))
        bench.say(.lines(.read, [.dataTerminalReady, .requestToSend, .clearToSend]))
        bench.say(.lines(.release, [.dataTerminalReady]))
        bench.say(.lines(.release, [.dataTerminalReady]))
        bench.say(.lines(.set, [.dataTerminalReady]))
        bench.say(.lines(.assert, [.requestToSend]))
        bench.say(.lines(.read, [.dataTerminalReady, .requestToSend]))
        bench.say(.lines(.set, [.dataTerminalReady]), error: 25)
        bench.say(.lines(.release, [.requestToSend]), error: 25)
        #expect(
            bench.events() == [
                .portOpened, .controlLines([.dataTerminalReady, .requestToSend, .clearToSend]),
                .controlLines([.requestToSend, .clearToSend]), .controlLines([.dataTerminalReady, .clearToSend]),
                .controlLines([.dataTerminalReady, .requestToSend, .clearToSend]),
                .controlLines([.dataTerminalReady, .requestToSend]),
                .note("the host asked for DTR on, RTS off; the port refused (ENOTTY)"),
                .note("the host asked for RTS off; the port refused (ENOTTY)"),
            ])
    }

    @Test func everythingElse() {
        var bench = Bench()
        bench.say(.opened(path: ""))
        bench.say(.flushed(.both))
        bench.say(.breakSent)
        bench.say(.breakEnded)
        bench.say(.flushed(.input), error: 5)
        for _ in 0..<2 { bench.say(.failed(.chipToHost), error: 5) }
        for _ in 0..<2 { bench.say(.streamed) }
        #expect(
            bench.events() == [
                .portOpened, .flushed(.both), .breakSent, .note("the port refused to flush input (EIO)"),
                .note("a read from the port failed (EIO)"),
                .note("the program uses C's streams on the port: what they read and write may be missing here"),
            ])
    }

    /// What the pipe had no room for is said, and summed without an overflow.
    @Test func losses() {
        let reason = "the recorder fell behind (all ports together)"
        var bench = Bench()
        bench.say(.lost(sent: 5, received: .max, others: 2))
        bench.say(.lost(sent: 0, received: .max, others: .max))
        #expect(
            bench.events() == [
                .lost(.hostToChip, count: 5, reason: reason), .lost(.chipToHost, count: .max, reason: reason),
                .note("2 other events are missing here: \(reason)"),
                .lost(.chipToHost, count: .max, reason: reason),
                .note("\(Int.max) other events are missing here: \(reason)"),
            ])
        #expect(bench.ports.lost.hostToChip == 5)
        #expect(bench.ports.lost.chipToHost == .max)
    }

    /// A terminal that is not raw is complained about once, when it matters.
    @Test func aTerminalThatIsNotRaw() {
        let cooked = PortSettings(baud: 38_400, format: .eightNone1, mode: [.canonical])
        var bench = Bench()
        bench.say(.opened(path: ""))
        bench.say(.settings(.found, cooked))
        bench.say(.settings(.setNow, Self.raw))
        bench.say(.data(.hostToChip, [1]))
        bench.say(.settings(.setNow, cooked))
        for byte in UInt8(2)...3 { bench.say(.data(.hostToChip, [byte])) }
        #expect(
            bench.events().dropFirst(3) == [
                .baud(.host, bitsPerSecond: 38_400), .note(TerminalMode.canonical.complaint ?? ""),
                .data(.hostToChip, [2]), .data(.hostToChip, [3]),
            ])
    }

    /// Ports without end, and descriptors, and clients that were never there.
    @Test func nothingGrowsWithoutBound() {
        var bench = Bench()
        for minor in 0..<1000 { bench.say(.opened(path: "x"), of: TerminalDevice(major: 4, minor: UInt32(minor))) }
        for descriptor in 0..<10_000 {
            bench.say(.opened(path: "x"), of: TerminalDevice(major: 4, minor: 0), descriptor: Int32(descriptor))
        }
        bench.say(.data(.chipToHost, [1]), of: Self.first)
        bench.say(.closed, of: Self.first, from: 77)
        bench.ports.left(78, at: .zero)
        #expect(bench.events() == [.portOpened])
        #expect(bench.ports.ports.count == 64)
    }
}
