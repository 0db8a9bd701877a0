import CPorts
import Glibc
import Line
import Ports
import TestForms
import Testing

/// Everything that a program has written before it asks is told before its request, whatever the kernel is still doing.
@Suite struct LinedTerminalTests {
    /// A program that asks as the preload library does, but does not wait.
    private struct Asker {
        let path: String
        func ask(_ kind: UInt8, _ first: UInt8 = 0) throws -> Int32 {
            let descriptor = ports_local_connect(path, 1000)
            try #require(descriptor >= 0)
            let bytes: [UInt8] = [1, 0, 0, 0, kind, 0, 0, 0, first, 0, 0, 0, 0, 0, 0, 0]
            try #require(ports_local_send(descriptor, bytes, bytes.count) == bytes.count)
            return descriptor
        }
    }

    private let answer = PortAnswer(lines: [], received: 0, sent: 0, serial: SerialSettings())

    /// What one look tells, and whom it would answer.
    private func look(_ port: inout LinedTerminal) throws -> (seen: [Seen], askers: [UInt64]) {
        var seen: [Seen] = []
        var askers: [UInt64] = []
        try port.read(atMost: 1 << 16) { input in
            seen.append(input)
            if case .request(_, let asker, _) = input { askers.append(asker) }
        }
        return (seen, askers)
    }

    @Test func dataStandsBeforeItsRequest() throws {
        let folder = try Folder()
        var port = LinedTerminal(try PseudoTerminal(), asking: try LinesSocket(path: folder["lines"]))
        let asker = Asker(path: folder["lines"])
        let client = try Client(opening: port.path)
        try client.setRaw(baud: 115_200)
        close(try asker.ask(2))
        let first = try look(&port)
        #expect(first.seen.withoutFlushes == [.opened, .baud(115_200), .request(.opened, baud: nil)])
        var generator = SplitMix64(seed: 3)
        for round in 0..<2000 {
            let count = 1 + Int(generator.next() % (round % 10 == 0 ? 9000 : 40))
            let bytes = (0..<count).map { _ in UInt8(truncatingIfNeeded: generator.next()) }
            try client.send(bytes)
            close(try asker.ask(1))
            let (seen, askers) = try look(&port)
            try #require(seen.last == .request(.state, baud: nil), "round \(round)")
            try #require(seen.bytes == bytes, "round \(round): \(seen.bytes.count) of \(count)")
            for asker in askers { port.answer(asker, answer) }
        }
    }

    /// ECR6600 facts §13.9, cured: what was written before a change is at the old rate, what comes after its request at the
    /// new one, whether or not somebody looks before the program has asked.
    @Test func ratesChangeInTheirPlace() throws {
        let folder = try Folder()
        var port = LinedTerminal(try PseudoTerminal(), asking: try LinesSocket(path: folder["lines"]))
        let asker = Asker(path: folder["lines"])
        let client = try Client(opening: port.path)
        try client.setRaw(baud: 115_200)
        close(try asker.ask(4))
        _ = try look(&port)
        var old = 115_200
        for (baud, looks) in [(921_600, false), (9600, true), (1_843_200, false), (115_200, true)] {
            try client.send([1, 2, 3])
            try #require(ports_baud_set(client.descriptor, UInt32(baud)) == 0)
            var seen: [Seen] = []
            if looks {
                for _ in 0..<3 { seen += try look(&port).seen }
                #expect(seen == [.data([1, 2, 3], old)], "the rate changes with the request")
            }
            close(try asker.ask(4))
            seen += try look(&port).seen
            #expect(seen == [.data([1, 2, 3], old), .request(.settings, baud: baud)])
            try client.send([4])
            #expect(try look(&port).seen == [.data([4], baud)])
            old = baud
        }
        // Set in a way that the library does not see.
        try #require(ports_baud_set(client.descriptor, 9600) == 0)
        #expect(try look(&port).seen == [])
        try client.send([5])
        #expect(try look(&port).seen == [.baud(9600), .data([5], 9600)])
    }

    /// A client that has not asked at its opening is none of the library's: that is said, once.
    @Test func strangersAreNoticed() throws {
        let folder = try Folder()
        var port = LinedTerminal(try PseudoTerminal(), asking: try LinesSocket(path: folder["lines"]))
        let asker = Asker(path: folder["lines"])
        func remarks(_ seen: [Seen]) -> Int { seen.count { if case .remark = $0 { true } else { false } } }
        for (asks, wanted) in [(true, 0), (false, 1), (false, 0)] {
            let client = try Client(opening: port.path)
            try client.setRaw(baud: 115_200)
            if asks { close(try asker.ask(2)) }
            var told = remarks(try look(&port).seen)
            try client.send([1])
            told += remarks(try look(&port).seen)
            #expect(told == wanted)
            client.leave()
            _ = try look(&port)
        }
    }

    /// What the client has been given is gone for it, and it learns of nothing else.
    @Test func whatIsUnreadIsDropped() throws {
        let folder = try Folder()
        var port = LinedTerminal(try PseudoTerminal(), asking: try LinesSocket(path: folder["lines"]))
        let client = try Client(opening: port.path)
        try client.setRaw(baud: 115_200)
        _ = try look(&port)
        for round in 0..<500 {
            #expect(try port.write([1, 2, 3].span) == 3)
            port.dropUnread()
            #expect(try port.write([UInt8(truncatingIfNeeded: round)].span) == 1)
            try #require(client.receive(count: 1) == [UInt8(truncatingIfNeeded: round)], "round \(round)")
            #expect(try look(&port).seen == [], "no flush of the client's")
        }
    }

    @Test func withoutASocketItIsAPseudoTerminal() throws {
        var port = LinedTerminal(try PseudoTerminal(), asking: nil)
        let client = try Client(opening: port.path)
        try client.setRaw(baud: 115_200)
        try client.send([7])
        #expect(try look(&port).seen.bytes == [7])
        #expect(port.pollDescriptors(takesInput: true, hasOutput: false).count == 2)
        let hangsUp = port.hangsUpOnClose
        #expect(!hangsUp)
    }
}
