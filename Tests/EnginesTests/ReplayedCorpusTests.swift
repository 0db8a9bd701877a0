import Bench
import Capture
import Check
import Emulator
import Faults
import Flasher
import Foundation
import Images
import Line
import Replay
import ScenarioFiles
import Scenarios
import Testing
import Trace
import Wire

@testable import Simulation

/// Every trace of `traces/` is played to the dialect that made it, and to a chip.
@Suite struct ReplayedCorpusTests {
    static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "traces").path(percentEncoded: false)

    static func recording(_ name: String) throws -> Recording {
        Recording(try TraceReader(opening: "\(folder)/\(name).pcap").events())
    }

    /// A row of the index: the trace, and the trial that made it.
    struct Row: CustomTestStringConvertible, Sendable {
        var name: String
        var words: [String]

        var testDescription: String { name }

        func trial() throws -> Trial {
            func value(_ option: String) -> String? {
                words.firstIndex(of: option).map { words[$0 + 1] }
            }
            var scenario = try Catalogue.scenario(words[0])
            if let fault = value("--fault") { scenario.faults.append(try FaultChoice(parsing: fault)) }
            var trial = Trial(
                scenario, seed: UInt64(value("--seeds") ?? "") ?? 1,
                dialect: value("--dialect").flatMap { Dialect(rawValue: $0) } ?? .community)
            if let task = value("--task").flatMap({ Scenario.Task(rawValue: $0) }) { trial.task = task }
            return trial
        }
    }

    static let rows: [Row] = {
        let index = (try? String(contentsOfFile: "\(folder)/README.md", encoding: .utf8)) ?? ""
        return index.split(separator: "\n").compactMap { line in
            let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: [" ", "`"]) }
            guard cells.count == 3, cells[2].hasPrefix("solderless simulate ") else { return nil }
            // Quotes stand around faults alone.
            let parts = cells[2].dropFirst("solderless simulate ".count).split(separator: "'")
            var words: [String] = []
            for (index, part) in parts.enumerated() {
                words += index % 2 == 1 ? [String(part)] : part.split(separator: " ").map(String.init)
            }
            return Row(name: cells[0], words: words)
        }
    }()

    @Test func theIndexHasThem() { #expect(Self.rows.count > 25) }

    /// How the trial ended when it was recorded.
    private func endingThen(_ trial: Trial) throws -> String {
        let result = try trial.run()
        return result.ending == .outOfTime ? "out of time" : ReplayedHost.ending(result.failure)
    }

    @Test(arguments: rows) func exact(row: Row) throws {
        let (trial, recording) = (try row.trial(), try Self.recording(row.name))
        let session = try ReplayedHost.session(of: trial, with: Player(recording.events, patience: .seconds(3600)))
        #expect(session.ending == (try endingThen(trial)))
        guard case .complete = session.player.outcome else {
            Issue.record("\(session.player.outcome.inWords(recording))")
            return
        }
    }

    @Test(arguments: rows) func frames(row: Row) throws {
        let (trial, recording) = (try row.trial(), try Self.recording(row.name))
        let session = try ReplayedHost.session(of: trial, with: FramePlayer(recording, patience: .seconds(3600)))
        #expect(session.ending == (try endingThen(trial)))
        guard case .complete = session.player.outcome else {
            Issue.record("\(session.player.outcome.inWords(recording))")
            return
        }
    }

    /// Where a host may go by moments that no port keeps, the replay says so before it begins.
    @Test(arguments: [
        ("missing-ground-community-1", true), ("power-too-early-community-1", true), ("good-bench-community-1", false),
        ("late-power-community-1", false),
    ])
    func whatHangsOnMomentsIsSaid(name: String, isSaid: Bool) throws {
        let assumptions = try Self.recording(name).assumptions { _ in true }
        #expect(assumptions.contains { $0.contains("bytes that say nothing") } == isSaid, "\(assumptions)")
    }

    /// Sessions in which the recorded host had answers that a chip on a good line does not give: an echo of its own words, an
    /// id that is none. The emulated chip that lives through them answers otherwise, and says so.
    private static let haveOtherAnswers: Set = [
        "missing-ground-community-1", "ground-joined-later-community-1", "wrong-flash-id-community-1",
    ]

    @Test(arguments: rows) func effect(row: Row) throws {
        let (trial, recording) = (try row.trial(), try Self.recording(row.name))
        let chip = RecordedChip(stub: trial.scenario.chip.stub).chip(of: recording, time: TimeMode(.brisk))
        let session = try ReplayedHost.session(
            of: trial, with: EffectPlayer(recording, chip: chip, patience: .seconds(3600)))
        #expect(session.ending == (try endingThen(trial)))
        guard case .complete = session.player.outcome else {
            Issue.record("\(session.player.outcome.inWords(recording))")
            return
        }
        #expect(session.player.effect() == nil)
        #expect(
            (session.player.disagreement != nil) == Self.haveOtherAnswers.contains(row.name),
            "\(session.player.disagreement ?? "")")
    }

    // MARK: Hosts that leave the path

    /// Traces of whole writes, and hosts that write the same by other commands, at another rate, without hashes: the chip
    /// goes on, and the flash ends the same.
    @Test(
        arguments: ["good-bench-community-1", "lost-ack-community-1", "corrupt-block-community-1"],
        [460_800, 115_200])
    func aHostThatLeavesEndsTheSame(name: String, baud: Int) throws {
        let row = try #require(Self.rows.first { $0.name == name })
        var trial = try row.trial()
        trial.scenario.host.workingBaud = baud
        let recording = try Self.recording(name)
        let chip = RecordedChip().chip(of: recording, time: TimeMode(.brisk))
        let session = try ReplayedHost.session(of: trial, with: EffectPlayer(recording, chip: chip))
        #expect(session.ending == "success")
        guard case .left = session.player.outcome else {
            Issue.record("it did not leave: \(session.player.outcome)")
            return
        }
        // A repeated block is written twice, one block further on (ECR6600 facts §10): only a lost ACK ends otherwise, and
        // the recorded host mended that.
        #expect(session.player.effect() == nil)
    }

    /// Another image: the flash ends otherwise, and where is said.
    @Test func anotherImageIsAnotherEffect() throws {
        let row = try #require(Self.rows.first { $0.name == "good-bench-vendor-1" })
        var trial = try row.trial()
        let recording = try Self.recording(row.name)
        let chip = RecordedChip(stub: .vendor134).chip(of: recording, time: TimeMode(.brisk))
        trial.task = .erase
        let session = try ReplayedHost.session(of: trial, with: EffectPlayer(recording, chip: chip))
        let effect = try #require(session.player.effect(), "\(session.ending)")
        #expect((0x8000..<0xE000).contains(effect.address))
        #expect(effect.got.allSatisfy { $0 == 0xFF })
    }

    // MARK: The recorded host, to a chip

    /// The bench of the trial without its faults: the recorded host says to its chip what it said then.
    @Test(
        arguments: [
            "good-bench-community-1", "good-bench-vendor-1", "good-bench-rdtool-1", "good-bench-community-2",
            "baud-460800-community-1", "corrupt-block-community-1", "corrupt-block-vendor-1",
            "slow-adapter-community-1",
            "write-64k", "read-64k", "erase", "efuse", "write-64k-one-bit-corrupt",
        ], [HostPlayer.Match.frames, .effect])
    func theRecordedHostFlashesAChip(name: String, match: HostPlayer.Match) throws {
        let recording = try Self.recording(name)
        let stub: StubImage.Version = name.contains("vendor") || name.contains("rdtool") ? .vendor134 : .community
        let chip = RecordedChip(stub: stub).chip(of: recording, time: TimeMode(.wire))
        var line = VirtualLine(host: HostPlayer(recording, match: match), device: chip)
        line.run(until: Instant(nanoseconds: 3_600_000_000_000)) { line in
            if case .running = line.host.outcome { false } else { true }
        }
        guard case .complete = line.host.outcome else {
            Issue.record("\(line.host.outcome.inWords(recording))")
            return
        }
    }
}

extension ReplayOutcome {
    /// For a failed expectation.
    func inWords(_ recording: Recording) -> String {
        switch self {
        case .diverged(let divergence), .left(let divergence):
            DivergenceReport(divergence, in: recording).lines.joined(separator: "\n")
        default: "\(self)".prefix(300).description
        }
    }
}
