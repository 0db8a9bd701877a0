import Foundation
import Words

/// The keys of reports, and those that docs/json.md lists.
enum JSONKeys {
    /// Keys of an object as `a.b`, those of an array's objects as `a[].b`.
    static func of(_ value: JSONValue, _ prefix: String = "") -> Set<String> {
        var found: Set<String> = prefix.isEmpty || prefix.hasSuffix("[]") ? [] : [prefix]
        switch value {
        case .object(let members):
            for member in members {
                found.formUnion(of(member.value, prefix.isEmpty ? member.key : "\(prefix).\(member.key)"))
            }
        case .array(let values):
            for value in values { found.formUnion(of(value, prefix + "[]")) }
        default: break
        }
        return found
    }

    /// The first column of the tables in a section.
    static func documented(in page: String, under heading: String) -> Set<String> {
        guard let start = page.range(of: heading + "\n") else { return [] }
        let section = page[start.upperBound...].components(separatedBy: "\n## ")[0]
        return Set(
            section.split(separator: "\n").filter { $0.hasPrefix("| `") }
                .flatMap { row in row.split(separator: "|")[0].split(separator: ",") }
                .map { $0.trimmingCharacters(in: CharacterSet(charactersIn: " `")) })
    }

    /// The same keys, those that stand for many written as the page does: `events.answer` as `events.KIND`.
    static func generalised(_ keys: Set<String>, by documented: Set<String>) -> Set<String> {
        let patterns = documented.filter { $0.split(separator: ".").last.map { $0 == $0.uppercased() } ?? false }
        return Set(
            keys.map { key in
                patterns.first { pattern in
                    let parent = pattern.split(separator: ".").dropLast().joined(separator: ".")
                    return key.hasPrefix(parent + ".")
                } ?? key
            })
    }
}
