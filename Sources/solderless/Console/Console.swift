import Synchronization
import Words

#if canImport(Glibc)
    import Glibc
#endif

/// What a person sees. Data on standard output, the rest on standard error; colours only on a terminal and without
/// NO_COLOR.
enum Console {
    static func print(_ text: String) {
        write(text + "\n", to: STDOUT_FILENO)
    }

    /// Prints a name, for a script to read.
    static func printName(_ name: String) {
        pass((name + "\n").keptBytes, to: STDOUT_FILENO)
    }

    static func error(_ text: String) {
        write(text + "\n", to: STDERR_FILENO)
    }

    /// Prints an error.
    static func complain(_ text: String) {
        error(complaint(text))
    }

    /// An error as `complain` prints it.
    static func complaint(_ text: String) -> String {
        "\(paint("error:", .red, on: STDERR_FILENO)) \(text)"
    }

    enum Colour: Int {
        case red = 31
        case green = 32
        case yellow = 33
        case blue = 34
        case faint = 2
        case bold = 1
    }

    /// Whether standard output shows colours.
    static var isColourful: Bool { hasColours(STDOUT_FILENO) }
    /// Whether standard error does.
    static var isErrorColourful: Bool { hasColours(STDERR_FILENO) }
    /// Whether standard error is a terminal.
    static let isTerminal = isatty(STDERR_FILENO) == 1
    /// Columns of the terminal; 80 where there is none.
    static var width: Int {
        var size = winsize()
        guard ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
        return Int(size.ws_col)
    }

    /// Rows of the terminal; nil where there is none.
    static var height: Int? {
        var size = winsize()
        guard ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_row > 0 else { return nil }
        return Int(size.ws_row)
    }

    static func paint(_ text: String, _ colour: Colour, on descriptor: Int32 = STDOUT_FILENO) -> String {
        hasColours(descriptor) ? "\u{1B}[\(colour.rawValue)m\(text)\u{1B}[0m" : text
    }

    private static func hasColours(_ descriptor: Int32) -> Bool {
        guard isatty(descriptor) == 1 else { return false }
        return getenv("NO_COLOR").map { $0.pointee == 0 } ?? true
    }

    // MARK: Asking

    /// Whether somebody sits there who can be asked.
    static var canAsk: Bool { isTerminal && isatty(STDIN_FILENO) == 1 }

    /// Whether somebody types and reads at a terminal.
    static var canTalk: Bool { isatty(STDIN_FILENO) == 1 && isatty(STDOUT_FILENO) == 1 }

    /// Asks on the terminal. - Returns: whether the answer was yes; an end of the input is no.
    static func ask(_ question: String) -> Bool {
        write("\(question) [y/N] ", to: STDERR_FILENO)
        guard let answer = readLine()?.lowercased() else { return false }
        return ["y", "yes"].contains(answer.filter { $0 != " " })
    }

    /// Shows that something is to be typed.
    static func beginAnswer() { write("> ", to: STDERR_FILENO) }

    // MARK: Writing

    /// The state of the two outputs.
    private struct State {
        /// The reader is gone: nothing more is written.
        var mutedOutput = false
        var mutedError = false
        /// Why writing to standard output failed; a reader that closed its pipe is no failure.
        var outputFailure: Int32?
        /// Log lines that found no room since the last one that did.
        var droppedLineCount = 0

        mutating func mute(_ descriptor: Int32, because reason: Int32) {
            if descriptor == STDOUT_FILENO {
                mutedOutput = true
                if reason != EPIPE { outputFailure = outputFailure ?? reason }
            } else {
                mutedError = true
            }
        }

        func isMuted(_ descriptor: Int32) -> Bool {
            descriptor == STDOUT_FILENO ? mutedOutput : mutedError
        }
    }

    private static let state = Mutex(State())

    /// The errno of the first failure to write data, if any. A reader that closes its pipe is none.
    static var outputFailure: Int32? { state.withLock { $0.outputFailure } }

    /// Whether the reader of standard output is gone.
    static var isOutputClosed: Bool { state.withLock { $0.mutedOutput } }

    /// Writes everything, waiting for a slow reader. A reader that is gone ends the writing, not the work: a flash, a
    /// trace or a verdict does not depend on it.
    static func write(_ text: String, to descriptor: Int32) {
        var text = legible(text)
        text.withUTF8 { write($0, to: descriptor) }
    }

    /// The same for bytes that need not be UTF-8; a terminal is given text.
    static func pass(_ bytes: [UInt8], to descriptor: Int32) {
        guard isatty(descriptor) == 0 else { return write(String(keeping: bytes), to: descriptor) }
        bytes.withUnsafeBufferPointer { write($0, to: descriptor) }
    }

    private static func write(_ bytes: UnsafeBufferPointer<UInt8>, to descriptor: Int32) {
        guard !state.withLock({ $0.isMuted(descriptor) }) else { return }
        var written = 0
        while written < bytes.count {
            let count = Glibc.write(descriptor, bytes.baseAddress! + written, bytes.count - written)
            if count >= 0 {
                written += count
            } else if errno == EAGAIN {
                // Somebody else has made the descriptor non-blocking.
                _ = hasRoom(descriptor, withinMilliseconds: -1)
            } else if errno != EINTR {
                let failure = errno
                return state.withLock { $0.mute(descriptor, because: failure) }
            }
        }
    }

    /// Says a line on standard error if there is room for it now, and drops it otherwise: for callers that must not
    /// wait, such as the thread that keeps a line's time. The next line that finds room says how many were dropped.
    static func log(_ line: String) {
        let dropped: Int? = state.withLock { state in
            guard !state.mutedError else { return nil }
            guard hasRoom(STDERR_FILENO, withinMilliseconds: 0) else {
                state.droppedLineCount += 1
                return nil
            }
            defer { state.droppedLineCount = 0 }
            return state.droppedLineCount
        }
        guard let dropped else { return }
        let remark = dropped > 0 ? "(\(dropped) lines dropped: standard error was not read)\n" : ""
        // A pipe with room takes 4096 bytes at once (PIPE_BUF), and might hold back a longer line.
        let bytes = (remark + line + "\n").utf8
        error(bytes.count <= 4096 ? remark + line : remark + String(decoding: bytes.prefix(4000), as: UTF8.self))
    }

    private static func hasRoom(_ descriptor: Int32, withinMilliseconds limit: Int32) -> Bool {
        var polled = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        // In error or hung up as well: writing then tells, and does not block.
        return poll(&polled, 1, limit) > 0
    }
}

/// Opens /dev/null in the place of each standard descriptor that the caller has closed. Otherwise the next file or
/// port opened would get its number, and messages for people would go there.
func fillClosedStandardDescriptors() {
    for descriptor in STDIN_FILENO...STDERR_FILENO where fcntl(descriptor, F_GETFD) == -1 && errno == EBADF {
        // The lowest free number is this one.
        _ = open("/dev/null", O_RDWR)
    }
}
