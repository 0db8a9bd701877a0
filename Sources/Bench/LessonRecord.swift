import Files
package import Lessons
import Words

/// Which lessons somebody has done, kept in a file of the user's: `lessons.json` in `$XDG_STATE_HOME/solderless`, or in
/// `~/.local/state/solderless`.
package struct LessonRecord: Sendable {
    package private(set) var progress = LessonProgress()
    private let folder: String
    private var path: String { "\(folder)/lessons.json" }

    /// Why a file is no record: a sentence without a full stop.
    package struct Unreadable: Error, CustomStringConvertible {
        package var description: String
    }

    /// - Parameter forgetting: whether what is there is not looked at.
    /// - Throws: `FileError`; `Unreadable` for a file that is none.
    package init(forgetting: Bool = false) throws {
        folder = Self.stateFolder() + "/solderless"
        guard !forgetting, FileStore.byteCount(path: path) != nil else { return }
        let bytes = try FileStore.read(path: path, limit: LessonProgress.mostBytes)
        do {
            progress = try LessonProgress(parsing: bytes)
        } catch {
            throw Unreadable(
                description:
                    "\(printable(path)) does not say which lessons are done: \(error); solderless learn --reset "
                    + "begins anew")
        }
    }

    /// - Throws: `FileError`.
    package mutating func finish(_ name: String) throws {
        progress.finish(name)
        try write()
    }

    /// - Throws: `FileError`.
    package mutating func forget() throws {
        progress = LessonProgress()
        try write()
    }

    private func write() throws {
        try FileStore.makeFolder(path: folder)
        let text = Array((progress.json.description + "\n").utf8)
        try FileStore.replace(path: path, with: text.span)
    }

    private static func stateFolder() -> String {
        if let folder = environmentVariable("XDG_STATE_HOME"), folder.hasPrefix("/") { return folder }
        return (environmentVariable("HOME") ?? "/tmp") + "/.local/state"
    }
}
