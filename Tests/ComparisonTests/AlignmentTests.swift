import Comparison
import Foundation
import Line
import Testing
import Trace

/// What one trace has more of, and what differs, is found, and what comes behind it agrees.
@Suite struct AlignmentTests {
    private let comparison = TraceComparison()

    private func recording(_ make: (inout Recording) -> Void) -> [TraceEvent] {
        var recording = Recording()
        make(&recording)
        return recording.events
    }

    /// The two and their mirror.
    private func check(
        _ a: [TraceEvent], _ b: [TraceEvent], _ differences: [String],
        _ comparison: TraceComparison = TraceComparison(),
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        #expect(comparison.differences(a, b) == differences, sourceLocation: sourceLocation)
        let mirrored = differences.map { line -> String in
            if line.hasPrefix("- ") { return "+ " + line.dropFirst(2) }
            if line.hasPrefix("+ ") { return "- " + line.dropFirst(2) }
            guard line.hasPrefix("~ ") else { return line }
            return "~ " + line.dropFirst(2).components(separatedBy: " | ").reversed().joined(separator: " | ")
        }
        #expect(comparison.differences(b, a).sorted() == mirrored.sorted(), sourceLocation: sourceLocation)
    }

    /// Where both do the same over and over, and not the same as each other, the mirror comes to the same.
    @Test func bothRepeatThemselves() {
        func session(_ first: [UInt8], _ second: [UInt8], _ counts: (Int, Int)) -> [TraceEvent] {
            recording {
                for _ in 0..<counts.0 { $0.host(first) }
                for _ in 0..<counts.1 { $0.host(second) }
                $0.chip(Recording.flashIDAnswer)
                $0.write(1...60)
            }
        }
        let a = session(Recording.flashID, Recording.chipErase, (1000, 100))
        let b = session(Recording.chipErase, Recording.run, (1000, 1))
        var (there, back) = (ComparisonTally(), ComparisonTally())
        let comparison = TraceComparison()
        comparison.findings(a, b).forEach { there.count($0) }
        comparison.findings(b, a).forEach { back.count($0) }
        #expect(there.outcome == back.outcome)
        #expect(there.onlyACount == back.onlyBCount && there.onlyBCount == back.onlyACount)
        #expect(there.sameCount == back.sameCount && there.changedCount == back.changedCount)
    }

    /// What is timed is where records of both end, however the records of each are cut.
    @Test func timesAreComparedWhereRecordsOfBothEnd() {
        let bytes = [UInt8](repeating: 0, count: 100)
        let whole = [ComparisonTests.event(1000, .data(.chipToHost, bytes))]
        let cut = (1...100).map { ComparisonTests.event(Int64($0) * 10, .data(.chipToHost, [0])) }
        var comparison = TraceComparison()
        comparison.timingTolerance = .milliseconds(5)
        #expect(comparison.outcome(whole, cut) == comparison.outcome(cut, whole))
    }

    /// A chip that has its power later is asked more often.
    @Test(arguments: [3, 40, 5000])
    func moreSyncWords(count: Int) {
        func session(_ words: Int) -> [TraceEvent] {
            recording {
                for _ in 0..<words { $0.host(Recording.sync) }
                $0.chip([0x01])
                $0.host(Recording.flashID)
                $0.chip(Recording.flashIDAnswer)
                $0.write(1...60)
            }
        }
        check(session(5), session(5 + count), Array(repeating: "+ sync word", count: count))
    }

    /// A host that throws away what it received before each word, and one that asks and is answered.
    @Test(arguments: [3, 700])
    func morePolls(count: Int) {
        func session(_ polls: Int, _ exchange: (inout Recording) -> Void) -> [TraceEvent] {
            recording {
                $0.host(Recording.chipErase)
                $0.chip(Recording.chipErased)
                for _ in 0..<polls { exchange(&$0) }
                for number in 1...60 {
                    $0.host(Recording.erase(UInt32(number) << 12, 0x1000))
                    $0.chip(Recording.erased)
                }
            }
        }
        let flushing: (inout Recording) -> Void = {
            $0.add(.flushed(.input))
            $0.host(Recording.sync)
        }
        let asking: (inout Recording) -> Void = {
            $0.host(Recording.flashID)
            $0.chip(Recording.flashIDAnswer)
        }
        for (exchange, words) in [
            (flushing, ["+ the host threw away its input", "+ sync word"]),
            (asking, ["+ FLASH ID", "+ FLASH ID 1540C8 (2 MB)"]),
        ] {
            let found = comparison.differences(session(4, exchange), session(4 + count, exchange))
            #expect(found.sorted() == (0..<count).flatMap { _ in words }.sorted())
        }
    }

    /// The answer was lost, and the command is sent again (ECR6600 facts §4.2).
    @Test func aRetriedCommand() {
        func session(again: Bool) -> [TraceEvent] {
            recording {
                $0.host(Recording.flashID)
                $0.chip(Recording.flashIDAnswer)
                $0.host(Recording.erase(0x8000, 0x1000))
                if again { $0.host(Recording.erase(0x8000, 0x1000)) }
                $0.chip(Recording.erased)
                $0.host(Recording.run)
                $0.chip(Recording.running)
            }
        }
        check(session(again: false), session(again: true), ["+ ERASE 0x8000 +4096"])
    }

    /// A block arrived damaged: a NAK, and the block again (ECR6600 facts §10).
    @Test func aBlockSentAgain() {
        func session(again: Bool) -> [TraceEvent] {
            recording {
                $0.beginWrite()
                $0.write(1...3)
                if again {
                    $0.host(Recording.block(4))
                    $0.chip(Recording.nak)
                }
                $0.write(4...8)
                $0.host(Recording.eot)
                $0.chip(Recording.ack)
            }
        }
        let found = comparison.findings(session(again: false), session(again: true))
        #expect(Set(words(found)) == ["+ NAK", "+ block 4 again"])
        #expect(words(found).count == 2)
        #expect(found.count { if case .same = $0 { true } else { false } } == 3 + 2 * 8 + 2)
    }

    /// The ACK was lost: the host waits, and sends the block again.
    @Test func aLostACK() {
        func session(lost: Bool) -> [TraceEvent] {
            recording {
                $0.beginWrite()
                $0.write(1...3)
                if lost { $0.host(Recording.block(4)) }
                $0.write(4...8)
            }
        }
        check(session(lost: false), session(lost: true), ["+ block 4 again"])
    }

    /// One byte of a block: it is that block still, and the bytes are named. The CRC is another as well.
    @Test func aChangedByte() throws {
        func session(_ byte: UInt8) -> [TraceEvent] {
            recording {
                $0.beginWrite()
                $0.write(1...16)
                $0.host(Recording.block(17, changing: [0x31: byte]))
                $0.chip(Recording.ack)
                $0.write(18...20)
            }
        }
        check(session(0x5A), session(0x5B), ["~ block 17 | block 17"])
        let changed = try #require(
            comparison.findings(session(0x5A), session(0x5B)).compactMap { finding -> (TraceStep, TraceStep)? in
                if case .changed(let a, let b) = finding { (a, b) } else { nil }
            }.first)
        let changes = ByteChanges(changed.0.bytes, changed.1.bytes)
        // Behind STX, number and complement.
        #expect(changes.firstOffset == 0x34)
        #expect(changes.rows[0].offset == 0x30)
        #expect(changes.rows[0].a[0x34] == 0x5A && changes.rows[0].b[0x34] == 0x5B)
    }

    /// A command's fields, and the answer's status (ECR6600 facts §4.2).
    @Test func aCommandsFields() throws {
        func session(_ address: UInt32, _ answer: [UInt8]) -> [TraceEvent] {
            recording {
                $0.host(Recording.flashID)
                $0.chip(Recording.flashIDAnswer)
                $0.host(Recording.erase(address, 0x1000))
                $0.chip(answer)
                $0.host(Recording.run)
                $0.chip(Recording.running)
            }
        }
        let (a, b) = (session(0x8000, Recording.erased), session(0xFFFF_8000, Recording.eraseOutOfRange))
        check(
            a, b,
            [
                "~ ERASE 0x8000 +4096 | ERASE 0xFFFF8000 +4096",
                "~ ERASE ack status 0 | ERASE ack status 2 (address out of range)",
            ])
        var text = ComparisonText(a: "a", b: "b", isColoured: false, most: 9, window: 64)
        let lines = comparison.findings(a, b).flatMap { text.take($0) } + text.finish()
        #expect(lines.contains { $0.contains("address 0x8000 → 0xFFFF8000") }, "\(lines)")
        #expect(lines.contains { $0.contains("status 0 (ok) → 2") }, "\(lines)")
    }

    /// More lines than the window has steps: they count an eighth.
    @Test(arguments: [1, 30, 120])
    func aLongerBootLog(count: Int) {
        func session(_ more: Int) -> [TraceEvent] {
            recording {
                $0.text("hcrc err\n")
                for number in 0..<more { $0.text("line \(number) of a log\r\n") }
                $0.text("ready\r\n")
                $0.host(Recording.sync)
                $0.chip([0x01])
                $0.host(Recording.flashID)
                $0.chip(Recording.flashIDAnswer)
                $0.write(1...40)
            }
        }
        check(session(0), session(count), (0..<count).map { "+ text \"line \($0) of a log\\r\\n\"" })
    }

    /// Noise is compared as what it is: a stretch more does not move what follows.
    @Test func noiseInTheMiddle() {
        var state: UInt64 = 7
        let noise = (0..<4000).map { _ -> UInt8 in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return UInt8(truncatingIfNeeded: state >> 40) | 0x80
        }
        let a = recording { $0.chip(noise) }
        let b = recording {
            $0.chip(Array(noise[..<2000]), [0x81, 0x82, 0x83])
            $0.chip(Array(noise[2000...]))
        }
        var tally = ComparisonTally()
        comparison.findings(a, b).forEach { tally.count($0) }
        #expect(tally.outcome == .differ)
        #expect(tally.onlyACount + tally.onlyBCount + tally.changedCount <= 4)
        #expect(tally.sameCount > 30)
    }

    /// Several differences, each told: what comes behind one is compared.
    @Test func whatComesBehindADifferenceIsCompared() {
        let a = recording {
            $0.host(Recording.sync, Recording.sync)
            $0.chip([0x01])
            $0.beginWrite()
            $0.write(1...30)
            $0.host(Recording.eot)
        }
        let b = recording {
            $0.host(Recording.sync)
            $0.chip([0x01])
            $0.beginWrite()
            $0.write(1...9)
            $0.write(11...19)
            $0.host(Recording.block(20, changing: [5: 1]))
            $0.chip(Recording.ack)
            $0.write(21...30)
            $0.host(Recording.eot, Recording.run)
        }
        check(
            a, b,
            ["- sync word", "- block 10", "- ACK", "~ block 20 | block 20", "+ RUN"])
    }

    /// Two sessions that have nothing in common: it gives up, and says what both have next.
    @Test func itGivesUp() throws {
        let a = recording {
            $0.host(Recording.sync)
            $0.chip([0x01])
            for number in 0..<500 { $0.host(Recording.erase(UInt32(number) << 12, 4096)) }
        }
        let b = recording {
            $0.host(Recording.sync)
            $0.chip([0x01])
            for number in 0..<500 { $0.host(Recording.hash(UInt32(number) << 12, 4096)) }
        }
        let found = comparison.findings(a, b)
        guard case .gaveUp(let nextA, let nextB) = try #require(found.last) else {
            Issue.record("\(words(found).suffix(3))")
            return
        }
        #expect(nextA.first?.description == "ERASE 0x0 +4096")
        #expect(nextB.first?.description == "SHA256 0x0 +4096")
        #expect(comparison.outcome(a, b) == .gaveUp)
        var text = ComparisonText(a: "a", b: "b", isColoured: false, most: 9, window: 64)
        let lines = found.flatMap { text.take($0) } + text.finish()
        #expect(lines.contains { $0.hasPrefix("? gave up") })
        #expect(lines.count { $0 == "- A: a" } == 1)
        #expect(lines.last?.hasSuffix("; not compared to the end") == true)
        #expect(lines.contains { $0.hasPrefix("- ") && $0.hasSuffix("ERASE 0x0 +4096") })
    }

    /// A larger window finds what a smaller one does not.
    @Test func theWindowIsABound() {
        let a = recording {
            $0.beginWrite()
            $0.write(1...60)
        }
        let b = recording {
            $0.beginWrite()
            for number in 0..<20 { $0.host(Recording.erase(UInt32(number) << 12, 4096)) }
            $0.write(1...60)
        }
        var narrow = TraceComparison()
        narrow.window = 8
        #expect(narrow.outcome(a, b) == .gaveUp)
        #expect(comparison.outcome(a, b) == .differ)
        #expect(comparison.differences(a, b).count == 20)
    }

    /// One ends where the other goes on for long.
    @Test func anEarlierEnd() {
        let a = recording {
            $0.beginWrite()
            $0.write(1...4)
        }
        let b = recording {
            $0.beginWrite()
            $0.write(1...200)
        }
        #expect(comparison.differences(a, b).count == 2 * 196)
        #expect(comparison.outcome(a, b) == .differ)
    }
}
