import Capture
import Digests
import Line
import Testing
import Trace

@Suite("Captures of serial lines by other programs")
struct RTACImporterTests {
    let bench = ImportBench()

    /// A capture in microseconds: each record is its event, its control lines and its payload.
    private func capture(_ records: [(UInt8, UInt8, [UInt8])], isBig: Bool = false) -> [UInt8] {
        func number(_ value: UInt32) -> [UInt8] {
            let bytes = (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * UInt32($0))) }
            return isBig ? bytes.reversed() : bytes
        }
        let version: [UInt8] = isBig ? [0, 2, 0, 4] : [2, 0, 4, 0]
        var file = number(0xA1B2_C3D4) + version + number(0) + number(0) + number(65_535) + number(250)
        for (index, (event, lines, payload)) in records.enumerated() {
            let count = UInt32(12 + payload.count)
            file += number(1_367_409_600) + number(UInt32(index) * 1000) + number(count) + number(count)
            file += [0x51, 0x81, 0x03, 0x80, 0, 0, 0, 0, event, lines, 0, 0] + payload
        }
        return file
    }

    @Test(arguments: [false, true])
    func directions(isBig: Bool) throws {
        let file = capture(
            [(1, 0, [1, 2]), (2, 0, [3]), (3, 0, [4]), (4, 0, [5]), (0, 0x18, [])], isBig: isBig)
        for recording in [file, Gzip.pack(file)] {
            let (session, events, summary) = try bench.imported(recording)
            #expect(summary.kind == "rtac" && summary.problems == [])
            #expect(session.epoch == 1_367_409_600_000_000_000)
            #expect(
                events == [
                    at(0, .data(.hostToChip, [1, 2])), at(1000, .data(.chipToHost, [3])),
                    at(2000, .data(.hostToChip, [4])), at(3000, .data(.chipToHost, [5])),
                    at(4000, .controlLines([.requestToSend, .dataTerminalReady])),
                ])
        }
    }

    /// Bytes of either direction in event 06 (trace formats §B.1).
    @Test func undirected() throws {
        let file = capture([(6, 0, [1, 2]), (6, 0, [3])])
        #expect(bench.refusal(file)?.contains("does not say which way 3 bytes went") == true)
        let (_, events, _) = try bench.imported(file, options { $0.direction = .chipToHost })
        #expect(events == [at(0, .data(.chipToHost, [1, 2])), at(1000, .data(.chipToHost, [3]))])
        let mixed = try bench.imported(capture([(6, 0, [1, 2]), (1, 0, [3])]))
        #expect(mixed.events.last == at(1000, .data(.hostToChip, [3])))
        #expect(mixed.summary.problems.count == 1 && mixed.summary.problems[0].contains("no direction is known"))
    }

    @Test func oneOfOursIsOneAlready() throws {
        let trace = try contents(of: packageFolder + "/traces/efuse.pcap")
        #expect(bench.refusal(trace)?.contains("is a trace already") == true)
        #expect(bench.refusal(Gzip.pack(trace))?.contains("is a trace already") == true)
        #expect(bench.refusal(capture([]))?.contains("holds no session") == true)
    }

    @Test func oneThatBreaksOffIsReadUpToThere() throws {
        let (_, events, summary) = try bench.imported(Array(capture([(1, 0, [1]), (1, 0, [2])]).dropLast()))
        #expect(events == [at(0, .data(.hostToChip, [1]))])
        #expect(summary.problems == ["byte 53: the capture breaks off in the middle of a record"])
    }
}
