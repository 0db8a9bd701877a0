import Foundation

@testable import ScenarioFiles

/// As much of JSON Schema 2020-12 as our schema uses, for values of our files, in which a number is a text like any other.
/// A word that is not known here is a mistake in the schema or a gap here: it traps.
struct Schema {
    private let root: [String: Any]

    init(bytes: [UInt8]) throws {
        root = try JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any] ?? [:]
    }

    func definition(_ name: String) -> [String: Any] {
        (root["$defs"] as? [String: Any])?[name] as? [String: Any] ?? [:]
    }

    /// What stands for a key below others.
    func node(_ path: [String]) -> [String: Any] {
        path.reduce(root) { node, key in (node["properties"] as? [String: Any])?[key] as? [String: Any] ?? [:] }
    }

    func properties(_ path: [String]) -> [String: Any] {
        node(path)["properties"] as? [String: Any] ?? [:]
    }

    /// What is wrong with a file's value; nil when nothing is.
    func complaint(about value: YAMLValue) -> String? {
        complaint(about: value, root)
    }

    private func complaint(about value: YAMLValue, _ schema: [String: Any]) -> String? {
        for (word, said) in schema {
            if let complaint = complaint(about: value, word, said, schema) { return "\(value.key): \(complaint)" }
        }
        return nil
    }

    private func complaint(
        about value: YAMLValue, _ word: String, _ said: Any, _ schema: [String: Any]
    ) -> String? {
        switch word {
        case "$schema", "$defs", "title", "description": return nil
        case "$ref":
            let name = (said as? String ?? "").split(separator: "/").last.map(String.init) ?? ""
            return complaint(about: value, definition(name))
        case "anyOf":
            let complaints = (said as? [[String: Any]] ?? []).map { complaint(about: value, $0) }
            return complaints.contains(nil) ? nil : complaints.compactMap(\.self).joined(separator: ", or ")
        case "const", "enum":
            let words = (said as? [Any] ?? [said]).map { "\($0)" }
            return words.contains(text(value) ?? "") ? nil : "none of \(words)"
        case "type": return isOf(said as? String ?? "", value) ? nil : "no \(said)"
        case "pattern":
            guard let text = text(value), let regex = try? Regex(said as? String ?? "") else { return nil }
            return text.wholeMatch(of: regex) == nil ? "\(text) is not like \(said)" : nil
        case "minimum": return number(value).map { $0 < said as? Int ?? 0 } == true ? "too small" : nil
        case "maximum": return number(value).map { $0 > said as? Int ?? 0 } == true ? "too large" : nil
        case "minItems": return items(value).map { $0.count < said as? Int ?? 0 } == true ? "too few" : nil
        case "maxItems": return items(value).map { $0.count > said as? Int ?? 0 } == true ? "too many" : nil
        case "items":
            return (items(value) ?? []).lazy.compactMap { complaint(about: $0, said as? [String: Any] ?? [:]) }.first
        default: return complaint(aboutSection: value, word, said, schema)
        }
    }

    private func complaint(
        aboutSection value: YAMLValue, _ word: String, _ said: Any, _ schema: [String: Any]
    ) -> String? {
        guard case .section(let entries) = value.content else { return nil }
        let properties = schema["properties"] as? [String: [String: Any]] ?? [:]
        switch word {
        case "properties":
            return entries.lazy.compactMap { entry in
                properties[entry.key].flatMap { complaint(about: entry.value, $0) }
            }.first
        case "additionalProperties":
            let others = entries.filter { properties[$0.key] == nil }
            guard let schema = said as? [String: Any] else { return others.isEmpty ? nil : "what is \(others[0].key)?" }
            return others.lazy.compactMap { complaint(about: $0.value, schema) }.first
        case "propertyNames":
            return entries.lazy.compactMap { entry in
                let name = YAMLValue(file: "", line: 0, key: value.key, content: .text(entry.key))
                return complaint(about: name, said as? [String: Any] ?? [:])
            }.first
        case "required":
            let missing = (said as? [String] ?? []).filter { key in !entries.contains { $0.key == key } }
            return missing.isEmpty ? nil : "\(missing) are missing"
        case "minProperties": return entries.count < said as? Int ?? 0 ? "too few keys" : nil
        case "maxProperties": return entries.count > said as? Int ?? 0 ? "too many keys" : nil
        default: fatalError("\(word) is not known here")
        }
    }

    // MARK: Values

    private func text(_ value: YAMLValue) -> String? {
        if case .text(let text) = value.content { text } else { nil }
    }

    private func items(_ value: YAMLValue) -> [YAMLValue]? {
        if case .list(let items) = value.content { items } else { nil }
    }

    /// A number as YAML has it: with 0x, too.
    private func number(_ value: YAMLValue) -> Int? {
        guard let text = text(value) else { return nil }
        return text.hasPrefix("0x") ? Int(text.dropFirst(2), radix: 16) : Int(text)
    }

    private func isOf(_ type: String, _ value: YAMLValue) -> Bool {
        switch (type, value.content) {
        case ("string", .text), ("array", .list), ("object", .section): true
        case ("integer", .text): number(value) != nil
        default: false
        }
    }
}
