import Synchronization
import Words

/// What a learner sees: lines, and below them a prompt with what is being typed. Several threads write to it.
final class LearnScreen: Sendable {
    private struct State {
        var typed = ""
        var hasPrompt = false
    }

    private let state = Mutex(State())
    /// Whether somebody types at a terminal; otherwise commands come from a file, and are shown as they are carried out.
    let isInteractive: Bool
    private static let prompt = "learn> "

    init(isInteractive: Bool) {
        self.isInteractive = isInteractive
    }

    /// Prints lines above the prompt.
    func say(_ text: String) {
        state.withLock { state in
            clear(state)
            Console.print(text)
            show(state)
        }
    }

    /// Prints Markdown, wrapped.
    func say(markdown text: String) {
        say(lines(markdown: text).joined(separator: "\n"))
    }

    /// Markdown, wrapped to rows.
    func lines(markdown text: String) -> [String] {
        MarkdownText(width: min(Console.width, 100) - 2, isColoured: Console.isColourful).lines(text)
    }

    /// Whether there is room for an introduction and a step; unknown where the terminal does not say how high it is.
    var hasRoom: Bool { Console.height.map { $0 >= 50 } ?? true }

    /// What stands before a line of the session.
    static let storyMargin = "  "

    /// Prints a line of the session, and what is remarked about it.
    func say(story line: String) {
        let margin = Self.storyMargin
        say(Console.paint(margin + line.replacing("\n", with: "\n" + margin), .faint))
    }

    /// What stands before a line of the flasher's.
    static let flasherMargin = "  flasher: "

    /// Prints a line of the flasher's, wrapped: a diagnosis is long.
    func say(flasher line: String) {
        // A table stays as it is, where there is room.
        let room = max(20, Console.width - Self.flasherMargin.count)
        let isTable = line.drop { $0 == " " }.firstRange(of: "  ") != nil
        let lines = isTable && line.count <= room ? [line] : Format.wrapped(line, width: room)
        let margin = String(repeating: " ", count: Self.flasherMargin.count)
        say(lines.enumerated().map { ($0 == 0 ? Self.flasherMargin : margin) + $1 }.joined(separator: "\n"))
    }

    /// Prints what is to be known at once, wrapped.
    func say(message text: String) {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        say(lines.flatMap { Format.wrapped(String($0), width: max(20, Console.width - 1)) }.joined(separator: "\n"))
    }

    /// What is being typed is another now.
    func typed(_ text: String) {
        state.withLock { state in
            clear(state)
            state.typed = text
            show(state)
        }
    }

    /// A command is about to be carried out.
    func begins(_ command: String) {
        guard !isInteractive else { return }
        say(Console.paint(Self.prompt + command, .bold))
    }

    /// Whether there is to be a prompt.
    func prompt(_ isOn: Bool) {
        state.withLock { state in
            clear(state)
            state.hasPrompt = isOn && isInteractive
            show(state)
        }
    }

    private func clear(_ state: State) {
        if state.hasPrompt { Console.write("\r\u{1B}[K", to: 1) }
    }

    private func show(_ state: State) {
        // A line that is longer than the screen could not be drawn again: its end is shown.
        let room = max(10, Console.width - Self.prompt.count - 1)
        if state.hasPrompt { Console.write(Self.prompt + state.typed.suffix(room), to: 1) }
    }
}
