import Foundation
import Words

/// What the flasher's report says (`flash --json`), as far as the page shows it.
struct FlasherVerdict: Hashable, Sendable {
    enum Ending: String, Hashable, Sendable {
        case success
        case failure
        case stopped
    }

    var ending: Ending
    /// Why it failed, if its report says so.
    var diagnosis: Diagnosis?

    private static let likely = 2

    struct Diagnosis: Hashable, Sendable {
        var title: String
        var text: String

        var json: JSONValue { .object([.init("title", .string(title)), .init("text", .string(text))]) }
    }

    /// - Parameters:
    ///   - report: its standard output; it need not be JSON.
    ///   - code: its exit code; nil where a signal ended it.
    init(report: [UInt8], code: Int32?, wasStopped: Bool) {
        ending = wasStopped ? .stopped : code == 0 ? .success : .failure
        guard ending == .failure,
            let json = try? JSONSerialization.jsonObject(with: Data(report)) as? [String: Any],
            let failure = json["failure"] as? [String: Any]
        else { return }
        guard let found = failure["diagnosis"] as? [String: Any], let title = found["summary"] as? String else {
            if let what = failure["what"] as? String {
                diagnosis = Diagnosis(title: what, text: failure["remedy"] as? String ?? "")
            }
            return
        }
        // As the flasher itself says it on standard error: the likely ones with their cures, the others by name.
        let causes = (found["causes"] as? [[String: Any]] ?? []).compactMap { cause in
            (cause["cause"] as? String).map { (cause: $0, cure: cause["cure"] as? String ?? "") }
        }
        var lines = causes.prefix(Self.likely).enumerated().map { number, one in
            "\(number + 1). Perhaps \(one.cause). \(one.cure)"
        }
        let others = causes.dropFirst(Self.likely).map(\.cause)
        if !others.isEmpty { lines.append("Or: \(others.joined(separator: "; ")).") }
        if let check = found["check"] as? String { lines.append("Check: \(check)") }
        diagnosis = Diagnosis(
            title: "\(title.prefix(1).uppercased() + title.dropFirst()).", text: lines.joined(separator: "\n"))
    }
}
