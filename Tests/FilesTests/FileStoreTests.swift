import Files
import Glibc
import TestForms
import Testing

@Suite struct FileStoreTests {
    private func mode(of path: String) -> mode_t {
        var status = stat()
        return stat(path, &status) == 0 ? status.st_mode & 0o7777 : 0
    }

    @Test func makesReplacesAndReads() throws {
        let folder = try Folder()
        let path = "\(folder.path)/flash.bin"
        try FileStore.replace(path: path, with: [1, 2, 3].span)
        #expect(try FileStore.read(path: path, limit: 3) == [1, 2, 3])
        #expect(chmod(path, 0o640) == 0)
        let large = [UInt8](repeating: 0xA5, count: 2 << 20)
        try FileStore.replace(path: path, with: large.span)
        #expect(try FileStore.read(path: path, limit: 2 << 20) == large)
        #expect(mode(of: path) == 0o640)
        try FileStore.replace(path: path, with: [UInt8]().span)
        #expect(try FileStore.read(path: path, limit: 0) == [])
        #expect(try folder.names() == ["flash.bin"])
    }

    @Test func keepsALinkAndReplacesWhatItPointsTo() throws {
        let folder = try Folder()
        symlink("real", "\(folder.path)/link")
        close(creat("\(folder.path)/real", 0o600))
        try FileStore.replace(path: "\(folder.path)/link", with: [7].span)
        #expect(try FileStore.read(path: "\(folder.path)/real", limit: 10) == [7])
        var status = stat()
        #expect(lstat("\(folder.path)/link", &status) == 0 && status.st_mode & S_IFMT == S_IFLNK)
    }

    @Test func readsWhatHasNoSize() throws {
        #expect(try !FileStore.read(path: "/proc/self/status", limit: 1 << 20).isEmpty)
    }

    @Test func saysWhatIsWrong() throws {
        let folder = try Folder()
        let path = "\(folder.path)/file"
        #expect(code { _ = try FileStore.read(path: path, limit: 1) } == .missing)
        try FileStore.replace(path: path, with: [1, 2].span)
        #expect(code { _ = try FileStore.read(path: path, limit: 1) } == .tooLarge)
        #expect(code { _ = try FileStore.read(path: "/dev/zero", limit: 100_000) } == .notAFile)
        #expect(code { _ = try FileStore.read(path: folder.path, limit: 1) } == .notAFile)
        #expect(code { try FileStore.replace(path: folder.path, with: [1].span) } == .notAFile)
        #expect(code { try FileStore.replace(path: "\(path)/below", with: [1].span) } == .missing)
        #expect(try FileStore.read(path: path, limit: 2) == [1, 2])
    }

    /// A pipe without a writer would hold a reader up for ever; without a reader, a writer.
    @Test func aPipeHoldsNobodyUp() throws {
        let folder = try Folder()
        let path = "\(folder.path)/pipe"
        try #require(mkfifo(path, 0o600) == 0)
        #expect(code { _ = try FileStore.read(path: path, limit: 1) } == .notAFile)
        #expect(throws: FileError.self) { try FileStore.replace(path: path, with: [1].span) }
        let reader = open(path, O_RDONLY | O_NONBLOCK)
        defer { close(reader) }
        try FileStore.replace(path: path, with: [1, 2, 3].span)
        var bytes = [UInt8](repeating: 0, count: 10)
        #expect(read(reader, &bytes, 10) == 3 && bytes.starts(with: [1, 2, 3]))
        #expect(try folder.names() == ["pipe"])
    }

    @Test func saysBeforehandWhatCannotBeReplaced() throws {
        let folder = try Folder()
        try FileStore.checkReplaceable(path: "\(folder.path)/new")
        try FileStore.checkReplaceable(path: "/dev/null")
        close(creat("\(folder.path)/file", 0o600))
        try FileStore.checkReplaceable(path: "\(folder.path)/file")
        #expect(FileStore.wouldReplace(path: "\(folder.path)/file"))
        #expect(!FileStore.wouldReplace(path: "\(folder.path)/new"))
        #expect(code { try FileStore.checkReplaceable(path: "\(folder.path)/no/new") } == .missing)
        #expect(code { try FileStore.checkReplaceable(path: "\(folder.path)/file/new") } == .missing)
        #expect(code { try FileStore.checkReplaceable(path: folder.path) } == .notAFile)
        #expect(code { try FileStore.checkReplaceable(path: "") } == .missing)
        #expect(try folder.names() == ["file"])
    }

    @Test func makesFoldersAsFarAsNeeded() throws {
        let folder = try Folder()
        try FileStore.makeFolder(path: "\(folder.path)/a/b/")
        try FileStore.makeFolder(path: "\(folder.path)/a/b/c")
        #expect(try folder.names() == ["a"])
        #expect(access("\(folder.path)/a/b/c", W_OK) == 0)
        #expect(code { try FileStore.makeFolder(path: "/dev/null/x") } == .missing)
    }

    @Test(.enabled(if: geteuid() == 0, "mounting a small disk needs root"))
    func aFullDiskLeavesTheOldFileAsItWas() throws {
        let folder = try Folder()
        let disk = "\(folder.path)/disk"
        try #require(mkdir(disk, 0o700) == 0)
        defer { rmdir(disk) }
        guard mount("tmpfs", disk, "tmpfs", 0, "size=64k") == 0 else {
            Issue.record("cannot mount a small disk here, errno \(errno): not tested", severity: .warning)
            return
        }
        defer { umount2(disk, Int32(MNT_DETACH)) }
        let path = "\(disk)/flash.bin"
        try FileStore.replace(path: path, with: [1, 2, 3].span)
        let tooMuch = [UInt8](repeating: 0xFF, count: 1 << 20)
        #expect(code { try FileStore.replace(path: path, with: tooMuch.span) } == .noSpace)
        #expect(try FileStore.read(path: path, limit: 10) == [1, 2, 3])
        // Nothing half-written is left to fill the disk for good.
        try FileStore.replace(path: path, with: [UInt8](repeating: 4, count: 16384).span)
    }
}

/// The code of the error that `body` throws; nil when it throws none.
private func code(of body: () throws -> Void) -> FileError.Code? {
    do {
        try body()
        return nil
    } catch {
        return (error as? FileError)?.code
    }
}
