package import Glibc
package import SystemPackage

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
        let count = readlink(path, buffer.baseAddress!, buffer.count)
        guard count >= 0 else { return nil }
        return String(decoding: buffer[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}

/// The path with every link followed; nil when something of it is not there.
package func resolved(_ path: String) -> String? {
    guard let resolved = realpath(path, nil) else { return nil }
    defer { free(resolved) }
    return String(cString: resolved)
}

/// The status of what stands at `path` itself, a link not followed; nil when nothing does.
package func statusWithoutFollowing(_ path: String) -> stat? {
    var status = stat()
    return lstat(path, &status) == 0 ? status : nil
}

/// The last part of a path, and the folder before it ("." when there is none).
package func folderAndName(of path: String) -> (folder: String, name: String) {
    guard let slash = path.lastIndex(of: "/") else { return (".", path) }
    let folder = String(path[..<slash])
    return (folder.isEmpty ? "/" : folder, String(path[path.index(after: slash)...]))
}

/// The path from the root, for a reader in another working folder; not followed, and whether it is there or not.
package func absolute(_ path: String) -> String {
    guard !path.hasPrefix("/"), let folder = getcwd(nil, 0) else { return path }
    defer { free(folder) }
    var rest = path[...]
    while rest.hasPrefix("./") { rest = rest.dropFirst(2) }
    return "\(String(cString: folder))/\(rest)"
}
