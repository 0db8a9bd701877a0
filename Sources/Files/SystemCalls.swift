package import Glibc
package import SystemPackage
import Words

extension Errno {
    /// What the calling thread's last failed system call left.
    package static var last: Errno { Errno(rawValue: Glibc.errno) }
}

/// A descriptor that closes with its owner.
package struct OwnedDescriptor: ~Copyable {
    package let descriptor: FileDescriptor

    /// Takes over what a system call returned; nil when that was -1, with the reason in errno.
    package init?(_ raw: Int32) {
        guard raw >= 0 else { return nil }
        descriptor = FileDescriptor(rawValue: raw)
    }

    package var raw: Int32 { descriptor.rawValue }

    deinit {
        try? descriptor.close()
    }
}

/// Repeats a system call for as long as a signal interrupts it. Returns what the call returned.
package func uninterrupted<Result: SignedInteger>(_ call: () -> Result) -> Result {
    while true {
        let result = call()
        if result != -1 || Errno.last != .interrupted { return result }
    }
}

/// Where a symbolic link points, not followed further; nil when `path` is no link or not there.
package func linkTarget(of path: String) -> String? {
    withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(PATH_MAX)) { buffer in
        let count = readlink(path.systemName, buffer.baseAddress!, buffer.count)
        guard count >= 0 else { return nil }
        return String(keeping: buffer[..<count].map { UInt8(bitPattern: $0) })
    }
}

/// The path with every link followed; nil when something of it is not there.
package func resolved(_ path: String) -> String? {
    guard let resolved = realpath(path.systemName, nil) else { return nil }
    defer { free(resolved) }
    return String(systemName: resolved)
}

/// Where a path leads, every link followed, whether something is there yet or not: the same for all names of one place.
package func place(of path: String) -> String {
    var path = path
    // A link to what is not there yet leads somewhere all the same; the system follows no more than 40 of them.
    for _ in 0..<40 {
        if let resolved = resolved(path) { return resolved }
        guard let target = linkTarget(of: path) else { break }
        path = target.utf8.first == UInt8(ascii: "/") ? target : "\(folderAndName(of: path).folder)/\(target)"
    }
    let (folder, name) = folderAndName(of: path)
    return resolved(folder).map { "\($0)/\(name)" } ?? absolute(path)
}

/// The status of what stands at `path` itself, a link not followed; nil when nothing does.
package func statusWithoutFollowing(_ path: String) -> stat? {
    var status = stat()
    return lstat(path.systemName, &status) == 0 ? status : nil
}

/// Whether two paths lead to one file, which is there.
package func isSameFile(_ path: String, _ other: String) -> Bool {
    var (status, otherStatus) = (stat(), stat())
    return stat(path.systemName, &status) == 0 && stat(other.systemName, &otherStatus) == 0
        && status.st_dev == otherStatus.st_dev && status.st_ino == otherStatus.st_ino
}

/// The last part of a path, and the folder before it ("." when there is none).
package func folderAndName(of path: String) -> (folder: String, name: String) {
    // Of bytes: the first character of a name may join with the slash before it into one.
    guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return (".", path) }
    let folder = String(path[..<slash])
    return (folder.isEmpty ? "/" : folder, String(path[path.utf8.index(after: slash)...]))
}

/// The path from the root, for a reader in another working folder; not followed, and whether it is there or not.
package func absolute(_ path: String) -> String {
    guard path.utf8.first != UInt8(ascii: "/"), let folder = getcwd(nil, 0) else { return path }
    defer { free(folder) }
    var rest = path[...]
    while rest.hasPrefix("./") { rest = rest.dropFirst(2) }
    return "\(String(systemName: folder))/\(rest)"
}
