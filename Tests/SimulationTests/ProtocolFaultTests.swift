import Faults
import Line
import Testing
import Wire

/// Each fault of the protocol does what it says to the step it is aimed at, and to nothing else: on a session written by
/// hand, in whatever pieces its messages cross.
@Suite struct ProtocolFaultTests {
    private struct Message {
        var direction: Direction
        var step: Step
        var bytes: [UInt8]
    }

    private static func host(_ step: Step, _ bytes: [UInt8]) -> Message {
        Message(direction: .hostToChip, step: step, bytes: bytes)
    }

    private static func chip(_ step: Step, _ bytes: [UInt8]) -> Message {
        Message(direction: .chipToHost, step: step, bytes: bytes)
    }

    private static func sum(_ bytes: [UInt8]) -> [UInt8] { bytes + [bytes.reduce(0, &+)] }

    private static func block(_ number: UInt8) -> [UInt8] {
        var bytes: [UInt8] = []
        XMODEM.appendBlock(number: number, data: [UInt8](repeating: number, count: 1024).span, to: &bytes)
        return bytes
    }

    private static let address: [UInt8] = [0x00, 0x80, 0, 0]

    /// §1.4: a boot with an image of two pieces. §10: a write (91) and a read (92) of two blocks each. §4.2: BAUD.
    /// §4.3: a download (02) of two frames of 8 bytes, and an upload (03) of 16.
    private static let session: [Message] = [
        host(.sync, [0x63, 0x6E, 0x79, 0x73]), chip(.syncAnswer, [0x01]),
        host(.header, [1, 0, 0, 0, 0, 0, 1, 0, 0x10, 4, 0, 0]), chip(.headerAnswer, [0x00]),
        host(.piece, [UInt8](repeating: 0x31, count: 1024)), chip(.pieceAnswer, [0x00]),
        host(.piece, [UInt8](repeating: 0x32, count: 16)), chip(.pieceAnswer, [0x00]),

        host(.baud, sum([0xA5, 0x07, 4, 0, 0x00, 0x10, 0x0E, 0x00])),
        chip(.baudAnswer, [0x5A, 0x07, 0, 0, 0, 0x61]),

        host(.command, sum([0xA5, 0x91, 8, 0] + address + [0, 8, 0, 0])), chip(.answer, [0x5A, 0x91, 0, 0, 0, 0xEB]),
        chip(.ready, [0x43]), host(.block, block(1)), chip(.blockAck, [0x06]), host(.block, block(2)),
        chip(.blockNak, [0x15]), host(.block, block(2)), chip(.blockAck, [0x06]), host(.eot, [0x04]),
        chip(.eotAck, [0x06]),

        host(.command, sum([0xA5, 0x02, 8, 0] + address + [16, 0, 0, 0])), chip(.answer, [0x5A, 0x02, 0, 0, 0, 0x5C]),
        host(.dataFrame, sum([0xA5, 0x02, 9, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8])),
        chip(.dataAnswer, [0x5A, 0x02, 0, 0, 0, 0x5C]),
        host(.dataFrame, sum([0xA5, 0x02, 9, 0, 0, 9, 8, 7, 6, 5, 4, 3, 2])),
        chip(.dataAnswer, [0x5A, 0x02, 0, 0, 0, 0x5C]),

        host(.command, sum([0xA5, 0x03, 8, 0] + address + [16, 0, 0, 0])),
        chip(.uploadFrame, sum([0x5A, 0x03, 16, 0] + [UInt8](repeating: 0x77, count: 16) + [0])),

        host(.command, sum([0xA5, 0x92, 8, 0] + address + [0, 8, 0, 0])), chip(.answer, [0x5A, 0x92, 0, 0, 0, 0xEC]),
        host(.ready, [0x43]), chip(.block, block(1)), host(.blockAck, [0x06]), chip(.block, block(2)),
        host(.blockAck, [0x06]), chip(.eot, [0x04]), host(.eotAck, [0x06]),
    ]

    /// Every step of the session, with its place: the so manieth of its kind, in either direction. BAUD is a command, too.
    private static let steps: [(place: Int, aim: Aim)] = {
        var seen: [Step: Int] = [:]
        return session.indices.map { place in
            let step = session[place].step
            seen[step, default: 0] += 1
            if step == .baud { seen[.command, default: 0] += 1 }
            if step == .baudAnswer { seen[.answer, default: 0] += 1 }
            return (place, Aim(step, count: seen[step] ?? 0))
        }
    }()

    /// What arrived in each direction, and when the first character of each run did.
    private struct Arrived {
        var bytes = Pair<[UInt8]>([])
        var runs: [(direction: Direction, moment: Instant, count: Int)] = []
        var firings = 0
        var sentAt: [Instant] = []

        mutating func add(_ run: [UInt8], _ direction: Direction, at moment: Instant) {
            guard !run.isEmpty else { return }
            bytes[direction] += run
            runs.append((direction, moment, run.count))
        }
    }

    /// From one message to the next.
    private static let pause = Duration.milliseconds(200)

    private func carry(_ choice: FaultChoice, pieces: Int) throws -> Arrived { try carry([choice], pieces: pieces) }

    private func carry(_ choices: [FaultChoice], pieces: Int) throws -> Arrived {
        var conditions = LineConditions()
        conditions.faults = try FaultRegistry.lineFaults(choices)
        var generator = SplitMix64(seed: conditions.seed)
        var line = FaultChain(conditions.faults, seeds: &generator)
        var listener = SilentListener()
        var tracker = StepTracker()
        var steps: [StepStretch] = []
        var arrived = Arrived()
        var start = Instant.zero
        func inject(until moment: Instant) {
            for direction in Direction.allCases {
                while let deadline = line.deadline,
                    let come = line.release(by: moment, direction, sent: 0, &listener)
                {
                    arrived.add(come.characters, direction, at: come.timing?.start ?? deadline)
                }
            }
        }
        for message in Self.session {
            arrived.sentAt.append(start)
            let whole = RunTiming(start: start, backToBackAt: BitRate(baud: 115_200))
            var done = 0
            while done < message.bytes.count {
                let end = min(message.bytes.count, done + pieces)
                var run = Array(message.bytes[done..<end])
                let timing = whole.dropping(done)
                inject(until: timing.start)
                steps.removeAll()
                tracker.follow(run.span, message.direction, into: &steps)
                line.pass(&run, of: run, steps: steps, timing, message.direction, offset: 0, &listener)
                arrived.add(run, message.direction, at: timing.start)
                done = end
            }
            start = start.advanced(by: Self.pause)
        }
        inject(until: start.advanced(by: .seconds(1000)))
        arrived.firings = line.incidents[0].count
        return arrived
    }

    /// What should arrive when the message at `place` is another; nil for nothing of it.
    private func wanted(_ place: Int, _ change: ([UInt8]) -> [UInt8]) -> Pair<[UInt8]> {
        var bytes = Pair<[UInt8]>([])
        for (index, message) in Self.session.enumerated() {
            bytes[message.direction] += index == place ? change(message.bytes) : message.bytes
        }
        return bytes
    }

    /// What of a frame has passed before it could be known: its marker, if that came alone.
    private func passed(_ place: Int, pieces: Int) -> Int {
        let isFrame = [UInt8(0xA5), 0x5A].contains(Self.session[place].bytes[0])
        return isFrame && pieces == 1 ? 1 : 0
    }

    /// Every step, with a fault of this name. - Parameter change: what it makes of the message, of which so many bytes had
    /// passed.
    private func eachStep(
        _ name: String, values: [String: Int] = [:], pieces: Int,
        change: (_ message: [UInt8], _ passed: Int) -> [UInt8]
    ) throws {
        for (place, aim) in Self.steps {
            let arrived = try carry(FaultChoice(name, aim: aim, values: values), pieces: pieces)
            let passed = passed(place, pieces: pieces)
            let isRight = arrived.bytes == wanted(place) { change($0, passed) }
            #expect(isRight, "\(name) \(values) at \(aim), in pieces of \(pieces)")
            #expect(arrived.firings > 0, "\(name) at \(aim), in pieces of \(pieces)")
        }
    }

    static let pieces = [1, 2, 7, Int.max / 2]

    @Test(arguments: pieces)
    func drop(pieces: Int) throws {
        try eachStep("drop", pieces: pieces) { message, passed in Array(message[..<passed]) }
    }

    /// The first byte of a frame whose marker came alone cannot be changed any more; the second can.
    @Test(arguments: pieces, [2, 6, 60_000])
    func corrupt(pieces: Int, byte: Int) throws {
        try eachStep("corrupt", values: ["byte": byte, "xor": 0x81], pieces: pieces) { message, _ in
            var message = message
            message[min(byte, message.count) - 1] ^= 0x81
            return message
        }
    }

    /// Which byte it is the seed decides: exactly one is another.
    @Test(arguments: pieces)
    func corruptSomewhere(pieces: Int) throws {
        for (place, aim) in Self.steps {
            let arrived = try carry(FaultChoice("corrupt", aim: aim, values: ["xor": 0xFF]), pieces: pieces)
            let sent = wanted(place) { $0 }
            var changed = Pair<[Int]>([])
            for direction in Direction.allCases {
                let (there, here) = (sent[direction], arrived.bytes[direction])
                #expect(there.count == here.count)
                changed[direction] = zip(there, here).enumerated().filter { $1.0 != $1.1 }.map(\.offset)
            }
            let direction = Self.session[place].direction
            let begin = Self.session[..<place].reduce(0) { $0 + ($1.direction == direction ? $1.bytes.count : 0) }
            #expect(changed.hostToChip.count + changed.chipToHost.count == 1)
            let isInside = changed[direction].allSatisfy {
                $0 >= begin && $0 < begin + Self.session[place].bytes.count
            }
            #expect(isInside, "\(aim)")
        }
    }

    /// Of a frame, what came before its length was there has passed: 4 bytes of head.
    @Test(arguments: pieces, [1, 3, 60_000])
    func truncate(pieces: Int, count: Int) throws {
        let passedHead = pieces < 4 ? 3 / pieces * pieces : 0
        try eachStep("truncate", values: ["count": count], pieces: pieces) { message, _ in
            let isFrame = [UInt8(0xA5), 0x5A].contains(message[0])
            return Array(message.prefix(max(isFrame ? passedHead : 0, message.count - count)))
        }
    }

    @Test(arguments: pieces)
    func duplicate(pieces: Int) throws {
        try eachStep("duplicate", pieces: pieces) { message, _ in message + message }
    }

    @Test(arguments: pieces)
    func wrongChecksum(pieces: Int) throws {
        try eachStep("wrong-checksum", pieces: pieces) { message, _ in
            message.dropLast() + [~message[message.count - 1]]
        }
    }

    /// From the step on its direction is silent, and the other is not.
    @Test(arguments: pieces)
    func stopAnswering(pieces: Int) throws {
        for (place, aim) in Self.steps {
            let arrived = try carry(FaultChoice("stop-answering", aim: aim), pieces: pieces)
            let silent = Self.session[place].direction
            var wanted = Pair<[UInt8]>([])
            for (index, message) in Self.session.enumerated() {
                if message.direction != silent || index < place {
                    wanted[message.direction] += message.bytes
                } else if index == place {
                    wanted[silent] += message.bytes.prefix(passed(place, pieces: pieces))
                }
            }
            let isRight = arrived.bytes == wanted
            #expect(isRight, "\(aim), in pieces of \(pieces)")
        }
    }

    /// Nothing is lost, nothing overtakes; the step begins so much later, and what was sent meanwhile comes with it.
    @Test(arguments: pieces, [1, 450])
    func delay(pieces: Int, milliseconds: Int) throws {
        for (place, aim) in Self.steps {
            let arrived = try carry(FaultChoice("delay", aim: aim, values: ["by": milliseconds]), pieces: pieces)
            let isRight = arrived.bytes == wanted(place) { $0 }
            #expect(isRight, "\(aim), in pieces of \(pieces)")
            #expect(arrived.firings > 0)
            let passed = RunTiming(start: arrived.sentAt[place], backToBackAt: BitRate(baud: 115_200))
                .dropping(self.passed(place, pieces: pieces))
            let due = passed.start.advanced(by: .milliseconds(milliseconds))
            let direction = Self.session[place].direction
            #expect(arrived.runs.contains { $0.direction == direction && $0.moment == due }, "\(aim)")
            let early = arrived.runs.filter {
                $0.direction == direction && $0.moment >= passed.start && $0.moment < due
            }
            #expect(early.isEmpty, "\(aim)")
        }
    }

    /// Blocks and their ACKs go either way: with a direction only those of that direction are counted.
    @Test func countsAreOfADirection() throws {
        let place = try #require(Self.session.lastIndex { $0.step == .block })
        let arrived = try carry(
            FaultChoice("drop", direction: .chipToHost, aim: Aim(.block, count: 2)), pieces: .max / 2)
        let isRight = arrived.bytes == wanted(place) { _ in [] }
        #expect(isRight)
    }

    /// §3, §11.2: a host that sends the whole image in one go. The second piece comes twice, and what was behind it in the
    /// same run comes behind both.
    @Test func aStepInTheMiddleOfARun() throws {
        var conditions = LineConditions()
        conditions.faults = try FaultRegistry.lineFaults([FaultChoice("duplicate", aim: Aim(.piece, count: 2))])
        var generator = SplitMix64(seed: conditions.seed)
        var line = FaultChain(conditions.faults, seeds: &generator)
        var listener = SilentListener()
        var tracker = StepTracker()
        func pass(_ bytes: [UInt8], _ direction: Direction) -> [UInt8] {
            var run = bytes
            let timing = RunTiming(start: .zero, backToBackAt: BitRate(baud: 115_200))
            var steps: [StepStretch] = []
            tracker.follow(bytes.span, direction, into: &steps)
            line.pass(&run, of: bytes, steps: steps, timing, direction, offset: 0, &listener)
            return run
        }
        _ = pass([0x63, 0x6E, 0x79, 0x73], .hostToChip)
        _ = pass([0x01], .chipToHost)
        _ = pass([1, 0, 0, 0, 0, 0, 1, 0, 0, 12, 0, 0], .hostToChip)
        _ = pass([0x00], .chipToHost)
        let image = (0..<3072).map { UInt8(truncatingIfNeeded: $0 >> 8) }
        let wanted: [UInt8] = Array(image[..<2048]) + Array(image[1024...])
        let isRight = pass(image, .hostToChip) == wanted
        #expect(isRight)
    }

    /// Steps count as they are sent, whatever other faults do to them: of two faults at the second block the one behind
    /// finds nothing left of it, and leaves the third alone.
    @Test(arguments: pieces)
    func stepsCountAsTheyAreSent(pieces: Int) throws {
        let blocks = Self.steps.filter { $0.1.step == .block }
        let (place, aim) = try #require(blocks.first { $0.1.count == 2 })
        let faults = [FaultChoice("drop", aim: aim), FaultChoice("corrupt", aim: aim)]
        let arrived = try carry(faults, pieces: pieces)
        let isRight = arrived.bytes == wanted(place) { _ in [] }
        #expect(isRight)
        #expect(arrived.firings == 1)
    }

    /// What is delayed meets the faults behind when it comes: in time, and with the step that it is of.
    @Test(arguments: pieces)
    func aDelayedStepIsStillThatStep(pieces: Int) throws {
        let (place, aim) = try #require(Self.steps.first { $0.1.step == .block && $0.1.count == 2 })
        let faults = [FaultChoice("delay", aim: aim), FaultChoice("corrupt", aim: aim, values: ["byte": 2, "xor": 4])]
        let arrived = try carry(faults, pieces: pieces)
        let isRight = arrived.bytes == wanted(place) { [$0[0], $0[1] ^ 4] + $0[2...] }
        #expect(isRight)
    }

    /// A fault whose step never comes does nothing, and the count says so.
    @Test(arguments: ProtocolFaultCatalogue.summaries.map(\.name))
    func aStepThatNeverComes(name: String) throws {
        let arrived = try carry(FaultChoice(name, aim: Aim(.cancel)), pieces: 7)
        let isRight = arrived.bytes == wanted(0) { $0 }
        #expect(isRight)
        #expect(arrived.firings == 0)
    }
}
