import CPorts
import Files
import Glibc
import Line
import SystemPackage
import Words

/// This program, started once more in a session of its own: it goes on when its caller has ended.
///
/// What it says goes through here until it lets go of both outputs, or ends.
package struct DetachedProgram: ~Copyable {
    private let process: pid_t
    private let output: OwnedDescriptor
    private let error: OwnedDescriptor

    /// - Parameter arguments: without the program's name.
    /// - Throws: `PortError`.
    package init(arguments: [String]) throws(PortError) {
        guard let program = linkTarget(of: "/proc/self/exe") else {
            throw .last(path: "/proc/self/exe", "cannot find the path of this program")
        }
        let output = try Pipe()
        let error = try Pipe()
        let words = CStrings(([program] + arguments).map(\.keptBytes))
        let process = ports_spawn_session(program.systemName, words.pointers, output.writeEnd.raw, error.writeEnd.raw)
        guard process > 0 else { throw .last(path: program, "cannot start this program again") }
        self.process = process
        self.output = output.reading()
        self.error = error.reading()
    }

    /// Passes on what it says until it has let go.
    /// - Parameter pass: its bytes, and the descriptor that they were meant for (1 or 2).
    /// - Returns: nil when it has let go of its outputs and goes on; its exit code (or 128 + signal) when it has ended
    ///   without a word on its standard output.
    /// - Throws: `PortError`.
    package consuming func untilItIsReady(_ pass: ([UInt8], Int32) -> Void) throws(PortError) -> Int32? {
        let clock = MonotonicClock()
        var hasSpoken = false
        var (outputIsOpen, errorIsOpen) = (true, true)
        while outputIsOpen || errorIsOpen {
            var open: [PollDescriptor] = []
            if outputIsOpen { open.append(PollDescriptor(output.descriptor, for: .readable)) }
            if errorIsOpen { open.append(PollDescriptor(error.descriptor, for: .readable)) }
            _ = try Readiness.wait(for: open, until: nil, clock: clock)
            // Read last and passed on first: what went to standard output before comes before.
            let complaints = errorIsOpen ? Self.take(error.raw) : nil
            let data = outputIsOpen ? Self.take(output.raw) : nil
            if let data, !data.isEmpty {
                hasSpoken = true
                pass(data, STDOUT_FILENO)
            }
            if let complaints, !complaints.isEmpty { pass(complaints, STDERR_FILENO) }
            (outputIsOpen, errorIsOpen) = (data != nil, complaints != nil)
        }
        guard !hasSpoken else { return nil }
        var status: Int32 = 0
        guard uninterrupted({ waitpid(process, &status, 0) }) == process else {
            throw .last(path: "", "cannot tell how the program ended")
        }
        let signal = status & 0x7F
        return signal == 0 ? status >> 8 & 0xFF : 128 + signal
    }

    /// - Returns: what there is now; nil when nothing more will come.
    private static func take(_ descriptor: Int32) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: 4096)
        let count = uninterrupted { read(descriptor, &bytes, bytes.count) }
        if count < 0, Errno.last == .wouldBlock { return [] }
        return count > 0 ? Array(bytes[..<count]) : nil
    }
}

private struct Pipe: ~Copyable {
    let readEnd: OwnedDescriptor
    let writeEnd: OwnedDescriptor

    init() throws(PortError) {
        var ends: [Int32] = [-1, -1]
        guard ports_pipe(&ends) == 0, let readEnd = OwnedDescriptor(ends[0]), let writeEnd = OwnedDescriptor(ends[1])
        else { throw .last(path: "", "cannot make a pipe") }
        // What is written there waits for its reader, as people's programs expect of their outputs.
        _ = fcntl(writeEnd.raw, F_SETFL, 0)
        self.readEnd = readEnd
        self.writeEnd = writeEnd
    }

    /// The end that is read; the other one is closed here.
    consuming func reading() -> OwnedDescriptor { readEnd }
}
