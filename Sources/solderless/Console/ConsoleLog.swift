import Bench
import Logging

/// Log lines on standard error: the line's time where there is one, then the message.
///
/// They come from the thread that keeps a line's time, which therefore never waits for their reader.
struct ConsoleLog: LogHandler {
    var metadata: Logger.Metadata = [:]
    var logLevel: Logger.Level

    /// A logger that tells what happens, or only what goes wrong.
    static func logger(isQuiet: Bool) -> Logger {
        Logger(label: "solderless") { _ in ConsoleLog(logLevel: isQuiet ? .warning : .info) }
    }

    /// A logger that tells what goes wrong, and what one must know to understand the chip.
    static var brief: Logger {
        Logger(label: "solderless") { _ in ConsoleLog(logLevel: .notice) }
    }

    /// A session in words on standard error while it happens.
    static var story: LiveStory {
        LiveStory(isColoured: Console.isErrorColourful) { line, _ in Console.log(line) }
    }

    func log(event: LogEvent) {
        let time = event.metadata?["at"].map { "[\($0)] " } ?? ""
        switch event.level {
        case .error, .critical: Console.log(Console.complaint(event.message.description))
        case .warning: Console.log("warning: \(event.message)")
        default: Console.log("\(Console.paint(time, .faint, on: 2))\(event.message)")
        }
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }
}
