import Capture
import Flasher
import Foundation
import Line
import ScenarioFiles
import Scenarios
import Simulation
import TestForms
import Testing
import Trace

/// The dissector for Wireshark follows a session by itself: it must say what our own decoder says.
@Suite("The dissector for Wireshark", .whereTsharkIs)
struct DissectorTests {
    private static let script = packageFolder + "/tools/wireshark/solderless.lua"
    private let folder = try! Folder()

    private static let traces =
        try! FileManager.default.contentsOfDirectory(atPath: packageFolder + "/traces").filter { $0.hasSuffix(".pcap") }

    @Test(
        arguments: byForm(
            short: traces.sorted().enumerated().filter { $0.offset % 3 == 0 }.map(\.element), long: traces))
    func agreesOnTheTracesOfTheRepository(name: String) throws {
        try agrees(on: packageFolder + "/traces/\(name)")
    }

    @Test(
        arguments: byForm(
            short: ["lost-ack", "missing-ground", "worn-sector"],
            long: ["lost-ack", "missing-ground", "worn-sector", "late-power", "loose-rx"]),
        [Dialect.community, .vendor])
    func agreesOnScenarios(name: String, dialect: Dialect) throws {
        try agrees(on: trace(of: Self.events(name, dialect)))
    }

    /// What a bad line makes of a session, and the same bytes in other records: no two decoders agree on that by chance.
    @Test(arguments: byForm(short: 0..<4, long: 0..<100))
    func agreesOnDamagedSessions(seed: Int) throws {
        var random = SplitMix64(seed: UInt64(seed))
        let dialect = seed.isMultiple(of: 2) ? Dialect.community : .vendor
        try agrees(on: trace(of: Self.damaged(Self.events("lost-ack", dialect), &random)))
    }

    /// In one pass the dissector shows messages when they become known, and none is missing in a session that ends well.
    @Test func onePassShowsTheSameMessages() throws {
        let path = packageFolder + "/traces/write-64k.pcap"
        #expect(try DissectedMessages(of: path, script: Self.script, passes: 1) == DissectedMessages(decoding: path))
    }

    /// A rate holds from its item on, a difference belongs to the record with its bytes, a message knows its first frame.
    @Test func whatIsBesideTheBytesIsShownAtThem() throws {
        let session = SessionDescription(program: "solderless", programVersion: "0.1.0", clock: .line)
        let events: [TraceEvent.Kind] = [
            .session(session), .data(.hostToChip, [0xA5]), .baud(.host, bitsPerSecond: 9600),
            .difference(
                LineDifference(
                    .hostToChip, hostOffset: 3, hostCount: 1, chipCharacters: [0x08], cause: .fault("a spark"))),
            // FLASH ID (ECR6600 facts §10).
            .data(.hostToChip, [0x90, 0x00, 0x00, 0x35]), .lost(.chipToHost, count: 3, reason: "unpowered"),
        ]
        let fields = ["frame.number", "ecr6600.message", "ecr6600.begun", "ecr6600.host_baud", "ecr6600.chip_end"]
        let rows = try Tshark.lines(
            ["-X", "lua_script:\(Self.script)", "-2", "-r", try trace(of: events), "-T", "fields", "-E", "separator=|"]
                + fields.flatMap { ["-e", $0] })
        #expect(
            rows == [
                "1||||", "2||||", "3||||", "4||||",
                "5|request|2|9600|host-to-chip, at byte 3: 1 byte arrived as 08 (a spark)", "6||||",
            ])
        let lost = try Tshark.lines(
            ["-X", "lua_script:\(Self.script)", "-r", try trace(of: events), "-Y", "ecr6600.lost", "-T", "fields"]
                + ["-e", "frame.number"])
        #expect(lost == ["6"])
    }

    @Test func foreignFilesKeepTheirLook() throws {
        let path = folder["foreign.pcap"]
        let ours = try contents(of: packageFolder + "/traces/write-64k.pcap")
        // Without the session, the baud items and their magic: what another program would have written.
        try write(ours.withoutStatusRecords(), to: path)
        for arguments in [["-r", path], ["-r", path, "-V"]] {
            // The list of protocols has ours, which looked at the record and left it alone.
            let look = { (lines: [String]) in lines.filter { !$0.contains("Protocols in frame") } }
            let plain = try look(Tshark.lines(arguments))
            #expect(try look(Tshark.lines(["-X", "lua_script:\(Self.script)"] + arguments)) == plain)
            #expect(plain.count > 100)
        }
    }

    /// Nothing in a file makes the dissector stumble: Wireshark would show the error in the record's place.
    @Test(arguments: byForm(short: 0..<4, long: 0..<200))
    func noFileIsTooStrange(seed: Int) throws {
        var random = SplitMix64(seed: UInt64(seed))
        var bytes = try contents(of: trace(of: Self.damaged(Self.events("lost-ack", .community), &random)))
        for range in bytes.recordRanges() where range.count > 12 && random.next(below: 2) == 0 {
            // Event type, lines, payload: all that is not pcap's own.
            let place = range.lowerBound + 8 + Int(random.next(below: UInt64(min(60, range.count - 8))))
            bytes[place] = UInt8(truncatingIfNeeded: random.next())
        }
        let path = folder["strange.pcap"]
        try write(bytes, to: path)
        let lines = try Tshark.lines(["-X", "lua_script:\(Self.script)", "-r", path, "-V"])
        #expect(lines.contains { $0.hasPrefix("ECR6600") })
        #expect(!lines.contains { $0.contains("Lua Error") })
    }
}

extension DissectorTests {
    private func agrees(on path: String) throws {
        let (theirs, ours) = try (
            DissectedMessages(of: path, script: Self.script, passes: 2), DissectedMessages(decoding: path)
        )
        #expect(ours.values["ecr6600.message"]?.isEmpty == false)
        for field in DissectedMessages.fields {
            let (told, expected) = (theirs.values[field] ?? [], ours.values[field] ?? [])
            let place = zip(told, expected).enumerated().first { $0.element.0 != $0.element.1 }
            #expect(told.count == expected.count, "\(field)")
            #expect(place == nil, "\(field), the value with index \(place?.offset ?? 0)")
        }
    }

    private static func events(_ name: String, _ dialect: Dialect) throws -> [TraceEvent.Kind] {
        let session = SessionDescription(program: "solderless", programVersion: "0.1.0", clock: .virtual)
        let trial = Trial(try Catalogue.scenario(name), seed: 1, dialect: dialect)
        return [.session(session)] + (try trial.runTraced().events.map(\.kind))
    }

    /// A trace of these, a microsecond apart.
    private func trace(of events: [TraceEvent.Kind]) throws -> String {
        guard case .session(let session) = events.first else { preconditionFailure("a trace begins with its session") }
        let path = folder["session.pcap"]
        let writer = try TraceWriter(creating: path, session: session, replacing: true)
        for (index, kind) in events.enumerated().dropFirst() {
            try writer.write(TraceEvent(Instant(nanoseconds: Int64(index) * 1000), kind))
        }
        try writer.close()
        return path
    }

    /// The session with bytes changed, lost and added, and its records cut.
    private static func damaged(_ events: [TraceEvent.Kind], _ random: inout SplitMix64) -> [TraceEvent.Kind] {
        let special: [UInt8] = [0xA5, 0x5A, 0x63, 0x61, 0x00, 0x01, 0x02, 0x04, 0x06, 0x15, 0x18, 0x43, 0xFF]
        return events.flatMap { kind -> [TraceEvent.Kind] in
            guard case .data(let direction, var bytes) = kind, !bytes.isEmpty else { return [kind] }
            let place = Int(random.next(below: UInt64(bytes.count)))
            switch random.next(below: 16) {
            case 0: bytes[place] = UInt8(truncatingIfNeeded: random.next())
            case 1: bytes.remove(at: place)
            case 2: bytes.insert(special[Int(random.next(below: UInt64(special.count)))], at: place)
            case 3: bytes += bytes
            default: break
            }
            let cut = min(bytes.count, place)
            return [.data(direction, Array(bytes[..<cut])), .data(direction, Array(bytes[cut...]))]
        }
    }
}

extension [UInt8] {
    /// Where the records of a little-endian pcap file are, without pcap's own heads.
    fileprivate func recordRanges() -> [Range<Int>] {
        var ranges: [Range<Int>] = []
        var offset = 24
        while offset + 16 <= count {
            let length = (0..<4).reduce(0) { $0 | Int(self[offset + 8 + $1]) << (8 * $1) }
            ranges.append((offset + 16)..<(offset + 16 + length))
            offset += 16 + length
        }
        return ranges
    }

    fileprivate func withoutStatusRecords() -> [UInt8] {
        recordRanges().filter { self[$0.lowerBound + 8] != 0 }.reduce(into: Array(self[..<24])) {
            $0 += self[($1.lowerBound - 16)..<$1.upperBound]
        }
    }
}
