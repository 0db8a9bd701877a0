import Capture
import Foundation
import Line
import TestForms
import Testing
import Trace

/// A folder in which scripts run as commands of `run`, with its trace.
struct LinesBench {
    let folder: Folder

    static let preload = URL(fileURLWithPath: Program.path).deletingLastPathComponent()
        .appendingPathComponent("libsolderless-lines.so").path
    static var hasPreload: Bool { FileManager.default.fileExists(atPath: preload) }
    static let noPreload: Comment = "no libsolderless-lines.so beside the program: `make test` builds it"

    init() throws { folder = try Folder() }

    subscript(name: String) -> String { folder[name] }

    /// Runs a script of Python, which has `name`, the port, `s`, a serial port at 115200 baud, and functions for plain calls.
    /// - Parameter opens: whether `s` is opened.
    func run(
        _ script: String, _ options: [String] = ["--time", "brisk"], opens: Bool = true, within seconds: Double = 60
    ) async throws -> Program.Result {
        let head = """
            import array, ctypes, errno, fcntl, os, random, serial, socket, struct, subprocess, sys, termios, threading, time
            name = sys.argv[1]
            DTR, RTS = termios.TIOCM_DTR, termios.TIOCM_RTS
            libc = ctypes.CDLL(None, use_errno=True)
            def lines(fd):
                return struct.unpack('I', fcntl.ioctl(fd, termios.TIOCMGET, bytes(4)))[0]
            def change(fd, request, bits):
                fcntl.ioctl(fd, request, struct.pack('I', bits))
            """
        let opening = opens ? "\ns = serial.Serial(name, 115200, timeout=2)\nfd = s.fileno()\n" : "\n"
        try folder.write(Array((head + opening + script).utf8), to: "script.py")
        return try await Program.run(
            ["run", "--trace", self["t.pcap"], "--overwrite"] + options
                + ["--", Program.python, self["script.py"], "{port}"], within: seconds)
    }

    func events() throws -> [TraceEvent] {
        var events: [TraceEvent] = []
        _ = try TraceReader(opening: self["t.pcap"]).forEach { events.append($0) }
        return events
    }
}

/// What a host does to its port, in order, as a test writes it down: "3 bytes", "DTR RTS", "9600 baud".
extension [TraceEvent] {
    var hostActions: [String] {
        var actions: [String] = []
        var count = 0
        func endData() {
            if count > 0 { actions.append("\(count) bytes") }
            count = 0
        }
        for event in self {
            let words: String
            switch event.kind {
            case .data(.hostToChip, let bytes):
                count += bytes.count
                continue
            case .controlLines(let lines): words = lines.inWords
            case .baud(.host, let rate): words = "\(rate) baud"
            case .flushed(let queues): words = queues.name
            case .breakSent: words = "break"
            case .portOpened: words = "opened"
            case .portClosed: words = "closed"
            default: continue
            }
            endData()
            actions.append(words)
        }
        endData()
        return actions
    }
}

extension ControlLines {
    /// "DTR RTS", "DTR", "RTS", "none".
    var inWords: String {
        let names = [(ControlLines.dataTerminalReady, "DTR"), (.requestToSend, "RTS")]
        let asserted = names.filter { contains($0.0) }.map(\.1)
        return asserted.isEmpty ? "none" : asserted.joined(separator: " ")
    }
}
