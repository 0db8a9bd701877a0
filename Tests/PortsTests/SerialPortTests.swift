import CPorts
import Glibc
import Line
import Ports
import Testing

@Suite struct SerialPortTests {
    private func receive(_ count: Int, from port: inout SerialPort) throws -> [UInt8] {
        let clock = MonotonicClock()
        let end = Instant(nanoseconds: 2_000_000_000)
        var bytes: [UInt8] = []
        while bytes.count < count, clock.now < end {
            _ = try Readiness.wait(for: [port.pollDescriptor()], until: end, clock: clock)
            try port.read { span in span.withUnsafeBufferPointer { bytes += Array($0) } }
        }
        return bytes
    }

    @Test func carriesEveryByteBothWays() throws {
        var device = try PseudoTerminal()
        var host = try SerialPort.open(path: device.path, baud: 115_200)
        #expect(host.isPseudoTerminal == true)
        #expect(host.baud == 115_200)
        _ = try watch(&device) { $0.contains(.opened) }
        let all = (0...255).map { UInt8($0) }

        #expect(try host.write(all.span) == 256)
        #expect(host.isDrained == true)
        #expect(try watch(&device) { $0.bytes.count >= 256 }.bytes == all)
        #expect(try device.write(all.span) == 256)
        #expect(try receive(256, from: &host) == all)
    }

    @Test func changesItsRate() throws {
        var device = try PseudoTerminal()
        var host = try SerialPort.open(path: device.path, baud: 115_200)
        _ = try host.write([1].span)
        _ = try watch(&device) { $0.bytes == [1] }
        for baud in [921_600, 1_843_200, 2_000_000, 115_200] {
            try host.setBaud(baud)
            #expect(host.baud == baud)
            // What was found together with the change would count at the old rate (ECR6600 facts §13.9).
            device.lookOnce()
            _ = try host.write([2].span)
            #expect(try watch(&device) { !$0.bytes.isEmpty }.last == .data([2], baud))
        }
    }

    @Test func putsTheSettingsBack() throws {
        let device = try PseudoTerminal()
        let before = device.clientBaud
        let host = try SerialPort.open(path: device.path, baud: 921_600)
        #expect(device.clientBaud == 921_600)
        host.close()
        #expect(device.clientBaud == before)
        let client = try Client(opening: device.path)
        var settings = termios()
        #expect(tcgetattr(client.descriptor, &settings) == 0)
        #expect(settings.c_lflag & tcflag_t(ICANON) != 0)
    }

    /// All but the rate, where that is not its own.
    @Test func mayLeaveTheRate() throws {
        let device = try PseudoTerminal()
        var host = try SerialPort.open(path: device.path, baud: 115_200)
        try host.markErrors()
        try host.setBaud(921_600)
        host.leavesRate = true
        host.close()
        #expect(device.clientBaud == 921_600)
        let client = try Client(opening: device.path)
        var settings = termios()
        #expect(tcgetattr(client.descriptor, &settings) == 0)
        #expect(settings.c_lflag & tcflag_t(ICANON) != 0)
        #expect(settings.c_iflag & tcflag_t(PARMRK | INPCK) == 0, "what was marked is marked no more")
    }

    @Test func discardsInput() throws {
        var device = try PseudoTerminal()
        var host = try SerialPort.open(path: device.path, baud: 115_200)
        _ = try watch(&device) { $0.contains(.opened) }
        _ = try device.write([1, 2, 3].span)
        try host.flushInput()
        _ = try device.write([4].span)
        #expect(try receive(1, from: &host) == [4])
    }

    @Test func saysThatAPortIsBusy() throws {
        let device = try PseudoTerminal()
        let host = try SerialPort.open(path: device.path, baud: 115_200)
        #expect(code { _ = try SerialPort.open(path: device.path, baud: 115_200) } == .busy)
        host.close()
        // A program that locks as pySerial's exclusive mode does, and one that uses TIOCEXCL.
        let other = try Client(opening: device.path)
        #expect(flock(other.descriptor, LOCK_EX | LOCK_NB) == 0)
        #expect(code { _ = try SerialPort.open(path: device.path, baud: 115_200) } == .busy)
        #expect(flock(other.descriptor, LOCK_UN) == 0)
        #expect(ports_exclusive_set(other.descriptor, 1) == 0)
        #expect(code { _ = try SerialPort.open(path: device.path, baud: 115_200) } == .busy)
    }

    @Test func saysThatThereIsNoPort() throws {
        #expect(code { _ = try SerialPort.open(path: "/dev/pts/999999", baud: 115_200) } == .missing)
        #expect(code { _ = try SerialPort.open(path: "/dev/null", baud: 115_200) } == .notATerminal)
    }

    @Test func saysThatThisUserMayNot() throws {
        let device = try PseudoTerminal()
        #expect(chmod(device.path, 0) == 0)
        let path = device.path
        let error = try asOrdinaryUser {
            #expect(throws: PortError.self) { _ = try SerialPort.open(path: path, baud: 115_200) }
        }
        #expect(error?.code == .noPermission)
        #expect(error?.description.contains("dialout") == true)
    }

    @Test func saysThatThePortIsGone() throws {
        let device = try PseudoTerminal()
        var host = try SerialPort.open(path: device.path, baud: 115_200)
        device.close()
        #expect(code { try host.read { _ in } } == .hungUp)
        #expect(code { _ = try host.write([1].span) } == .hungUp)
        let ready = try Readiness.wait(for: [host.pollDescriptor()], until: nil, clock: MonotonicClock())
        #expect(ready[0].contains(.hungUp))
    }

    /// Root may open everything: for this thread and this call, files are opened as user 65534.
    private func asOrdinaryUser<Result>(_ body: () throws -> Result) throws -> Result {
        guard geteuid() == 0 else { return try body() }
        typealias SetFileUser = @convention(c) (UInt32) -> Int32
        let symbol = try #require(dlsym(nil, "setfsuid"))
        let setFileUser = unsafeBitCast(symbol, to: SetFileUser.self)
        _ = setFileUser(65534)
        defer { _ = setFileUser(0) }
        return try body()
    }
}
