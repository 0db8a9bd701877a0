import Files

#if canImport(Glibc)
    import Glibc
#endif

/// `--trace-on-failure`: a trace that is written under a name of its own, and gets its name only when it is to be kept.
struct FailureTrace {
    /// Where it is to be.
    let path: String
    /// Where it is until then; what a killed process leaves there goes at the next start.
    let recording: String

    private let replaces: Bool

    /// - Throws: `FileError`: `.exists`, unless an older one may be replaced; what `FileStore.checkReplaceable` throws.
    init(_ path: String, replacing: Bool) throws(FileError) {
        try FileStore.checkReplaceable(path: path)
        guard replacing || FileStamp(path: path) == nil else {
            throw FileError(
                .exists, path: path, "exists already", remedy: "choose another name, or add --overwrite")
        }
        // A device or a pipe would be replaced by a file.
        var status = stat()
        guard stat(path.systemName, &status) != 0 || status.st_mode & S_IFMT == S_IFREG else {
            throw FileError(.notAFile, path: path, "is no file", remedy: "name one, or use --trace")
        }
        Leftovers.remove(beside: path)
        self.path = path
        replaces = replacing
        let (folder, name) = folderAndName(of: path)
        recording = "\(folder)/.\(name).\(getpid()).partial"
    }

    /// Gives it its name, or takes it away. - Returns: whether it is there. - Throws: `FileError`; it is then still what
    /// `recording` names.
    func settle(keeping: Bool) throws(FileError) -> Bool {
        guard keeping else {
            discard()
            return false
        }
        // A name that somebody else has taken meanwhile stays theirs.
        let give = replaces ? rename : link
        guard give(recording.systemName, path.systemName) == 0 else {
            let reason = String(cString: strerror(errno))
            throw FileError(
                .system, path: path, "the trace cannot be given this name (\(reason))", remedy: "it is \(recording)")
        }
        if !replaces { discard() }
        return true
    }

    func discard() {
        unlink(recording.systemName)
    }
}
