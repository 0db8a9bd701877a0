import Capture
import Line
import TestForms
import Testing
import Trace

@Suite("Recordings of wires")
struct WireImporterTests {
    let bench = ImportBench()

    private static let rates = [4800, 9600, 74_880, 115_200, 921_600]

    /// A conversation with all kinds of bytes.
    private func conversation(_ baud: Int) -> (wave: Waveform, events: [(Direction, [UInt8])]) {
        var wave = Waveform(baud: Int64(baud))
        let question: [UInt8] = [0x63, 0x6E, 0x79, 0x73, 0x00, 0xFF, 0x55, 0xAA, 0x0F]
        let answer = (0..<200).map { UInt8(truncatingIfNeeded: $0 * 37) }
        wave.send(question, .hostToChip)
        wave.send(answer, .chipToHost)
        wave.send([0x06], .hostToChip)
        return (wave, [(.hostToChip, question), (.chipToHost, answer), (.hostToChip, [0x06])])
    }

    private func runs(_ events: [TraceEvent]) -> [TraceEvent.Kind] {
        events.map(\.kind).filter { if case .data = $0 { true } else { false } }
    }

    @Test(arguments: rates)
    func vcd(baud: Int) throws {
        let (wave, expected) = conversation(baud)
        for unit in [("1 ns", 1000), ("100 ps", 100), ("1ps", 1)] as [(String, Int64)] {
            let (session, events, summary) = try bench.imported(wave.vcd(unit: unit))
            #expect(summary.kind == "vcd" && summary.problems == [])
            #expect(session.clock == .line)
            #expect(events.first == at(0, .baud(.host, bitsPerSecond: UInt32(baud))))
            #expect(runs(events) == expected.map { .data($0.0, $0.1) })
            #expect(summary.assumptions.contains { $0.contains("\(baud) baud 8N1, guessed") })
            // The last character of the question is over 2 + 9 × 10 bits after the beginning.
            let end = 92 * wave.bit / 1000
            #expect(abs(events[1].time.nanoseconds - end) <= 2)
        }
    }

    @Test(arguments: ZipFile.Style.allCases)
    func sigrok(style: ZipFile.Style) throws {
        for (baud, rate, name, hostBit, unit) in [
            (115_200, 4_000_000, "4 MHz", 2, 1), (921_600, 10_000_000, "10 MHz", 2, 1),
            (4800, 500_000, "500 kHz", 9, 2),
        ] as [(Int, Int64, String, Int, Int)] {
            let (wave, expected) = conversation(baud)
            let samples = wave.samples(rate: rate, unitByteCount: unit, hostBit: hostBit)
            let zip = ZipFile(
                samples: samples, rate: name, unitByteCount: unit, probes: [1: "RX", 2: "clock", hostBit + 1: "TX"],
                chunk: 3333, style: style)
            let (session, events, summary) = try bench.imported(zip.file)
            #expect(summary.kind == "sigrok" && summary.problems == [])
            #expect(session["sample rate"] == "\(rate) Hz")
            #expect(events.first == at(0, .baud(.host, bitsPerSecond: UInt32(baud))))
            #expect(runs(events) == expected.map { .data($0.0, $0.1) })
        }
    }

    /// Both send at once; what ends first comes first.
    @Test func overlapping() throws {
        var wave = Waveform(baud: 9600)
        wave.send(Array("hello chip".utf8), .hostToChip, at: 0)
        wave.send(Array("hello host".utf8), .chipToHost, at: 4 * wave.bit)
        let (_, events, summary) = try bench.imported(wave.vcd(unit: ("1 ns", 1000)))
        #expect(summary.problems == [] && summary.outOfOrderCount == 0)
        var text = ""
        for case .data(_, let bytes) in events.map(\.kind) { text += String(decoding: bytes, as: UTF8.self) }
        #expect(text == zip("hello chip", "hello host").map { "\($0)\($1)" }.joined())
    }

    /// A rate that nobody names stays what it is.
    @Test func anOddRate() throws {
        let (wave, expected) = conversation(43_210)
        let (_, events, _) = try bench.imported(wave.vcd(unit: ("1 ns", 1000)))
        #expect(runs(events) == expected.map { .data($0.0, $0.1) })
        guard case .baud(.host, let rate)? = events.first?.kind else { throw ImportBench.Missing() }
        #expect((43_200...43_220).contains(rate))
    }

    /// A character with a low stop bit is kept, with what is wrong with it; a glitch is none.
    @Test func errors() throws {
        var wave = Waveform(baud: 9600)
        let bit = wave.bit
        wave.send([0x41], .chipToHost, at: 0)
        wave.send(
            bits: [false, true, false, false, false, false, false, true, false, false], .chipToHost, at: 25 * bit)
        wave.send([0x42], .chipToHost, at: 45 * bit)
        wave.send(bits: Array(repeating: false, count: 30), .chipToHost, at: 70 * bit)
        wave.send([0x43], .chipToHost, at: 120 * bit)
        let dump = wave.vcd(unit: ("1 ns", 1000))
        let (_, events, summary) = try bench.imported(dump, options { $0.baud = 9600 })
        #expect(
            events.dropFirst().map(\.kind) == [
                .data(.chipToHost, [0x41]), .data(.chipToHost, [0x41]), .receiveError(.chipToHost, .framing, count: 1),
                .data(.chipToHost, [0x42]), .data(.chipToHost, [0]), .receiveError(.chipToHost, .break, count: 1),
                .data(.chipToHost, [0x43]),
            ])
        #expect(summary.problems == ["the wires: 2 framing or parity errors: is 9600 baud 8N1 right?"])
    }

    @Test func parity() throws {
        var wave = Waveform(baud: 9600)
        // 0x41 has two ones: with even parity a 0 is behind it.
        let data = [true, false, false, false, false, false, true, false]
        wave.send(bits: [false] + data + [false, true], .hostToChip, at: 0)
        wave.send(bits: [false] + data + [true, true], .hostToChip, at: 30 * wave.bit)
        let (_, events, _) = try bench.imported(
            wave.vcd(unit: ("1 ns", 1000)), options { ($0.baud, $0.frameFormat) = (9600, FrameFormat("8E1")) })
        #expect(
            events.dropFirst().map(\.kind) == [
                .data(.hostToChip, [0x41]), .data(.hostToChip, [0x41]), .receiveError(.hostToChip, .parity, count: 1),
            ])
    }

    @Test func whichWireIsWhose() throws {
        let wave = conversation(9600).wave
        let odd = wave.vcd(unit: ("1 ns", 1000), names: ("D0", "D1"))
        #expect(bench.refusal(odd)?.contains(#"does not say which wire is whose: "D0", "D1""#) == true)
        let named = options { ($0.hostWire, $0.chipWire) = ("D1", "D0") }
        let events = try bench.imported(odd, named).events
        guard case .data(.chipToHost, _) = events[1].kind else { throw ImportBench.Missing() }
        let wrong = options { $0.hostWire = "D3" }
        #expect(bench.refusal(odd, wrong)?.contains(#"has no wire "D3"; did you mean "D0"?"#) == true)
        let twice = wave.vcd(unit: ("1 ns", 1000), names: ("uart_tx", "TXD"))
        #expect(bench.refusal(twice)?.contains("two wires that the host may send on") == true)
    }

    /// A wire that is low when recording begins has no character before it was high.
    @Test func theBeginningMayBeLow() throws {
        let dump = """
            META samplerate: 1000000
            $timescale 1 us $end $var wire 1 a TX $end $enddefinitions $end
            #0 0a
            #500 1a
            #1000 0a
            #1104 1a
            """
        let (_, events, summary) = try bench.imported(dump, options { $0.baud = 9600 })
        #expect(summary.problems == [])
        #expect(events.dropFirst() == [TraceEvent(Instant(nanoseconds: 2_041_666), .data(.hostToChip, [0xFF]))])
    }

    @Test(arguments: [
        ("$timescale 1 us $end $var wire 1 a TX $end", "has no $enddefinitions"),
        ("$timescale 3 us $end $enddefinitions $end", "timescale that is none"),
        ("$timescale 1 s $end $var wire 1 a TX $end $enddefinitions $end #4000001", "46 days"),
        ("$timescale 1 s $end $var wire 1 a TX $end $enddefinitions $end #9223372036854775807", "46 days"),
        ("$timescale 1 s $end $enddefinitions $end #1", "has no wires"),
        ("$timescale 1 s $end $var wire 1 a TX $end $enddefinitions $end #1 0a", "holds no session"),
    ])
    func wrongDumpsAreExplained(dump: String, message: String) {
        let refusal = bench.refusal(dump.bytes)
        #expect(refusal?.contains(message) == true, "\(refusal ?? "imported")")
    }

    // MARK: zip

    private var session: ZipFile {
        ZipFile(samples: conversation(9600).wave.samples(rate: 100_000), rate: "100 kHz", chunk: 1000)
    }

    /// What a damaged session has before the damage is there.
    @Test func aSessionThatBreaksOff() throws {
        let file = session.file
        for count in stride(from: file.count - 1, to: 0, by: -97) {
            try bench.folder.write(Array(file[..<count]), to: "cut")
            do throws(CaptureError) {
                let summary = try importRecording(
                    from: bench.folder["cut"], to: bench.folder["t.pcap"], options("sigrok"), replacing: true)
                // Cut in its directory, nothing is missing.
                #expect(count > session.bytes.count || summary.problems.contains { $0.contains("breaks off") })
            } catch {
                #expect(error.code == .damaged || error.code == .badLine, "\(error)")
            }
        }
    }

    @Test func aWrongSumIsReported() throws {
        var file = session.file
        // A byte of the last chunk, stored or packed, is another.
        let place = session.bytes.count - 3
        file[place] ^= 0x10
        let summary = try bench.imported(file).summary
        #expect(summary.problems.contains { $0.hasPrefix("the session: damaged at byte") }, "\(summary.problems)")
    }

    /// A thousandfold of its length in zeros is read and not kept; metadata are bounded.
    @Test func whatUnpacksToMuchIsBounded() throws {
        let zeros = [UInt8](repeating: 0xFF, count: 40_000_000)
        var bomb = ZipFile(samples: [], rate: "1 MHz", style: .deflated)
        bomb.add("logic-1-1", zeros, .deflated)
        #expect(bench.refusal(bomb.file)?.contains("holds no session") == true)
        var other = ZipFile()
        other.add("version", [0x32])
        other.add("metadata", [UInt8](repeating: 0x0A, count: 2_000_000), .deflated)
        #expect(bench.refusal(other.file)?.contains("metadata of more than") == true)
    }

    @Test func whatIsNoSessionIsNamed() {
        var zip = ZipFile()
        zip.add("version", [0x32])
        zip.add("something", [1, 2, 3])
        #expect(bench.refusal(zip.file)?.contains("is a zip file without metadata of sigrok") == true)
        var early = ZipFile()
        early.add("version", [0x32])
        early.add("logic-1-1", [1, 2, 3])
        #expect(bench.refusal(early.file)?.contains("has samples before its metadata") == true)
    }
}
