import Files
import Foundation
import Lessons
import Ports
import Words

/// Our own flasher as a learner starts it: `solderless flash`, a program of its own at the port, and what it prints.
final class LearnFlasher {
    private let program: String
    private let port: String
    private let folder: WorkFolder
    private let image: LessonImage
    private var child: Child?
    /// Back-ups that were begun, in their order; one may have come to nothing.
    private var backups: [String] = []

    /// - Throws: `Failure`, `FileError`.
    init(port: String, image: LessonImage) throws {
        guard let program = linkTarget(of: "/proc/self/exe") else {
            throw Failure(.environment, "cannot find the path of this program in /proc")
        }
        self.program = program
        self.port = port
        self.image = image
        folder = try WorkFolder(of: "learn")
    }

    var isRunning: Bool { child != nil }

    /// Starts it. - Parameters:
    ///   - say: gets each line that it prints.
    ///   - ended: is told how it came out.
    /// - Throws: `Failure` where one runs already or there is nothing to restore; `FileError`.
    func start(
        _ task: FlashTask, say: @escaping @Sendable (String) -> Void, ended: @escaping @Sendable (Int32) -> Void
    ) throws {
        guard child == nil else {
            throw Failure(.usage, "the flasher is still running: type done to wait for it, stop to end it")
        }
        let (words, port) = ([program, "flash"] + (try arguments(task)) + ["--port", port], port)
        let terminal = try OutputTerminal(columns: UInt16(clamping: Console.width - LearnScreen.flasherMargin.count))
        let child = Child(on: terminal)
        self.child = child
        Thread.detachNewThread {
            var lines = OutputLines()
            terminal.follow { bytes in for line in lines.take(bytes) { say(line) } }
            if let line = lines.rest { say(line) }
        }
        Task {
            let ending = await child.run(
                words.map(\.keptBytes), port: port, control: nil,
                variables: Console.isColourful ? [] : [("NO_COLOR", "1")], output: -1, timeout: nil)
            ended(ending.code)
        }
    }

    /// It has ended.
    func hasEnded() { child = nil }

    /// Asks it to end, as ^C would.
    func stop() { child?.forward(SIGINT) }

    private func arguments(_ task: FlashTask) throws -> [String] {
        switch task {
        case .info: return ["info"]
        case .backup(let file):
            if let file, FileStore.byteCount(path: file) != nil {
                throw Failure(.usage, "\(file) exists already, and a back-up is not overwritten: name another file")
            }
            let path = file ?? "\(folder.path)/backup-\(backups.count + 1).bin"
            backups.append(path)
            return ["read", path] + (file == nil ? ["--overwrite"] : [])
        case .write: return ["write", try imageFile(), "--no-backup"]
        case .verify: return ["verify", try imageFile()]
        case .restore(let file):
            let made = backups.first { FileStore.byteCount(path: $0) != nil }
            guard let path = file ?? made else {
                throw Failure(.usage, "there is no back-up to restore: flash backup makes one")
            }
            return ["write", path, "--address", "0", "--no-backup", "--yes"]
        case .erase(let isAll):
            let range = image.applicationRange
            return ["erase", "--no-backup"]
                + (isAll ? ["--all"] : ["--address", hex(range.lowerBound), "--length", hex(range.count)])
        }
    }

    /// The image as a file, where a lesson has something done with it.
    func imageForOthers(in lesson: Lesson) -> String? {
        let isUsed = lesson.steps.contains { step in
            step.solution.contains { $0 == .flash(.write) || $0 == .flash(.verify) }
        }
        return isUsed ? try? imageFile() : nil
    }

    private func imageFile() throws -> String {
        let path = "\(folder.path)/openbeken.bin"
        let bytes = image.file
        if FileStore.byteCount(path: path) == nil { try FileStore.replace(path: path, with: bytes.span) }
        return path
    }
}

/// Lines out of what a program prints at a terminal: of one that it draws again and again, what stands there in the end, and
/// every few seconds.
private struct OutputLines {
    private var bytes: [UInt8] = []
    /// When a line was told last.
    private var toldAt = ContinuousClock.now
    private static let longest = 4096
    /// How often a line is told that is drawn again and again: a bar.
    private static let pause = Duration.seconds(5)

    mutating func take(_ more: [UInt8]) -> [String] {
        bytes += more
        var lines: [String] = []
        defer { if !lines.isEmpty { toldAt = .now } }
        while let end = bytes.firstIndex(of: UInt8(ascii: "\n")) {
            lines.append(Self.line(bytes[..<end]))
            bytes.removeFirst(end + 1)
        }
        if bytes.count > Self.longest { bytes.removeFirst(bytes.count - Self.longest) }
        if lines.isEmpty, bytes.contains(UInt8(ascii: "\r")), toldAt.duration(to: .now) > Self.pause {
            lines.append(Self.line(bytes[...]))
        }
        return lines
    }

    var rest: String? { bytes.isEmpty ? nil : Self.line(bytes[...]) }

    private static func line(_ bytes: ArraySlice<UInt8>) -> String {
        let drawn = bytes.split(separator: UInt8(ascii: "\r")).last ?? []
        return String(decoding: drawn, as: UTF8.self).replacing("\u{1B}[K", with: "")
    }
}
