import CPorts
import Files
import Glibc
import Words

/// Why the dynamic loader would not put a library into a program.
package struct PreloadObstacle {
    /// A sentence without a full stop.
    package let reason: String
    /// What would help; nil where nothing does.
    package let remedy: String?

    /// What is in the way of a command; nil where nothing is, or where the command is not there or not readable: starting
    /// it then says so.
    /// - Parameter words: the program and its arguments.
    package static func to(_ words: [[UInt8]]) -> PreloadObstacle? {
        var words = words
        var script: String?
        // As deep as the kernel follows scripts; `env` is one step more.
        for _ in 0..<6 {
            guard case .success(let path) = ProgramSearch.path(of: words[0]), let file = ProgramFile(path) else {
                return nil
            }
            let name = script.map { "\(path), which runs \($0)," } ?? path
            if let obstacle = file.obstacle(name) { return obstacle }
            if let interpreter = file.interpreter {
                script = path
                words = interpreter + [path.keptBytes] + words.dropFirst()
            } else if folderAndName(of: path).name == "env", let next = commandOfEnv(words) {
                words = next
            } else {
                return nil
            }
        }
        return nil
    }

    /// The command in the words of `env`: what stands behind options and settings.
    private static func commandOfEnv(_ words: [[UInt8]]) -> [[UInt8]]? {
        let rest = words.dropFirst().drop { $0.first == UInt8(ascii: "-") || $0.contains(UInt8(ascii: "=")) }
        return rest.isEmpty ? nil : Array(rest)
    }
}

/// The head of a program's file: as much as says who loads it.
private struct ProgramFile {
    private let head: [UInt8]
    private let runsAsAnother: Bool

    /// The longest head that is read: the program headers stand at the beginning.
    private static let most = 1 << 16

    /// Nil where it is not a file that can be read.
    init?(_ path: String) {
        let file = open(path.systemName, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard file >= 0 else { return nil }
        defer { close(file) }
        var status = stat()
        guard fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
        var bytes = [UInt8](repeating: 0, count: Self.most)
        let count = uninterrupted { pread(file, &bytes, bytes.count, 0) }
        guard count > 0 else { return nil }
        head = Array(bytes[..<count])
        runsAsAnother =
            status.st_mode & S_ISUID != 0 && status.st_uid != geteuid()
            || status.st_mode & (S_ISGID | S_IXGRP) == S_ISGID | S_IXGRP && status.st_gid != getegid()
            || geteuid() != 0 && ports_program_has_capabilities(file) != 0
    }

    /// Interpreter and argument of a script, from its first line.
    var interpreter: [[UInt8]]? {
        guard head.starts(with: Array("#!".utf8)) else { return nil }
        let blanks = Array(" \t\r".utf8)
        let line = head.dropFirst(2).prefix { $0 != UInt8(ascii: "\n") }.drop { blanks.contains($0) }
        let program = line.prefix { !blanks.contains($0) }
        var argument = line.dropFirst(program.count).drop { blanks.contains($0) }
        while let last = argument.last, blanks.contains(last) { argument.removeLast() }
        guard !program.isEmpty else { return nil }
        guard !argument.isEmpty else { return [Array(program)] }
        // `env -S` takes the argument apart itself.
        let words = argument.split { blanks.contains($0) }.map { Array($0) }
        return [Array(program)] + (words.first == Array("-S".utf8) ? Array(words.dropFirst()) : [Array(argument)])
    }

    func obstacle(_ name: String) -> PreloadObstacle? {
        if interpreter != nil { return nil }
        if runsAsAnother {
            return PreloadObstacle(
                reason: "\(name) runs with other rights than its caller's (set-user-id, set-group-id or capabilities), "
                    + "and the system then ignores preload libraries",
                remedy: "run solderless with these rights")
        }
        guard head.starts(with: [0x7F] + Array("ELF".utf8)) else { return nil }
        guard let ours = ELFHead(ProgramFile.own), let elf = ELFHead(head), elf.machine == ours.machine else {
            return PreloadObstacle(
                reason: "\(name) is for another kind of machine than solderless and its preload library are",
                remedy: nil)
        }
        guard elf.namesLoader else {
            return PreloadObstacle(
                reason: "\(name) is statically linked: nothing can be preloaded that would see its system calls",
                remedy: nil)
        }
        return nil
    }

    private static let own = ProgramFile("/proc/self/exe")?.head ?? []
}

/// The head of a 64-bit ELF file, whose bytes may be anybody's.
private struct ELFHead {
    /// Which processor.
    let machine: UInt16
    /// Whether it names a dynamic loader (PT_INTERP): what is statically linked does not.
    let namesLoader: Bool

    /// Nil for anything but 64 bits, little-endian.
    init?(_ bytes: [UInt8]) {
        func number(_ offset: Int, _ count: Int) -> UInt64? {
            guard offset >= 0, offset <= bytes.count - count else { return nil }
            return (0..<count).reduce(0) { $0 | UInt64(bytes[offset + $1]) << UInt64(8 * $1) }
        }
        guard bytes.count >= 64, bytes[4] == 2, bytes[5] == 1, let machine = number(18, 2), let table = number(32, 8),
            let size = number(54, 2), let count = number(56, 2)
        else { return nil }
        self.machine = UInt16(machine)
        let interpreter: UInt64 = 3
        namesLoader = (0..<count).contains { index in
            // Beyond what was read there is no telling: a table lies behind the header unless somebody has moved it.
            guard table <= UInt64(bytes.count), let kind = number(Int(table + index * size), 4) else { return true }
            return kind == interpreter
        }
    }
}
