import Glibc
import SystemPackage

/// What a process leaves beside a file when it is killed while it makes a new one: `.NAME.PROCESS.NUMBER.partial` and its
/// kin.
package enum Leftovers {
    /// Removes what is left beside `path` of processes that have ended.
    package static func remove(beside path: String) {
        let (folder, name) = folderAndName(of: path)
        for found in names(in: folder) where found.hasSuffix(suffix) {
            guard let process = process(in: found, of: name), kill(process, 0) != 0, Errno.last == .noSuchProcess,
                let kind = statusWithoutFollowing("\(folder)/\(found)")?.st_mode,
                // A file whose name has no dot in front may be somebody's own.
                kind & S_IFMT == S_IFLNK || (kind & S_IFMT == S_IFREG && found.utf8.first == UInt8(ascii: "."))
            else { continue }
            unlink("\(folder)/\(found)".systemName)
        }
    }

    private static let suffix = ".partial"

    /// The process that a leftover of `name` names.
    private static func process(in found: String, of name: String) -> pid_t? {
        // Of bytes: the name's first character may join with the dot before it into one.
        let isHidden = found.utf8.starts(with: ".\(name).".utf8)
        guard isHidden || found.utf8.starts(with: "\(name).".utf8) else { return nil }
        let rest = Substring(found.utf8.dropFirst(name.utf8.count + (isHidden ? 2 : 1)))
        let numbers = rest.dropLast(suffix.count).split(separator: ".", omittingEmptySubsequences: false)
        guard (1...2).contains(numbers.count), numbers.allSatisfy({ UInt32($0) != nil }),
            let process = pid_t(numbers[0]),
            process > 0
        else { return nil }
        return process
    }
}

/// The names of what is in a folder; nothing where it cannot be read.
package func names(in folder: String) -> [String] {
    guard let directory = opendir(folder.systemName) else { return [] }
    defer { closedir(directory) }
    var names: [String] = []
    while let entry = readdir(directory) {
        names.append(
            withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(systemName: $0) }
            })
    }
    return names
}
