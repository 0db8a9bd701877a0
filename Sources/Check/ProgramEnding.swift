package import Scenarios

/// How a program came to its end, and which of its flasher's texts it had printed.
package struct ProgramEnding: Hashable, Sendable {
    package enum Way: Hashable, Sendable {
        case exited(Int)
        /// By a signal that was not ours.
        case signalled(Int)
        /// We ended it.
        case outOfTime
    }

    package var way: Way
    package var printed: Set<String>

    package init(_ way: Way, printed: Set<String> = []) {
        self.way = way
        self.printed = printed
    }

    /// In words.
    package var words: String {
        switch way {
        case .exited(let code): "exit code \(code)"
        case .signalled(let number): Self.name(ofSignal: number)
        case .outOfTime: "ended by its time limit"
        }
    }

    private static let signals: [(number: Int, name: String)] = [
        (4, "SIGILL"), (6, "SIGABRT"), (7, "SIGBUS"), (8, "SIGFPE"), (9, "SIGKILL"), (11, "SIGSEGV"), (13, "SIGPIPE"),
        (15, "SIGTERM"),
    ]

    private static func name(ofSignal number: Int) -> String {
        signals.first { $0.number == number }?.name ?? "signal \(number)"
    }

    /// A shell's way to say that a program it ran has crashed; nil for other codes.
    fileprivate static func crash(in code: Int) -> String? {
        [4, 6, 7, 8, 11].contains(code - 128) ? "\(name(ofSignal: code - 128)), as exit code \(code)" : nil
    }
}

extension FlasherProgram {
    /// What it claims, and why that is taken for it.
    package func claim(_ ending: ProgramEnding) -> (ending: Claims.Ending, words: String) {
        switch ending.way {
        case .outOfTime: return (.outOfTime, ending.words)
        case .signalled: return (.crashed, ending.words)
        case .exited(let code):
            let (good, bad) = (success.texts.first(where: ending.printed.contains), printedFailure(ending))
            let saysSuccess = success.codes.contains(code) && (success.texts.isEmpty || good != nil)
            let saysFailure =
                (failure.codes.isEmpty ? !success.codes.contains(code) : failure.codes.contains(code)) || bad != nil
            switch (saysSuccess, saysFailure) {
            case (true, false): return (.success, ending.words)
            case (false, true): return failed(code, ending, bad)
            case (true, true):
                return (.unclear, "\(ending.words) stands for success, and it printed \"\(bad ?? "")\"")
            case (false, false):
                let missing = success.codes.contains(code) ? ", and it printed none of the texts of success" : ""
                return (.unclear, "\(ending.words)\(missing)")
            }
        }
    }

    private func printedFailure(_ ending: ProgramEnding) -> String? {
        failure.texts.first(where: ending.printed.contains)
    }

    private func failed(_ code: Int, _ ending: ProgramEnding, _ text: String?) -> (Claims.Ending, String) {
        if !failure.codes.contains(code), let crash = ProgramEnding.crash(in: code) { return (.crashed, crash) }
        return (.failure, text.map { "\(ending.words), and it printed \"\($0)\"" } ?? ending.words)
    }
}
