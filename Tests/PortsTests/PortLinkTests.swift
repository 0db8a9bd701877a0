import Glibc
import Ports
import TestForms
import Testing

@Suite struct PortLinkTests {
    private func target(of path: String) -> String? {
        var buffer = [CChar](repeating: 0, count: 4096)
        let count = readlink(path, &buffer, buffer.count)
        return count < 0 ? nil : String(decoding: buffer[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    @Test func livesAsLongAsThePort() throws {
        let folder = try Folder()
        let link = "\(folder.path)/ecr6600"
        let port = try PseudoTerminal(link: link)
        #expect(port.link == link)
        #expect(target(of: link) == port.path)
        #expect(try folder.names() == ["ecr6600"])
        let client = try Client(opening: link)
        client.leave()
        port.close()
        #expect(try folder.names() == [])
    }

    @Test func leavesFilesFoldersAndForeignLinksAlone() throws {
        let folder = try Folder()
        let place = "\(folder.path)/port"
        close(creat(place, 0o600))
        #expect(code { _ = try PseudoTerminal(link: place) } == .linkTaken)
        unlink(place)
        symlink("/dev/ttyUSB0", place)
        #expect(code { _ = try PseudoTerminal(link: place) } == .linkTaken)
        #expect(target(of: place) == "/dev/ttyUSB0")
        #expect(code { _ = try PseudoTerminal(link: folder.path) } == .linkTaken)
        #expect(code { _ = try PseudoTerminal(link: "\(folder.path)/no/port") } == .missing)
        #expect(try folder.names() == ["port"])
    }

    @Test func replacesAStaleLink() throws {
        let folder = try Folder()
        let link = "\(folder.path)/port"
        symlink("/dev/pts/999999", link)
        let port = try PseudoTerminal(link: link)
        #expect(target(of: link) == port.path)
    }

    @Test func replacesALinkToANumberSomebodyElseHasGot() throws {
        let folder = try Folder()
        let link = "\(folder.path)/port"
        let other = try PseudoTerminal()
        symlink(other.path, link)
        // The terminal's status changes after the link was made, as a terminal made later would have it. Clocks of
        // file systems tick every few milliseconds: touch it until it has moved.
        var old = stat()
        var new = stat()
        lstat(link, &old)
        repeat {
            chmod(other.path, 0o600)
            stat(other.path, &new)
        } while (new.st_ctim.tv_sec, new.st_ctim.tv_nsec) <= (old.st_ctim.tv_sec, old.st_ctim.tv_nsec)
        let port = try PseudoTerminal(link: link)
        #expect(target(of: link) == port.path)
    }

    @Test func isBusyWhileAnotherEmulatorHasIt() throws {
        let folder = try Folder()
        let link = "\(folder.path)/port"
        let first = try PseudoTerminal(link: link)
        #expect(code { _ = try PseudoTerminal(link: link) } == .busy)
        #expect(target(of: link) == first.path)
    }

    @Test func staysWhenItPointsElsewhereByThen() throws {
        let folder = try Folder()
        let link = "\(folder.path)/port"
        let port = try PseudoTerminal(link: link)
        unlink(link)
        symlink("/dev/null", link)
        port.close()
        #expect(target(of: link) == "/dev/null")
    }

    @Test func theDefaultFolderIsOursAlone() throws {
        let link = try PseudoTerminal.defaultLink(name: "ecr6600")
        #expect(link.hasSuffix("/ecr6600"))
        var status = stat()
        #expect(stat(String(link.dropLast("/ecr6600".count)), &status) == 0)
        #expect(status.st_mode & 0o777 == 0o700)
    }
}
