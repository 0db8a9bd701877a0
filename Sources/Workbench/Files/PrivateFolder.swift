import Files
import Foundation
import SystemPackage

#if canImport(Glibc)
    import Glibc
#endif

/// A folder of this process's own (mode 0700), which goes with it; what killed ones have left goes at the next start.
final class PrivateFolder: Sendable {
    let path: String

    private static let name = "solderless-workbench-"

    /// - Throws: `FileError`.
    init() throws(FileError) {
        let parent = ProcessInfo.processInfo.environment["TMPDIR"] ?? "/tmp"
        Self.removeThoseOfTheDead(in: parent)
        var template = Array("\(parent)/\(Self.name)\(getpid()).XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else {
            throw .last(path: parent, "cannot make a folder there", remedy: "name one that you can write to in TMPDIR")
        }
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    deinit { remove() }

    func remove() { try? FileManager.default.removeItem(atPath: path) }

    private static func removeThoseOfTheDead(in parent: String) {
        for found in (try? FileManager.default.contentsOfDirectory(atPath: parent)) ?? [] where found.hasPrefix(name) {
            guard let process = found.dropFirst(name.count).split(separator: ".").first.flatMap({ pid_t($0) }),
                process > 0, kill(process, 0) != 0, errno == ESRCH,
                let status = statusWithoutFollowing("\(parent)/\(found)"), status.st_uid == getuid(),
                status.st_mode & S_IFMT == S_IFDIR
            else { continue }
            try? FileManager.default.removeItem(atPath: "\(parent)/\(found)")
        }
    }
}
