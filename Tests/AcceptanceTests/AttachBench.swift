import Capture
import Foundation
import Line
import TestForms
import Testing
import Trace

#if canImport(Glibc)
    import Glibc
#endif

/// A folder with a trace, and scripts that have a port: a pseudo-terminal of their own.
struct AttachBench {
    let folder: Folder

    static let preload = URL(fileURLWithPath: Program.path).deletingLastPathComponent()
        .appendingPathComponent("libsolderless-attach.so").path
    static var hasPreload: Bool { FileManager.default.fileExists(atPath: preload) }
    static let noPreload: Comment = "no libsolderless-attach.so beside the program: `make test` builds it"

    /// The toolchain's compiler.
    static let clang: String? =
        ((ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").map(String.init)
        + ["/opt/swift/usr/bin"])
        .map { "\($0)/clang" }.first { FileManager.default.isExecutableFile(atPath: $0) }
    static let noClang: Comment = "no clang on the PATH"

    init() throws { folder = try Folder() }

    subscript(name: String) -> String { folder[name] }

    var trace: String { folder["t.pcap"] }

    func compile(_ source: String, to name: String, _ options: [String]) async throws {
        try folder.write(Array(source.utf8), to: "\(name).c")
        let compiler = try #require(Self.clang)
        let result = try await Program.shell(
            "\(compiler) \(options.joined(separator: " ")) -o '\(self[name])' '\(self["\(name).c"])'")
        try #require(result.code == 0, "\(result.error)")
    }

    func write(file name: String, _ text: String, mode: mode_t) throws {
        try folder.write(Array(text.utf8), to: name)
        chmod(self[name], mode)
    }

    /// Writes script.py, which has `s`, a serial port at 115200 baud, `name`, its path, and `master`, its other side.
    func write(script: String) throws {
        let head = """
            import os, sys, time, serial
            master, slave = os.openpty()
            name = os.ttyname(slave)
            s = serial.Serial(name, 115200, timeout=1)

            """
        try folder.write(Array((head + script).utf8), to: "script.py")
    }

    /// Records such a script.
    func record(script: String, preloading library: String? = nil, options: [String] = []) async throws
        -> Program.Result
    {
        try write(script: script)
        guard let library else { return try await record([self["script.py"]], options: options) }
        return try await Program.shell(
            "LD_PRELOAD='\(library)' $0 record --attach -o '\(trace)' -- \(Program.python) '\(self["script.py"])'")
    }

    /// Records Python.
    func record(_ words: [String], options: [String] = []) async throws -> Program.Result {
        try await Program.run(["record", "--attach", "-o", trace] + options + ["--", Program.python] + words)
    }

    func events(_ name: String = "t.pcap") throws -> [TraceEvent] {
        var events: [TraceEvent] = []
        _ = try TraceReader(opening: self[name]).forEach { events.append($0) }
        return events
    }

    func notes() throws -> [String] {
        try events().compactMap { event in if case .note(let text) = event.kind { text } else { nil } }
    }
}

extension [TraceEvent] {
    /// What the host did to its port, and after how many of its bytes. Of what happened after as many, the rates first,
    /// and flushes in a row once: a pseudo-terminal does not say when it happened.
    var hostMarks: [String] {
        var marks: [(count: Int, isRate: Bool, words: String)] = []
        var count = 0
        for event in self {
            switch event.kind {
            case .data(.hostToChip, let bytes): count += bytes.count
            case .baud(.host, let rate): marks.append((count, true, "\(rate) baud"))
            case .flushed(let queues) where marks.last.map { $0.count == count && $0.words == queues.name } ?? false:
                break
            case .flushed(let queues): marks.append((count, false, queues.name))
            case .portOpened: marks.append((count, false, "opened"))
            case .portClosed: marks.append((count, false, "closed"))
            default: break
            }
        }
        return Set(marks.map(\.count)).sorted().flatMap { count in
            let here = marks.filter { $0.count == count }
            return (here.filter(\.isRate) + here.filter { !$0.isRate }).map { "\(count): \($0.words)" }
        }
    }

    /// What went one way.
    func bytes(_ wanted: Direction) -> [UInt8] {
        flatMap { event -> [UInt8] in
            if case .data(let direction, let bytes) = event.kind, direction == wanted { bytes } else { [] }
        }
    }
}
