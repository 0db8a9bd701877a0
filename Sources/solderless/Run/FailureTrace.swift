import Files
import Foundation

/// `--trace-on-failure`: a trace that is written under a name of its own, and gets its name only when it is to be kept.
struct FailureTrace {
    /// Where it is to be.
    let path: String
    /// Where it is until then; what a killed process leaves there goes at the next start.
    let recording: String

    /// - Throws: `FileError` `.exists`, unless an older one may be replaced.
    init(_ path: String, replacing: Bool) throws(FileError) {
        guard replacing || !FileManager.default.fileExists(atPath: path) else {
            throw FileError(
                .exists, path: path, "exists already", remedy: "choose another name, or add --overwrite")
        }
        Leftovers.remove(beside: path)
        self.path = path
        recording = "\(path).\(getpid()).partial"
    }

    /// Gives it its name, or takes it away. - Returns: whether it is there. - Throws: `FileError`.
    func settle(keeping: Bool) throws(FileError) -> Bool {
        guard keeping else {
            unlink(recording)
            return false
        }
        guard rename(recording, path) == 0 else {
            throw FileError(
                .system, path: path, "the trace cannot be renamed to this", remedy: "it is \(recording)")
        }
        return true
    }
}
