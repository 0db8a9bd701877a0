import GoldenSessions
import Line
import Testing
import Wire

/// Where steps begin, held against the decoder that has seen each message to its end.
@Suite struct StepTrackerTests {
    @Test(arguments: GoldenSession.names)
    func stepsAreTheDecoders(name: String) throws {
        let runs = try GoldenSession(name).runs
        let (told, named) = (try #require(StepBeginning.told(of: runs)), StepBeginning.named(in: runs))
        #expect(!named.isEmpty)
        #expect(zip(told, named).first { $0 != $1 } == nil)
        #expect(told.count == named.count)
    }

    /// Only a frame's type has to be there: with two bytes at a time everything begins where it began.
    @Test(arguments: GoldenSession.names, [2, 7, 100])
    func chunkingMovesNothing(name: String, limit: Int) throws {
        let runs = try GoldenSession(name).runs
        let whole = try #require(StepBeginning.told(of: runs))
        let parts = try #require(StepBeginning.told(of: runs, atMost: limit))
        // A frame cut behind its marker begins one later.
        let near = zip(whole, parts).allSatisfy { one, other in
            one.step == other.step && one.direction == other.direction && abs(one.offset - other.offset) <= 1
        }
        #expect(near)
        #expect(whole.count == parts.count)
    }

    /// §4.3: behind the end of a download a data frame is a start, to both readers; what follows it is data.
    @Test func aResentLastFrameIsACommand() throws {
        let start = StubRequest(.flashDownload, address: 0x8000, length: 16).bytes
        let frame = StubRequest.data(.flashDownload, again: false, [UInt8](repeating: 9, count: 16)).bytes
        let again = StubRequest.data(.flashDownload, again: true, [UInt8](repeating: 9, count: 16)).bytes
        let ack: [UInt8] = [0x5A, 0x02, 0, 0, 0, 0x5C]
        let messages = [start, frame, again, frame].flatMap { [($0, Direction.hostToChip), (ack, .chipToHost)] }
        let runs = messages.enumerated().map {
            GoldenSession.Run(nanoseconds: Int64($0), direction: $1.1, bytes: $1.0)
        }
        let steps: [Step] = [.command, .dataFrame, .command, .dataFrame, .answer, .dataAnswer, .answer, .dataAnswer]
        for limit in [1, 7, Int.max] {
            #expect(try #require(StepBeginning.told(of: runs, atMost: limit)).map(\.step) == steps)
        }
        #expect(StepBeginning.named(in: runs).map(\.step) == steps)
    }

    /// §10: 64 blocks of a 64 KB write, each with its ACK, and the EOT with its own.
    @Test func theThirdAckOfAWrite() throws {
        let session = try GoldenSession("write-64k")
        var tracker = StepTracker()
        var finder = AimFinder(Aim(.blockAck, count: 3, direction: .chipToHost))
        var found: [[UInt8]] = []
        var blocks = 0
        for run in session.runs {
            if run.direction == .hostToChip, run.bytes.count == XMODEM.blockByteCount { blocks += 1 }
            var steps: [StepStretch] = []
            tracker.follow(run.bytes.span, run.direction, into: &steps)
            guard let hit = finder.find(in: steps, run.direction) else { continue }
            found.append(Array(run.bytes[hit.range]))
            #expect(blocks == 3)
        }
        #expect(found == [[0x06]])
    }

    /// Whatever comes: every byte is in one stretch, and memory does not grow.
    @Test(arguments: 1...20)
    func anyBytes(seed: UInt64) {
        var generator = SplitMix64(seed: seed)
        var tracker = StepTracker()
        for _ in 0..<2000 {
            var bytes = generator.bytes(Int(generator.next(below: 40)))
            // Frames and words that announce something, so that not all is noise.
            if generator.next(below: 4) == 0 {
                bytes =
                    [[0x63, 0x6E, 0x79, 0x73], [0xA5, 0x02, 8, 0], [0x5A, 3, 0, 0], [1]][Int(generator.next(below: 4))]
                    + bytes
            }
            var stretches: [StepTracker.Stretch] = []
            tracker.feed(bytes.span, generator.next(below: 2) == 0 ? .hostToChip : .chipToHost, into: &stretches)
            #expect(stretches.flatMap { Array($0.range) } == Array(bytes.indices), "seed \(seed)")
        }
    }
}
