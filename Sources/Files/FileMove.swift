import SystemPackage

#if canImport(Glibc)
    import Glibc
#endif

extension FileStore {
    /// Gives a file another place, and takes the place of what is there; on another disk it is copied.
    /// - Parameter limit: what it may have in bytes, if it has to be copied.
    /// - Throws: `FileError`; the file is then where it was.
    package static func move(_ path: String, to place: String, limit: Int) throws(FileError) {
        guard rename(path.systemName, place.systemName) != 0 else { return }
        let error = Errno(rawValue: errno)
        guard error == .improperLink else {
            throw FileError(.system, path: place, "cannot put \(path) there", errno: error)
        }
        let bytes = try read(path: path, limit: limit)
        try replace(path: place, with: bytes.span)
        unlink(path.systemName)
    }
}
