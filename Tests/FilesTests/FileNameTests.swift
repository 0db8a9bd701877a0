import Files
import Glibc
import TestForms
import Testing

/// Names that are not UTF-8: the system sees their own bytes, and what it says is read as them.
@Suite struct FileNameTests {
    /// A letter in Latin-1, half a surrogate pair, the code point that would carry E9, and a mark that joins with the slash
    /// before it.
    static let names: [[UInt8]] = [
        [0x63, 0x61, 0x66, 0xE9], [0xED, 0xA0, 0x80], [0xF4, 0x8F, 0xBB, 0xA9], [0xCC, 0x81, 0x78],
    ]

    @Test(arguments: names) func filesAreMadeAndFound(_ name: [UInt8]) throws {
        let folder = try Folder()
        let text = String(systemName: name.map(CChar.init(bitPattern:)) + [0])
        let path = folder[text]
        try FileStore.replace(path: path, with: [1, 2].span)
        try FileStore.replace(path: path, with: [1, 2, 3].span)
        #expect(bytes(of: folder) == [name])
        #expect(Files.names(in: folder.path).contains(text))
        #expect(try FileStore.read(path: path, limit: 3) == [1, 2, 3])
        #expect(FileStore.byteCount(path: path) == 3)
        #expect(resolved(path) == path)
        #expect(folderAndName(of: path) == (folder.path, text))

        let link = folder["link"]
        #expect(symlink(text.systemName, link.systemName) == 0)
        #expect(linkTarget(of: link) == text)
        #expect(place(of: link) == path)
        unlink(path.systemName)
        #expect(place(of: link) == path, "a link to what is not there yet")
        unlink(link)

        let file = try NewFile(at: path, replacing: false)
        close(file.descriptor)
        try file.publish()
        #expect(bytes(of: folder) == [name])
        do {
            let lock = try FileLock(on: path)
            #expect(bytes(of: folder) == [name, Array(".".utf8) + name + Array(".solderless-lock".utf8)])
            _ = lock
        }
        #expect(bytes(of: folder) == [name])
        unlink(path.systemName)

        try FileStore.makeFolder(path: "\(path)/\(text)")
        #expect(bytes(of: folder) == [name])
        #expect(resolved("\(path)/\(text)") == "\(path)/\(text)")
    }

    /// What a killed process has left under such a name.
    @Test(arguments: names) func leftoversAreRemoved(_ name: [UInt8]) throws {
        let folder = try Folder()
        let path = folder[String(systemName: name.map(CChar.init(bitPattern:)) + [0])]
        // More than the kernel gives: a process that is not there.
        let left = folderAndName(of: path).name
        close(creat(folder[".\(left).4194305.7.partial"].systemName, 0o600))
        #expect(bytes(of: folder).count == 1)
        Leftovers.remove(beside: path)
        #expect(bytes(of: folder).isEmpty)
    }

    /// A ring of links leads nowhere, and is not followed for ever.
    @Test func aRingOfLinksEnds() throws {
        let folder = try Folder()
        symlink("b", folder["a"])
        symlink("a", folder["b"])
        #expect(folderAndName(of: place(of: folder["a"])).folder == folder.path)
    }

    /// What is in a folder, as the system has it.
    private func bytes(of folder: Folder) -> Set<[UInt8]> {
        guard let directory = opendir(folder.path) else { return [] }
        defer { closedir(directory) }
        var names: Set<[UInt8]> = []
        while let entry = readdir(directory) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { Array($0.prefix { $0 != 0 }) }
            if name != [0x2E] && name != [0x2E, 0x2E] { names.insert(name) }
        }
        return names
    }
}
