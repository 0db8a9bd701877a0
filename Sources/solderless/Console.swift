#if canImport(Glibc)
    import Glibc
#endif

/// What a person sees. Data on standard output, the rest on standard error; colours only on a terminal and without
/// NO_COLOR.
enum Console {
    static func print(_ text: String) {
        write(text + "\n", to: STDOUT_FILENO)
    }

    static func error(_ text: String) {
        write(text + "\n", to: STDERR_FILENO)
    }

    /// An error, said as one.
    static func complain(_ text: String) {
        error("\(paint("error:", .red, on: STDERR_FILENO)) \(text)")
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
    /// Whether standard error is a terminal.
    static var isTerminal: Bool { isatty(STDERR_FILENO) == 1 }
    /// Columns of the terminal; 80 where there is none.
    static var width: Int {
        var size = winsize()
        guard ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
        return Int(size.ws_col)
    }

    static func paint(_ text: String, _ colour: Colour, on descriptor: Int32 = STDOUT_FILENO) -> String {
        hasColours(descriptor) ? "\u{1B}[\(colour.rawValue)m\(text)\u{1B}[0m" : text
    }

    private static func hasColours(_ descriptor: Int32) -> Bool {
        guard isatty(descriptor) == 1 else { return false }
        return getenv("NO_COLOR").map { $0.pointee == 0 } ?? true
    }

    /// Writes everything, however often the system takes only a part; a reader that is gone ends the program quietly.
    static func write(_ text: String, to descriptor: Int32) {
        var text = text
        text.withUTF8 { bytes in
            var written = 0
            while written < bytes.count {
                let count = Glibc.write(descriptor, bytes.baseAddress! + written, bytes.count - written)
                if count > 0 {
                    written += count
                } else if errno == EPIPE {
                    exit(0)
                } else if errno != EINTR, errno != EAGAIN {
                    return
                }
            }
        }
    }
}
