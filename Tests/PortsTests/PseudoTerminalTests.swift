import CPorts
import Files
import Glibc
import Line
import Ports
import Testing

@Suite struct PseudoTerminalTests {
    /// A device is written through: a test that fails as root must not cost anybody their /dev/null, so it is one of ours.
    @Test func aFileWrittenToItsPathGoesThrough() throws {
        let device = try PseudoTerminal()
        try FileStore.replace(path: device.path, with: [1, 2, 3].span)
        var status = stat()
        #expect(stat(device.path, &status) == 0 && status.st_mode & S_IFMT == S_IFCHR)
        #expect(!FileStore.wouldReplace(path: device.path))
    }

    @Test(arguments: [115_200, 921_600, 1_843_200, 2_000_000])
    func tellsTheRateTheClientHasSet(baud: Int) throws {
        var port = try PseudoTerminal()
        let client = try Client(opening: port.path)
        try client.setRaw(baud: baud)
        _ = try watch(&port) { $0.contains(.opened) }
        #expect(port.clientBaud == baud)

        try client.send([0x63, 0x6E, 0x79, 0x73])
        let seen = try watch(&port) { !$0.bytes.isEmpty }
        #expect(seen.last == .data([0x63, 0x6E, 0x79, 0x73], baud))
    }

    /// A client that forgot raw mode (ptys: a pseudo-terminal begins as the kernel makes it, cooked and echoing) is told of,
    /// once, before its bytes; one that set it is not.
    @Test func tellsWhatATerminalDoesToBytes() throws {
        var port = try PseudoTerminal()
        let client = try Client(opening: port.path)
        try client.send([0x41, 0x0A])
        let cooked = try watch(&port) { !$0.bytes.isEmpty }.modes
        try #require(cooked.count == 1)
        #expect(cooked[0].isSuperset(of: [.canonical, .echo, .signals, .returnToNewline, .obeysXonXoff]))
        #expect(cooked[0].complaint?.contains("ICANON, ECHO, ISIG, ICRNL, IXON") == true)
        try client.send([0x42, 0x0A])
        #expect(try watch(&port) { !$0.bytes.isEmpty }.modes == [], "told already")
        try client.setRaw(baud: 115_200)
        try client.send([0x43])
        #expect(try watch(&port) { !$0.bytes.isEmpty }.modes == [[]])
        #expect(TerminalMode([]).complaint == nil)
        #expect(TerminalMode.obeysXonXoff.complaint?.contains("software flow control") == true)
    }

    /// ECR6600 facts §13.9: what is found together with a change was written before it.
    @Test func dataFoundWithAChangeCountsAtTheOldRate() throws {
        var port = try PseudoTerminal()
        let client = try Client(opening: port.path)
        try client.setRaw(baud: 115_200)
        try client.send([1])
        _ = try watch(&port) { !$0.bytes.isEmpty }
        try client.send([2])
        try client.setRaw(baud: 921_600)
        #expect(
            try watch(&port, until: { $0.contains(.baud(921_600)) }).withoutFlushes == [
                .data([2], 115_200), .baud(921_600),
            ])
        try client.send([3])
        #expect(try watch(&port) { !$0.bytes.isEmpty } == [.data([3], 921_600)])
    }

    /// The same holds for all that had been written, also where it fills several packets.
    @Test func muchDataFoundWithAChangeCountsAtTheOldRate() throws {
        var port = try PseudoTerminal()
        let client = try Client(opening: port.path)
        try client.setRaw(baud: 115_200)
        try client.send([1])
        _ = try watch(&port) { !$0.bytes.isEmpty }
        let much = [UInt8](repeating: 2, count: 10_000)
        try client.send(much)
        try client.setRaw(baud: 921_600)
        #expect(
            try watch(&port, until: { $0.contains(.baud(921_600)) }).withoutFlushes == [
                .data(much, 115_200), .baud(921_600),
            ])
    }

    /// A change that comes while nothing is written is known before what follows.
    @Test func aChangeWithoutDataIsToldAtOnce() throws {
        var port = try PseudoTerminal()
        let client = try Client(opening: port.path)
        try client.setRaw(baud: 115_200)
        #expect(try watch(&port, until: { $0.contains(.baud(115_200)) }).withoutFlushes == [.opened, .baud(115_200)])
        try client.setRaw(baud: 460_800)
        port.lookOnce()
        try client.send([7])
        #expect(try watch(&port) { !$0.bytes.isEmpty } == [.data([7], 460_800)])
    }

    /// Before its first setting a client has sent nothing, so what comes with that one came after it: with a new port and
    /// with one on which an earlier client had another rate.
    @Test func theFirstSettingComesBeforeItsData() throws {
        var port = try PseudoTerminal()
        for baud in [115_200, 921_600] {
            let client = try Client(opening: port.path)
            try client.setRaw(baud: baud)
            try client.send([9])
            let seen = try watch(&port) { !$0.bytes.isEmpty }
            #expect(seen.suffix(2) == [.baud(baud), .data([9], baud)])
            client.leave()
            _ = try watch(&port) { $0.contains(.closed) }
        }
    }

    @Test func tellsOpeningDataAndClosingInThatOrder() throws {
        var port = try PseudoTerminal()
        #expect(try watch(&port) { _ in true } == [])
        #expect(port.isOpen == false)

        let client = try Client(opening: port.path)
        #expect(try watch(&port) { $0.contains(.opened) } == [.opened])
        #expect(port.isOpen == true)

        // Written and closed before anybody looks: nothing is lost, and the order stands.
        try client.setRaw(baud: 115_200)
        try client.send(Array("last words".utf8))
        client.leave()
        let seen = try watch(&port) { $0.contains(.closed) }
        #expect(
            seen.withoutFlushes == [
                .baud(115_200), .data(Array("last words".utf8), 115_200), .closed,
            ])
        #expect(port.isOpen == false)
    }

    @Test func aWholeSessionBetweenTwoLooksIsToldWhole() throws {
        var port = try PseudoTerminal()
        let client = try Client(opening: port.path)
        try client.send(Array("short".utf8))
        client.leave()
        let seen = try watch(&port) { $0.contains(.closed) }
        #expect(seen.first == .opened)
        #expect(seen.last == .closed)
        #expect(seen.bytes == Array("short".utf8))
    }

    @Test func aSecondClientIsPartOfTheSameSession() throws {
        var port = try PseudoTerminal()
        let first = try Client(opening: port.path)
        _ = try watch(&port) { $0.contains(.opened) }
        let second = try Client(opening: port.path)
        #expect(try watch(&port) { _ in true } == [])
        second.leave()
        #expect(try watch(&port) { _ in true } == [])
        #expect(port.isOpen == true)
        first.leave()
        #expect(try watch(&port) { $0.contains(.closed) } == [.closed])
    }

    @Test func twoOpeningsToldAsOneHealWithTheNextByte() throws {
        var port = try PseudoTerminal()
        let first = try Client(opening: port.path)
        let second = try Client(opening: port.path)
        try second.setRaw(baud: 115_200)
        _ = try watch(&port) { $0.contains(.opened) }
        first.leave()
        _ = try watch(&port) { $0.contains(.closed) }
        // inotify has merged the two openings: the second client is not known any more, until it writes.
        try second.send([1])
        let seen = try watch(&port) { !$0.bytes.isEmpty }
        #expect(seen.bytes == [1])
        #expect(port.isOpen == true)
    }

    @Test func tellsTheClientsFlushes() throws {
        var port = try PseudoTerminal()
        let client = try Client(opening: port.path)
        _ = try watch(&port) { $0.contains(.opened) }
        tcflush(client.descriptor, TCIFLUSH)
        #expect(try watch(&port) { !$0.isEmpty } == [.flushed(input: true, output: false)])
        tcflush(client.descriptor, TCOFLUSH)
        #expect(try watch(&port) { !$0.isEmpty } == [.flushed(input: false, output: true)])
        tcflush(client.descriptor, TCIOFLUSH)
        #expect(try watch(&port) { !$0.isEmpty } == [.flushed(input: true, output: true)])
    }

    @Test func staleBytesNeverReachTheNextClient() throws {
        var port = try PseudoTerminal()
        let first = try Client(opening: port.path)
        try first.setRaw(baud: 115_200)
        _ = try watch(&port) { $0.contains(.opened) }
        #expect(try port.write([0x7A, 0x7A].span) == 2)
        first.leave()
        #expect(try watch(&port) { $0.contains(.closed) }.last == .closed)
        // Nobody is there: taken and dropped.
        #expect(try port.write([0x79].span) == 1)
        #expect(port.droppedByteCount == 1)

        let second = try Client(opening: port.path)
        let seen = try watch(&port) { $0.contains(.opened) }
        #expect(seen == [.opened], "our own flush is not told as the client's")
        #expect(try port.write([0x01].span) == 1)
        #expect(second.receive(count: 1) == [0x01])
        #expect(second.receive() == [])
    }

    @Test func settingsLastFromClientToClientButAClaimAndAHaltDoNot() throws {
        var port = try PseudoTerminal()
        let first = try Client(opening: port.path)
        try first.setRaw(baud: 921_600)
        #expect(ports_exclusive_set(first.descriptor, 1) == 0)
        #expect(tcflow(first.descriptor, TCOOFF) == 0)
        _ = try watch(&port) { $0.contains(.opened) }
        first.leave()
        _ = try watch(&port) { $0.contains(.closed) }
        let second = try Client(opening: port.path)
        #expect(ports_exclusive_get(second.descriptor) == 0)
        #expect(port.clientBaud == 921_600)
        try second.send([1])
        #expect(try watch(&port) { !$0.bytes.isEmpty }.bytes == [1])
    }

    @Test func nothingIsLostWhenTheNextClientComesAtOnce() throws {
        var port = try PseudoTerminal()
        let client = try Client(opening: port.path)
        try client.setRaw(baud: 115_200)
        _ = try watch(&port) { $0.contains(.opened) }
        let bytes = (0..<8192).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 3) }
        try client.send(bytes)
        client.leave()
        let next = try Client(opening: port.path)
        let seen = try watch(&port) { $0.bytes.count == bytes.count && $0.contains(.closed) }
        #expect(seen.bytes == bytes)
        #expect(port.isOpen == true)
        next.leave()
        #expect(try watch(&port) { $0.contains(.closed) }.last == .closed)
    }

    @Test func aClientThatForgotRawModeMeetsTheLineDiscipline() throws {
        var port = try PseudoTerminal()
        let client = try Client(opening: port.path)
        _ = try watch(&port) { $0.contains(.opened) }
        // Cooked: ^C eats the line before it, CR becomes LF, and everything is echoed to the chip.
        #expect(try port.write(Array("ab\u{3}c\r".utf8).span) == 5)
        #expect(client.receive(count: 2) == Array("c\n".utf8))
        #expect(try watch(&port) { $0.bytes.count >= 5 }.bytes.contains(UInt8(ascii: "c")))
    }

    @Test func aFullQueueTakesNothingAndLosesNothing() throws {
        var port = try PseudoTerminal()
        let client = try Client(opening: port.path)
        try client.setRaw(baud: 115_200)
        _ = try watch(&port) { $0.contains(.opened) }
        let block = [UInt8](repeating: 0x55, count: 4096)
        var taken = 0
        while true {
            let count = try port.write(block.span)
            taken += count
            if count == 0 { break }
        }
        #expect(taken > 4096 && taken < 1 << 20)
        #expect(client.receive(count: taken).count == taken)
    }

    @Test func onlyThisUserMayOpenIt() throws {
        let port = try PseudoTerminal()
        var status = stat()
        #expect(stat(port.path, &status) == 0)
        #expect(status.st_mode & 0o777 == 0o600)
        #expect(status.st_uid == getuid())
    }
}
