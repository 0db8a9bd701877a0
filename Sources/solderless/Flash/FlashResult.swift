import ArgumentParser
import Flasher
import Foundation
import Line
import Wire
import Words

/// How a flash command ended, for a person or for a program.
struct FlashResult {
    private let job: Job
    private let outcome: Outcome
    private let progress: FlashProgress
    private let dialect: Dialect

    init(_ job: Job, _ outcome: Outcome, _ progress: FlashProgress, _ dialect: Dialect) {
        self.job = job
        self.outcome = outcome
        self.progress = progress
        self.dialect = dialect
    }

    /// Says it. - Throws: `code` when the job did not end well.
    func show(as format: ReportFormat, failingWith code: ExitCode = .failed) throws {
        format.print(json) {
            if case .success(let steps) = outcome { Console.print(table(steps)) }
        }
        if case .failure(let failure) = outcome {
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
        lines.append(closing)
        return lines.joined(separator: "\n")
    }

    /// What stands at the end. RUN is answered before anything is looked for (ECR6600 facts §4.2): nobody can say more.
    private var closing: String {
        if case .run = job { return "sent; this command cannot tell whether the chip boots" }
        if case .verify = job { return Console.paint("done", .green) + ": the flash and the file agree" }
        return Console.paint("done", .green)
    }

    // MARK: JSON

    /// What there is nothing to say of has no key.
    private var json: JSONValue {
        let flash = progress.chip?.flashID
        let (word, steps, failure) =
            switch outcome {
            case .success(let steps): ("success", steps, nil as FlasherFailure?)
            case .failure(let failure): ("failure", [], failure)
            }
        var members: [(String, JSONValue?)] = [
            ("outcome", .string(word)), ("flashId", text(flash?.description)),
            ("flashBytes", number(progress.chip?.flashByteCount)),
            ("stubWasRunning", progress.chip.map { .bool($0.stubWasRunning) }),
            ("note", text(flash?.communityStubRemark)), ("efuse", text(progress.efuse?.digits)),
            ("mac", text(progress.efuse?.mac)), ("steps", .array(steps.map(json))),
            (
                "files",
                .array(
                    progress.written.map { file in
                        object([("what", .string(file.what)), ("path", .string(file.path))])
                    })
            ),
        ]
        if let failure { members.append(("failure", json(failure))) }
        // The tool that was imitated, and what it would have logged.
        if dialect == .rdtool {
            members += [("imitates", .string("RDTool")), ("log", .array(progress.log.map { .string($0) }))]
        }
        return .report(Self.present(members))
    }

    private func json(_ step: StepRecord) -> JSONValue {
        object([
            ("phase", .string(step.phase.rawValue)), ("address", number(step.range?.lowerBound)),
            ("bytes", number(step.range?.count)), ("seconds", .decimal(step.duration / .seconds(1))),
            ("verified", step.verified.map { .bool($0) }),
        ])
    }

    private func json(_ failure: FlasherFailure) -> JSONValue {
        object([
            ("phase", .string(failure.phase.rawValue)), ("what", .string(failure.what)),
            ("receivedBytes", number(failure.receivedCount)),
            ("firstReceived", .string(hexBytes(failure.firstReceived))), ("chip", .string(failure.chip.description)),
            ("remedy", .string(failure.remedy)), ("stoppedAt", number(failure.stoppedAt)),
            ("difference", failure.difference.map(json)), ("diagnosis", failure.diagnosis.map(json)),
        ])
    }

    private func json(_ difference: FlashDifference) -> JSONValue {
        object([
            ("address", number(difference.first)), ("bytes", number(difference.byteCount)),
            ("partition", text(difference.partition)),
        ])
    }

    /// Its names are those of `CauseClass` and `Cause`, and stay what they are.
    private func json(_ diagnosis: Diagnosis) -> JSONValue {
        let seen = diagnosis.observations
        let signs = seen.signs.sorted { $0.key.rawValue < $1.key.rawValue }
        return object([
            ("class", .string(diagnosis.causeClass.rawValue)), ("summary", .string(diagnosis.causeClass.summary)),
            (
                "causes",
                .array(
                    diagnosis.causes.map { cause in
                        object([
                            ("name", .string(cause.rawValue)), ("cause", .string(cause.remedy.cause)),
                            ("cure", .string(cause.remedy.cure)),
                        ])
                    })
            ),
            ("check", text(diagnosis.causeClass.check)), ("stage", .string(seen.stage.rawValue)),
            ("sound", .string(seen.heard.sound.rawValue)), ("heardBytes", number(seen.heard.count)),
            (
                "firstHeardSeconds",
                seen.heard.firstHeardAt.map { .decimal(Instant.zero.duration(to: $0) / .seconds(1)) }
            ),
            ("signs", object(signs.map { ($0.key.rawValue, number($0.value)) })),
        ])
    }

    private func object(_ members: [(String, JSONValue?)]) -> JSONValue { .object(Self.present(members)) }
    private func text(_ value: String?) -> JSONValue? { value.map { .string($0) } }
    private func number(_ value: Int?) -> JSONValue? { value.map { .integer(Int64($0)) } }

    private static func present(_ members: [(String, JSONValue?)]) -> [JSONValue.Member] {
        members.compactMap { key, value in value.map { .init(key, $0) } }
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
