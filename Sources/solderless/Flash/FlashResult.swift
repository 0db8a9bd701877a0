import ArgumentParser
import Flasher
import Foundation
import Line
import Wire
import Words

/// How a flash command ended, for a person or for a program.
struct FlashResult {
    private let outcome: Outcome
    private let progress: FlashProgress
    private let dialect: Dialect

    init(_ outcome: Outcome, _ progress: FlashProgress, _ dialect: Dialect) {
        self.outcome = outcome
        self.progress = progress
        self.dialect = dialect
    }

    /// Says it. - Throws: `code` when the job did not end well.
    func show(asJSON: Bool, failingWith code: ExitCode = .failed) throws {
        if asJSON { try Console.print(json()) }
        switch outcome {
        case .success(let steps):
            if !asJSON { Console.print(table(steps)) }
        case .failure(let failure):
            Console.complain(failure.description)
            throw code
        }
    }

    private func table(_ steps: [StepRecord]) -> String {
        var lines = steps.map { step in
            let place = step.range.map { "\(hex($0.lowerBound)) +\(hex($0.count))" } ?? ""
            let seconds = step.duration / .seconds(1)
            let rate =
                step.byteCount > 0 && seconds > 0 && step.phase != .verify
                ? String(format: "%.1f KB/s", Double(step.byteCount) / seconds / 1024) : ""
            let check = step.verified.map { $0 ? "verified" : "NOT verified" } ?? ""
            return [
                step.phase.rawValue.padded(19), place.padded(22), String(format: "%8.3f s", seconds),
                rate.padded(14, left: true), check,
            ].joined(separator: " ").trimmingTrailingBlanks
        }
        if let chip = progress.chip {
            let id = chip.flashID.map { "\($0), " } ?? ""
            let earlier = chip.stubWasRunning ? ", the stub was running already" : ""
            lines.append("flash \(id)\(chip.flashByteCount) bytes\(earlier)")
        }
        lines += progress.efuse?.lines ?? []
        if let remark = progress.chip?.flashID?.communityStubRemark { lines.append("note: \(remark)") }
        lines += progress.written.map { "\($0.what): \($0.path)" }
        lines.append(Console.paint("done", .green))
        return lines.joined(separator: "\n")
    }

    // MARK: JSON

    private struct Report: Encodable {
        var schema = 1
        var outcome: String
        var flashId: String?
        var flashBytes: Int?
        var stubWasRunning: Bool?
        var note: String?
        var efuse: String?
        var mac: String?
        var steps: [Step]
        var files: [File]
        var failure: Trouble?
        /// The tool that was imitated, and what it would have logged.
        var imitates: String?
        var log: [String]?
    }

    private struct Step: Encodable {
        var phase: String
        var address: Int?
        var bytes: Int?
        var seconds: Double
        var verified: Bool?
    }

    private struct File: Encodable {
        var what: String
        var path: String
    }

    private struct Trouble: Encodable {
        var phase: String
        var what: String
        var receivedBytes: Int
        var firstReceived: String
        var chip: String
        var remedy: String
        var diagnosis: Guess?
    }

    /// A diagnosis. Its names are those of `CauseClass` and `Cause`, and stay what they are.
    private struct Guess: Encodable {
        var `class`: String
        var summary: String
        var causes: [Candidate]
        var check: String?
        var stage: String
        var sound: String
        var heardBytes: Int
        var firstHeardSeconds: Double?
        var signs: [String: Int]

        init(_ diagnosis: Diagnosis) {
            let seen = diagnosis.observations
            `class` = diagnosis.causeClass.rawValue
            summary = diagnosis.causeClass.summary
            causes = diagnosis.causes.map {
                Candidate(name: $0.rawValue, cause: $0.remedy.cause, cure: $0.remedy.cure)
            }
            check = diagnosis.causeClass.check
            stage = seen.stage.rawValue
            sound = seen.heard.sound.rawValue
            heardBytes = seen.heard.count
            firstHeardSeconds = seen.heard.firstHeardAt.map { Instant.zero.duration(to: $0) / .seconds(1) }
            signs = Dictionary(uniqueKeysWithValues: seen.signs.map { ($0.key.rawValue, $0.value) })
        }
    }

    private struct Candidate: Encodable {
        var name: String
        var cause: String
        var cure: String
    }

    private func json() throws -> String {
        var report = Report(
            outcome: "success", flashId: progress.chip?.flashID?.description, flashBytes: progress.chip?.flashByteCount,
            stubWasRunning: progress.chip?.stubWasRunning,
            note: progress.chip?.flashID?.communityStubRemark, efuse: progress.efuse?.digits, mac: progress.efuse?.mac,
            steps: [],
            files: progress.written.map { File(what: $0.what, path: $0.path) }, failure: nil)
        if dialect == .rdtool {
            report.imitates = "RDTool"
            report.log = progress.log
        }
        switch outcome {
        case .success(let steps):
            report.steps = steps.map {
                Step(
                    phase: $0.phase.rawValue, address: $0.range?.lowerBound, bytes: $0.range?.count,
                    seconds: $0.duration / .seconds(1), verified: $0.verified)
            }
        case .failure(let failure):
            report.outcome = "failure"
            report.failure = Trouble(
                phase: failure.phase.rawValue, what: failure.what, receivedBytes: failure.receivedCount,
                firstReceived: hexBytes(failure.firstReceived), chip: failure.chip.description, remedy: failure.remedy,
                diagnosis: failure.diagnosis.map(Guess.init))
        }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        return String(decoding: try encoder.encode(report), as: UTF8.self)
    }
}

extension String {
    /// Filled with blanks to `width` characters.
    func padded(_ width: Int, left: Bool = false) -> String {
        let blanks = String(repeating: " ", count: max(0, width - count))
        return left ? blanks + self : self + blanks
    }

    var trimmingTrailingBlanks: String {
        String(self[..<(lastIndex { $0 != " " }.map { index(after: $0) } ?? startIndex)])
    }
}
