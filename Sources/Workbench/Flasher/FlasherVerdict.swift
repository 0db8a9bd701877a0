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
        var lines: [String] = []
        for (index, cause) in (found["causes"] as? [[String: Any]] ?? []).enumerated() {
            guard let what = cause["cause"] as? String, let cure = cause["cure"] as? String else { continue }
            lines.append("\(index + 1). \(what) \(cure)")
        }
        if let check = found["check"] as? String { lines.append("Check: \(check)") }
        diagnosis = Diagnosis(title: title, text: lines.joined(separator: "\n"))
    }
}
