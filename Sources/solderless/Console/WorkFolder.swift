import Files
import Foundation
import Words

#if canImport(Glibc)
    import Glibc
#endif

/// A folder for what comes and goes with one process: it is removed with this, and what killed ones have left at the next
/// start.
final class WorkFolder {
    let path: String

    /// - Parameter command: the command of ours that it is for.
    /// - Throws: `FileError`.
    init(of command: String) throws {
        let name = "solderless-\(command)-"
        let parent = ProcessInfo.processInfo.environment["TMPDIR"] ?? "/tmp"
        Self.removeThoseOfTheDead(in: parent, name)
        var template = Array("\(parent)/\(name)\(getpid()).XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else {
            throw FileError(
                .system, path: parent, "cannot make a folder there (\(String(cString: strerror(errno))))",
                remedy: "name one that you can write to in TMPDIR")
        }
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    private static func removeThoseOfTheDead(in parent: String, _ name: String) {
        for found in Files.names(in: parent) where found.hasPrefix(name) {
            guard let process = found.dropFirst(name.count).split(separator: ".").first.flatMap({ pid_t($0) }),
                process > 0, kill(process, 0) != 0, errno == ESRCH
            else { continue }
            var status = stat()
            guard lstat("\(parent)/\(found)", &status) == 0, status.st_uid == getuid(),
                status.st_mode & S_IFMT == S_IFDIR
            else { continue }
            try? FileManager.default.removeItem(atPath: "\(parent)/\(found)")
        }
    }
}
