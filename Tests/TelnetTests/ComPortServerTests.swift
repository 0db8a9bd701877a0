import Line
import Telnet
import Testing

/// RFC 2217, command by command: what the client sends, what it is answered.
@Suite struct ComPortServerTests {
    // MARK: §1, negotiation

    /// Eight bits both ways, and the option itself, are proposed at once.
    @Test func theServerProposes() {
        var conversation = Conversation()
        conversation.server.begin()
        #expect(
            conversation.takeOutput() == [
                255, 251, 0, 255, 253, 0, 255, 251, 3, 255, 253, 3, 255, 253, 44,
            ])
    }

    /// RFC 855: a consent to a proposal is not answered, a proposal is, and once.
    @Test func nothingIsAnsweredTwice() {
        var conversation = Conversation()
        conversation.server.begin()
        _ = conversation.takeOutput()
        conversation.hear([255, 253, 0, 255, 251, 0, 255, 253, 3, 255, 251, 3])
        #expect(conversation.takeOutput() == [])
        conversation.hear([255, 251, 0, 255, 253, 0, 255, 254, 3, 255, 254, 3])
        #expect(conversation.takeOutput() == [255, 252, 3], "an end of what was agreed on, and one of nothing")
        conversation.hear([255, 253, 3, 255, 253, 3])
        #expect(conversation.takeOutput() == [255, 251, 3])
    }

    /// A client that agrees on the option is notified of the lines once, for some wait for it.
    @Test(arguments: [TelnetVerb.will, .do])
    func theLinesAreToldAtFirst(verb: TelnetVerb) {
        var conversation = Conversation()
        conversation.server.begin()
        _ = conversation.takeOutput()
        conversation.hear([255, verb.rawValue, 44])
        let consent: [UInt8] = verb == .will ? [] : [255, 251, 44]
        #expect(conversation.takeOutput() == consent + comPort(107, 0))
        conversation.hear([255, 251, 44, 255, 253, 44])
        #expect(conversation.takeOutput().count <= 3, "and not again")
    }

    @Test func whatIsNotKnownIsRefused() {
        var conversation = Conversation()
        // ECHO, TERMINAL-TYPE and the last number that there is.
        #expect(conversation.answer(to: [255, 253, 1]) == [255, 252, 1])
        #expect(conversation.answer(to: [255, 251, 24]) == [255, 254, 24])
        #expect(conversation.answer(to: [255, 253, 255]) == [255, 252, 255])
        #expect(conversation.answer(to: [255, 254, 1, 255, 252, 24]) == [])
        #expect(conversation.answer(to: [255, 250, 24, 1, 255, 240]) == [])
    }

    // MARK: §2, the port's settings

    @Test(
        arguments: [
            (115_200, [0, 1, 0xC2, 0]), (921_600, [0, 0x0E, 0x10, 0]), (65_280, [0, 0, 255, 0]), (1, [0, 0, 0, 1]),
            (4_294_967_295, [255, 255, 255, 255]),
        ] as [(Int, [UInt8])])
    func baudRates(baud: Int, octets: [UInt8]) {
        var conversation = Conversation()
        let escaped = octets.flatMap { $0 == 255 ? [255, 255] : [$0] }
        conversation.hear([255, 250, 44, 1] + escaped + [255, 240])
        #expect(conversation.takeOutput() == [], "before it is so")
        #expect(conversation.take() == [.action(.baud(baud))])
        conversation.server.confirm(.baud(baud))
        #expect(conversation.takeOutput() == [255, 250, 44, 101] + escaped + [255, 240])
        #expect(
            conversation.answer(to: comPort(1, 0, 0, 0, 0)) == [255, 250, 44, 101] + escaped + [255, 240], "asked")
    }

    @Test func aPortThatWasNotSetHas115200() {
        var conversation = Conversation()
        #expect(conversation.answer(to: comPort(1, 0, 0, 0, 0)) == comPort(101, 0, 1, 0xC2, 0))
    }

    /// "If the access server cannot, it answers with what it has": asked for, and what there is.
    @Test(
        arguments: [
            (2, 0, 8), (2, 8, 8), (2, 7, 8), (2, 5, 8), (3, 0, 1), (3, 1, 1), (3, 2, 1), (3, 3, 1), (3, 4, 1),
            (3, 5, 1),
            (4, 0, 1), (4, 1, 1), (4, 2, 2), (4, 3, 1),
        ] as [(UInt8, UInt8, UInt8)])
    func formats(code: UInt8, asked: UInt8, has: UInt8) {
        var conversation = Conversation()
        conversation.hear(comPort(code, asked))
        #expect(conversation.takeOutput() == comPort(code + 100, has))
        // Who asks for something that there is not is at odds with the chip: the bench says so, once.
        #expect(conversation.take().count == (asked == 0 || asked == has ? 0 : 1))
        conversation.hear(comPort(code, asked))
        #expect(conversation.take() == [])
    }

    @Test func twoStopBitsAreKept() {
        var conversation = Conversation()
        _ = conversation.answer(to: comPort(4, 2))
        #expect(conversation.answer(to: comPort(4, 0)) == comPort(104, 2))
        #expect(conversation.answer(to: comPort(4, 3)) == comPort(104, 2))
    }

    @Test func signature() {
        var conversation = Conversation()
        #expect(conversation.answer(to: comPort(0)) == [255, 250, 44, 100] + "solderless".utf8 + [255, 240])
        #expect(conversation.answer(to: [255, 250, 44, 0] + "a client".utf8 + [255, 240]) == [], "its own")
    }

    // MARK: §3, SET-CONTROL

    /// What is asked for, what is done, what is answered.
    @Test(
        arguments: [
            (5, .breakState(isOn: true), 5), (6, .breakState(isOn: false), 6),
            (8, .line(.dataTerminalReady, isAsserted: true), 8), (9, .line(.dataTerminalReady, isAsserted: false), 9),
            (11, .line(.requestToSend, isAsserted: true), 11), (12, .line(.requestToSend, isAsserted: false), 12),
        ] as [(UInt8, ComPortAction, UInt8)])
    func controls(asked: UInt8, action: ComPortAction, answered: UInt8) {
        var conversation = Conversation()
        conversation.hear(comPort(5, asked))
        #expect(conversation.take() == [.action(action)])
        #expect(conversation.takeOutput() == [])
        conversation.server.confirm(action)
        #expect(conversation.takeOutput() == comPort(105, answered))
    }

    /// Released until the client asserts them: 4 asks for the break, 7 for DTR, 10 for RTS.
    @Test func controlsAreAskedFor() {
        var conversation = Conversation()
        func state() -> [UInt8] {
            conversation.answer(to: comPort(5, 4) + comPort(5, 7) + comPort(5, 10))
        }
        #expect(state() == comPort(105, 6) + comPort(105, 9) + comPort(105, 12))
        _ = conversation.answer(to: comPort(5, 5) + comPort(5, 8) + comPort(5, 11))
        #expect(state() == comPort(105, 5) + comPort(105, 8) + comPort(105, 11))
        _ = conversation.answer(to: comPort(5, 6) + comPort(5, 9))
        #expect(state() == comPort(105, 6) + comPort(105, 9) + comPort(105, 11))
    }

    /// There is no flow control: 1 of both directions, 14 of the inbound one, whatever is asked for.
    @Test(
        arguments: [
            (0, 1), (1, 1), (2, 1), (3, 1), (13, 14), (14, 14), (15, 14), (16, 14), (17, 1), (18, 14), (19, 1),
        ] as [(UInt8, UInt8)])
    func flowControl(asked: UInt8, has: UInt8) {
        var conversation = Conversation()
        conversation.hear(comPort(5, asked))
        #expect(conversation.takeOutput() == comPort(105, has))
        #expect(conversation.take().count == ([0, 1, 13, 14].contains(asked) ? 0 : 1))
    }

    // MARK: §4, notifications

    /// Told as far as the mask says, with what has changed in the lower half: CTS, DSR, RI (its end alone), DCD.
    @Test func modemState() {
        var conversation = Conversation()
        func told(_ lines: ControlLines) -> [UInt8] {
            conversation.server.see(lines)
            return conversation.takeOutput()
        }
        #expect(told([]) == [])
        #expect(told(.clearToSend) == comPort(107, 0x11))
        #expect(told([.clearToSend, .dataSetReady]) == comPort(107, 0x32))
        #expect(told([.clearToSend, .dataSetReady]) == [])
        #expect(told([.dataSetReady, .carrierDetect, .ring]) == comPort(107, 0xE9))
        #expect(told([.dataSetReady, .carrierDetect]) == comPort(107, 0xA4))
        #expect(conversation.answer(to: comPort(7)) == comPort(107, 0xA0), "asked")
        #expect(conversation.answer(to: comPort(11, 0x10)) == comPort(111, 0x10))
        #expect(told([]) == [], "no change of what the mask lets through")
        #expect(conversation.answer(to: comPort(11, 0x11)) == comPort(111, 0x11))
        #expect(told([.clearToSend, .ring]) == comPort(107, 0x11))
    }

    @Test func lineState() {
        var conversation = Conversation()
        #expect(conversation.answer(to: comPort(10, 0xFF)) == comPort(110, 0xFF))
        #expect(conversation.answer(to: comPort(6)) == comPort(106, 0))
    }

    // MARK: §5, flow of the connection; §3, PURGE-DATA

    @Test func suspension() {
        var conversation = Conversation()
        conversation.hear(comPort(8))
        #expect(conversation.server.isSuspended)
        conversation.hear(comPort(9))
        #expect(!conversation.server.isSuspended)
        #expect(conversation.takeOutput() == [])
    }

    @Test(arguments: [(1, Queues.input), (2, .output), (3, .both)] as [(UInt8, Queues)])
    func purges(asked: UInt8, queues: Queues) {
        var conversation = Conversation()
        conversation.hear(comPort(12, asked))
        #expect(conversation.take() == [.action(.purge(queues))])
        conversation.server.confirm(.purge(queues))
        #expect(conversation.takeOutput() == comPort(112, asked))
    }

    // MARK: Data

    @Test func dataIsEscapedBothWays() {
        var conversation = Conversation()
        conversation.hear([1, 255, 255, 255, 255, 2])
        #expect(conversation.take() == [.data([1, 255, 255, 2])])
        conversation.server.send([255, 1, 255, 255, 2].span)
        #expect(conversation.takeOutput() == [255, 255, 1, 255, 255, 255, 255, 2])
    }

    /// Each thing at its place in the stream, however it is cut.
    @Test func theOrderIsTheStreams() {
        let stream =
            [1] + comPort(5, 8) + [2, 255, 255] + comPort(1, 0, 0x0E, 0x10, 0) + [3, 255, 243] + comPort(5, 9)
            + comPort(12, 2) + [4]
        let wanted: [Conversation.Seen] = [
            .data([1]), .action(.line(.dataTerminalReady, isAsserted: true)), .data([2, 255]), .action(.baud(921_600)),
            .data([3]), .action(.breakKey), .action(.line(.dataTerminalReady, isAsserted: false)),
            .action(.purge(.output)), .data([4]),
        ]
        for pieces in 1...stream.count {
            var conversation = Conversation()
            conversation.hear(stream, pieces: pieces)
            #expect(conversation.take() == wanted)
        }
    }

    /// Values that are none, and codes that there are not: nothing is done, nothing is answered.
    @Test(arguments: [
        comPort(), comPort(1), comPort(1, 0, 0, 1), comPort(1, 0, 0, 0, 0, 1), comPort(2), comPort(3), comPort(4),
        comPort(5), comPort(5, 20), comPort(5, 255), comPort(10), comPort(11), comPort(12), comPort(12, 0),
        comPort(12, 4), comPort(13), comPort(101, 0, 1, 0xC2, 0), comPort(112, 1), comPort(255),
    ])
    func nonsenseIsPassedOver(command: [UInt8]) {
        var conversation = Conversation()
        #expect(conversation.answer(to: command) == [])
        #expect(conversation.take() == [])
    }
}
