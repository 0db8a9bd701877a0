import Foundation

/// The processes that a process has started, and those that they have.
enum Descendants {
    /// As far as they can be seen now; who starts one meanwhile is missed.
    static func of(_ process: pid_t) -> [pid_t] {
        var children: [pid_t: [pid_t]] = [:]
        for name in (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? [] {
            guard let child = pid_t(name), let parent = parent(of: child) else { continue }
            children[parent, default: []].append(child)
        }
        var found: [pid_t] = []
        var unseen = children[process] ?? []
        while let next = unseen.popLast() {
            found.append(next)
            unseen += children[next] ?? []
        }
        return found
    }

    private static func parent(of process: pid_t) -> pid_t? {
        guard let line = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .isoLatin1),
            // The program's name stands in brackets and may hold anything: what follows the last one counts.
            let end = line.lastIndex(of: ")")
        else { return nil }
        let fields = line[line.index(after: end)...].split(separator: " ")
        return fields.count > 1 ? pid_t(fields[1]) : nil
    }
}
