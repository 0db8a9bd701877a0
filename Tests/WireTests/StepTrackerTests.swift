import GoldenSessions
import Line
import Testing
import Wire

/// Where steps begin, held against the decoder that has seen each message to its end.
@Suite struct StepTrackerTests {
    private struct Beginning: Hashable {
        var step: Step
        var direction: Direction
        var offset: Int
    }

    /// Feeds a session. - Parameter limit: the most bytes that come at once.
    private static func beginnings(of runs: [GoldenSession.Run], atMost limit: Int = .max) -> [Beginning] {
        var tracker = StepTracker()
        var offsets: [Direction: Int] = [:]
        var beginnings: [Beginning] = []
        for run in runs {
            var rest = run.bytes[...]
            while !rest.isEmpty {
                let part = Array(rest.prefix(limit))
                rest = rest.dropFirst(part.count)
                var stretches: [StepTracker.Stretch] = []
                tracker.feed(part.span, run.direction, into: &stretches)
                let ranges = stretches.flatMap { Array($0.range) }
                if ranges != Array(part.indices) { Issue.record("the stretches are not the run: \(stretches)") }
                for stretch in stretches where stretch.isBeginning {
                    guard let step = stretch.step else { continue }
                    let offset = offsets[run.direction, default: 0] + stretch.range.lowerBound
                    beginnings.append(Beginning(step: step, direction: run.direction, offset: offset))
                }
                offsets[run.direction, default: 0] += part.count
            }
        }
        return beginnings
    }

    /// What the decoder's events are as steps; a payload is as many pieces as its bytes make.
    private static func steps(of runs: [GoldenSession.Run]) -> [Beginning] {
        var beginnings: [Beginning] = []
        var hasEnd = false
        for event in GoldenSession.events(of: runs) {
            var steps: [Step] = []
            switch event.kind {
            case .syncWord: steps = [.sync]
            case .syncAnswer: steps = [.syncAnswer]
            case .downloadHeader: steps = [.header]
            case .headerAnswer: steps = [.headerAnswer]
            case .payload(let done, _):
                let first = (done - event.byteCount + 1023) / 1024
                for piece in first..<((done + 1023) / 1024) {
                    let offset = event.offset + piece * 1024 - (done - event.byteCount)
                    beginnings.append(Beginning(step: .piece, direction: event.direction, offset: offset))
                }
            case .pieceAnswer: steps = [.pieceAnswer]
            case .request(let request): steps = [request.command == .baud ? .baud : .command]
            case .answer(let answer): steps = [answer.command == .baud ? .baudAnswer : .answer]
            case .xmodemBlock: (steps, hasEnd) = ([.block], false)
            case .xmodemReady: steps = [.ready]
            case .xmodemEOT: (steps, hasEnd) = ([.eot], true)
            case .xmodemACK: steps = [hasEnd ? .eotAck : .blockAck]
            case .xmodemNAK: steps = [.blockNak]
            case .xmodemCancel: steps = [.cancel]
            default: break
            }
            beginnings += steps.map { Beginning(step: $0, direction: event.direction, offset: event.offset) }
        }
        return beginnings
    }

    private static func sorted(_ beginnings: [Beginning]) -> [Beginning] {
        beginnings.sorted { ($0.direction.rawValue, $0.offset) < ($1.direction.rawValue, $1.offset) }
    }

    @Test(arguments: SessionDecoderTests.good)
    func stepsAreTheDecoders(name: String) throws {
        let runs = try GoldenSession(name).runs
        let (found, wanted) = (Self.sorted(Self.beginnings(of: runs)), Self.sorted(Self.steps(of: runs)))
        #expect(!wanted.isEmpty)
        let difference = zip(found, wanted).first { $0 != $1 }
        #expect(difference == nil)
        #expect(found.count == wanted.count)
    }

    /// Only a frame's type has to be there: with two bytes at a time everything begins where it began.
    @Test(arguments: SessionDecoderTests.good, [2, 7, 100])
    func chunkingMovesNothing(name: String, limit: Int) throws {
        let runs = try GoldenSession(name).runs
        let (whole, parts) = (Self.beginnings(of: runs), Self.beginnings(of: runs, atMost: limit))
        // The halves of a sync word are no sync word by themselves; a frame cut behind its marker begins one later.
        let near = zip(whole, parts).allSatisfy { one, other in
            one.step == other.step && one.direction == other.direction && abs(one.offset - other.offset) <= 1
        }
        #expect(near)
        #expect(whole.count == parts.count)
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
