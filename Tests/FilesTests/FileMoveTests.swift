import Files
import Foundation
import Glibc
import TestForms
import Testing

@Suite struct FileMoveTests {
    @Test func aFileTakesAnothersPlace() throws {
        let folder = try Folder()
        try folder.write([1, 2, 3], to: "new")
        try folder.write([9], to: "old")
        try FileStore.move(folder["new"], to: folder["old"], limit: 3)
        #expect(try folder.names() == ["old"])
        #expect(try folder.read("old") == [1, 2, 3])
    }

    private static let otherDisk = "/dev/shm"
    private static var hasOtherDisk: Bool {
        var (here, there) = (stat(), stat())
        return stat(NSTemporaryDirectory(), &here) == 0 && stat(otherDisk, &there) == 0 && here.st_dev != there.st_dev
            && access(otherDisk, W_OK) == 0
    }

    @Test(.enabled(if: hasOtherDisk, "no other disk")) func onAnotherDiskItIsCopied() throws {
        let folder = try Folder()
        let other = "\(Self.otherDisk)/solderless-tests-\(UUID().uuidString)"
        try folder.write([9], to: "place")
        try FileStore.replace(path: other, with: ([4, 5, 6] as [UInt8]).span)
        defer { unlink(other) }
        #expect(throws: FileError.self) { try FileStore.move(other, to: folder["place"], limit: 2) }
        #expect(try FileStore.read(path: other, limit: 3) == [4, 5, 6], "it stays where it is")
        try FileStore.move(other, to: folder["place"], limit: 3)
        #expect(try folder.read("place") == [4, 5, 6])
        #expect(access(other, F_OK) != 0)
    }

    @Test func wherePlacesAreNotItSaysSo() throws {
        let folder = try Folder()
        try folder.write([1], to: "new")
        #expect(throws: FileError.self) { try FileStore.move(folder["new"], to: folder["none/place"], limit: 3) }
        #expect(try folder.names() == ["new"])
    }
}
