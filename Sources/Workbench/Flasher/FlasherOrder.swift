/// What the page can have the built-in flasher do: a choice among these, and nothing that it could write itself.
struct FlasherOrder: Hashable, Sendable {
    enum Program: String, Hashable, Sendable, CaseIterable {
        case ours
        /// The imitation of RDTool.
        case rdtool
    }

    enum Task: String, Hashable, Sendable, CaseIterable {
        case info
        case backup
        case write
        case verify
        case erase
        case restore
        /// No flasher at all: a terminal program that shows what the chip prints.
        case listen
    }

    var program: Program
    var task: Task

    /// Files that an order is carried out with.
    struct Paths: Hashable, Sendable {
        var port: String
        /// What is written, and whether it is a whole flash and not an image that says where it goes.
        var image: String
        var isWholeFlash: Bool
        /// Where a back-up goes; there is nothing yet.
        var newBackup: String
        /// What is restored.
        var backup: String?
        /// Whether a write or an erase leaves the back-up to the learner.
        var isInLesson = false
    }

    private func backup(_ paths: Paths) -> [String] {
        paths.isInLesson ? ["--no-backup"] : ["--backup", paths.newBackup]
    }

    /// What `solderless` is called with; nil for a back-up that is to be restored and is not there. Listening
    /// needs none.
    func arguments(_ paths: Paths) -> [String]? {
        let common = ["--port", paths.port, "--json"] + (program == .rdtool ? ["--dialect", "rdtool"] : [])
        let whole = paths.isWholeFlash ? ["--address", "0"] : []
        switch task {
        case .info: return ["flash", "info"] + common
        case .backup: return ["flash", "read", paths.newBackup] + common
        case .write: return ["flash", "write", paths.image] + whole + backup(paths) + common
        case .verify: return ["flash", "verify", paths.image] + whole + common
        case .erase: return ["flash", "erase", "--all"] + backup(paths) + common
        case .listen: return []
        case .restore:
            // What there was comes back, whether it boots or not; and what is there now has been backed up, or is no loss.
            return paths.backup.map {
                ["flash", "write", $0, "--address", "0", "--no-backup", "--yes"] + common
            }
        }
    }
}
