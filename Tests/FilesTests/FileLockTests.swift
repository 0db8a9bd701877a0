import Files
import Glibc
import TestForms
import Testing

/// Claims to a file, and what killed processes leave beside one.
@Suite struct FileLockTests {
    @Test func oneHolderByAnyName() throws {
        let folder = try Folder()
        try folder.write([1], to: "flash")
        symlink("flash", folder["link"])
        do {
            let lock = try FileLock(on: folder["flash"])
            let error = #expect(throws: FileError.self) { _ = try FileLock(on: folder["link"]) }
            #expect(error?.code == .busy)
            #expect(error?.happened.contains("(process \(getpid()))") == true)
            withExtendedLifetime(lock) {}
        }
        #expect(try folder.names() == ["flash", "link"], "it is gone with its holder")
        _ = try FileLock(on: folder["link"])
    }

    /// Replacing the file does not let another one in, nor does a file that is not there yet.
    @Test func theFileMayComeAndGo() throws {
        let folder = try Folder()
        let lock = try FileLock(on: folder["flash"])
        try FileStore.replace(path: folder["flash"], with: [1].span)
        try FileStore.replace(path: folder["flash"], with: [2].span)
        #expect(throws: FileError.self) { _ = try FileLock(on: folder["flash"]) }
        withExtendedLifetime(lock) {}
    }

    /// A killed holder leaves the lock's file, unlocked.
    @Test func aStaleOneIsTakenOver() throws {
        let folder = try Folder()
        try folder.write(Array("99999\n".utf8), to: ".flash.solderless-lock")
        do {
            let lock = try FileLock(on: folder["flash"])
            withExtendedLifetime(lock) {}
        }
        #expect(try folder.names().isEmpty)
    }

    /// Nobody is led to write somewhere else.
    @Test func aLinkInItsPlaceIsRefused() throws {
        let folder = try Folder()
        symlink("elsewhere", folder[".flash.solderless-lock"])
        #expect(throws: FileError.self) { _ = try FileLock(on: folder["flash"]) }
        #expect(try !folder.names().contains("elsewhere"))
    }

    @Test func leftoversOfTheDeadGo() throws {
        let folder = try Folder()
        // No process has that number: it is beyond what Linux gives.
        let dead = 4_194_305
        let kept = [
            "flash", ".flash.\(getpid()).7.partial", ".other.\(dead).7.partial", "flash.\(dead).x.partial",
            "flash.\(dead).7.partial", "flash.1.2.3.partial", "flash.partial", "flash.backup.partial",
            "flash.\(dead).partial.bin",
        ]
        for name in kept + [".flash.\(dead).7.partial", ".flash.\(dead).partial"] { try folder.write([], to: name) }
        symlink("/dev/pts/9", folder["flash.\(dead).partial"])
        Leftovers.remove(beside: folder["flash"])
        #expect(try folder.names() == kept.sorted())
    }

    @Test func aStampTellsWhatIsWritten() throws {
        let folder = try Folder()
        #expect(FileStamp(path: folder["f"]) == nil)
        let first = try FileStore.replace(path: folder["f"], with: [1].span)
        #expect(first != nil && FileStamp(path: folder["f"]) == first)
        chmod(folder["f"], 0o600)
        #expect(FileStamp(path: folder["f"]) == first, "its mode is none of its content")
        let second = try FileStore.replace(path: folder["f"], with: [1].span)
        #expect(second != first)
    }

    /// "the old file is unchanged" is no comfort where there was none (a full disk is imitated by a limit for files).
    @Test func aFileThatIsNotThereIsNotUnchanged() async throws {
        let folder = try Folder()
        try folder.write([1], to: "old")
        await #expect(processExitsWith: .success) {
            [path = folder.path as String] in
            signal(SIGXFSZ, SIG_IGN)
            var limit = rlimit(rlim_cur: 1, rlim_max: 1)
            setrlimit(__rlimit_resource_t(1), &limit)
            for (name, isOld) in [("old", true), ("new", false)] {
                do {
                    try FileStore.replace(path: "\(path)/\(name)", with: [1, 2].span)
                    exit(1)
                } catch {
                    if "\(error)".contains("the old file is unchanged") != isOld { exit(2) }
                }
            }
        }
        #expect(try folder.names() == ["old"])
    }
}
