import CPorts
import Foundation
import TestForms
import Testing

#if canImport(Glibc)
    import Glibc
#endif

/// Emulations in a runtime folder of their own, and `ctl` beside them; what still runs at the end is ended.
final class CtlBench: Sendable {
    let folder: Folder

    init() throws {
        folder = try Folder()
        try FileManager.default.createDirectory(atPath: folder["run"], withIntermediateDirectories: true)
    }

    deinit {
        // What a test that failed has left.
        for process in processes() { kill(process, SIGKILL) }
    }

    /// Where `emulate` puts its port by default.
    var link: String { folder["run/solderless/ecr6600"] }

    /// Lines of a shell in which `$0` is the program.
    func shell(_ lines: String, within seconds: Double = 30) async throws -> Program.Result {
        try await Program.shell(
            "export XDG_RUNTIME_DIR=\(folder["run"]); unset SOLDERLESS_CONTROL; cd \(folder.path)\n\(lines)",
            within: seconds)
    }

    func ctl(_ words: String) async throws -> Program.Result { try await shell("$0 ctl \(words)") }

    /// Starts an emulation that goes on in the background, and waits for its port.
    func start(_ options: String = "--start rom --time brisk") async throws {
        let result = try await shell("$0 emulate --detach \(options)")
        try #require(result.code == 0, "\(result.error)")
    }

    /// The names in the runtime folder.
    var names: [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: folder["run/solderless"])) ?? []).sorted()
    }

    /// Emulations that have this folder in their environment.
    func processes() -> [pid_t] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return names.compactMap { pid_t($0) }.filter { process in
            guard let words = try? Data(contentsOf: URL(fileURLWithPath: "/proc/\(process)/environ")),
                let program = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(process)/exe")
            else { return false }
            return program == Program.path && words.range(of: Data("XDG_RUNTIME_DIR=\(folder["run"])\0".utf8)) != nil
        }
    }
}

/// A host at an emulated port: plain system calls.
final class PlainHost {
    private let descriptor: Int32

    init(_ port: String, baud: UInt32 = 115_200) throws {
        descriptor = open(port, O_RDWR | O_NOCTTY | O_NONBLOCK)
        try #require(descriptor >= 0, "cannot open \(port): errno \(errno)")
        try #require(ports_make_raw(descriptor, baud) == 0)
    }

    deinit { close(descriptor) }

    /// Writes, and returns what comes until it is as much as wanted, or `limit` is over.
    func ask(_ bytes: [UInt8], for count: Int, within limit: Duration = .seconds(5)) -> [UInt8] {
        _ = write(descriptor, bytes, bytes.count)
        return hear(count, within: limit)
    }

    func hear(_ count: Int, within limit: Duration) -> [UInt8] {
        let end = ContinuousClock.now + limit
        var heard: [UInt8] = []
        while heard.count < count {
            let left = Int32((end - ContinuousClock.now) / .milliseconds(1))
            var polled = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            guard left > 0, poll(&polled, 1, left) > 0 else { break }
            var bytes = [UInt8](repeating: 0, count: 4096)
            let new = read(descriptor, &bytes, bytes.count)
            guard new > 0 else { break }
            heard += bytes[..<new]
        }
        return heard
    }

    /// ECR6600 facts §1.4: the sync word, and ROM's answer to it.
    static let sync: [UInt8] = [0x63, 0x6E, 0x79, 0x73]
    static let synced: [UInt8] = [0x01]
}

/// Waits for something that another process does; as a rule ten seconds at most.
func eventually(within limit: Duration = .seconds(10), _ isSo: () async throws -> Bool) async throws -> Bool {
    let end = ContinuousClock.now + limit
    while ContinuousClock.now < end {
        if try await isSo() { return true }
        try await Task.sleep(for: .milliseconds(10))
    }
    return false
}
