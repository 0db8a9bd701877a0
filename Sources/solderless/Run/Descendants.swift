import Foundation
import Ports

/// The processes that this one has started, and those that they have.
enum Descendants {
    /// How long they may take to tidy up after SIGTERM.
    private static let grace = Duration.seconds(2)
    /// How long it may take the kernel to end them after SIGKILL.
    private static let patience = Duration.seconds(2)
    private static let pause = Duration.milliseconds(20)

    /// Asks all of them to end, and ends those that do not. Returns at once where there are none.
    static func end() async {
        guard hasAny() else { return }
        for process in living() { _ = kill(process, SIGTERM) }
        guard await !haveEnded(within: grace) else { return }
        let limit = ContinuousClock.now + patience
        // Again and again: one may have started another meanwhile.
        while ContinuousClock.now < limit {
            for process in living() { _ = kill(process, SIGKILL) }
            if await haveEnded(within: pause) { return }
        }
    }

    private static func haveEnded(within limit: Duration) async -> Bool {
        let end = ContinuousClock.now + limit
        while hasAny() {
            guard ContinuousClock.now < end else { return false }
            try? await Task.sleep(for: pause)
        }
        return true
    }

    /// A child that has ended is nobody: whoever waits for it buries it.
    private static func hasAny() -> Bool {
        !living().isEmpty
    }

    /// As far as they can be seen now; who starts one meanwhile is missed. Those that have ended do not count.
    private static func living() -> [pid_t] {
        var children: [pid_t: [(process: pid_t, isAlive: Bool)]] = [:]
        for name in (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? [] {
            guard let process = pid_t(name), let status = status(of: process) else { continue }
            children[status.parent, default: []].append((process, status.isAlive))
        }
        var found: [pid_t] = []
        var unseen = children[getpid()] ?? []
        while let next = unseen.popLast() {
            if next.isAlive { found.append(next.process) }
            unseen += children[next.process] ?? []
        }
        return found
    }

    private static func status(of process: pid_t) -> (parent: pid_t, isAlive: Bool)? {
        guard let line = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .isoLatin1),
            // The program's name stands in brackets and may hold anything: what follows the last one counts.
            let end = line.lastIndex(of: ")")
        else { return nil }
        let fields = line[line.index(after: end)...].split(separator: " ")
        guard fields.count > 1, let parent = pid_t(fields[1]) else { return nil }
        return (parent, fields[0] != "Z" && fields[0] != "X")
    }
}
