import Bench
import Foundation
import Line
import Ports
import Words

/// What a learner types, line by line: at a terminal with a prompt that other lines do not tear apart, or from a file.
final class LearnInput: Sendable {
    enum News: Sendable {
        case line(String)
        case end
    }

    private let screen: LearnScreen
    private let stopping: WakeUp

    /// Begins to read. - Parameter hear: called on a thread of its own.
    /// - Throws: `PortError`.
    init(_ screen: LearnScreen, hear: @escaping @Sendable (News) -> Void) throws {
        self.screen = screen
        stopping = try WakeUp()
        let stopping = stopping
        Thread.detachNewThread {
            if screen.isInteractive, let keys = try? TerminalKeys.ofStandardInput() {
                Self.follow(keys, screen, stopping, hear)
            } else {
                while let line = readLine() { hear(.line(line)) }
                hear(.end)
            }
        }
    }

    /// Gives the terminal back.
    func stop() { stopping.wake() }

    private static func follow(
        _ keys: TerminalKeys, _ screen: LearnScreen, _ stopping: WakeUp, _ hear: (News) -> Void
    ) {
        let clock = MonotonicClock()
        var editor = LineEditor()
        defer { keys.suspend() }
        while true {
            // A terminal that comes back to the foreground says nothing.
            let due = keys.areRead ? nil : clock.now.advanced(by: .seconds(1))
            let waited = [keys.pollDescriptor, stopping.pollDescriptor]
            guard let ready = try? Readiness.wait(for: waited, until: due, clock: clock), ready[1] == [] else { return }
            if !keys.areRead { keys.resume() }
            while let key = keys.next() {
                switch editor.type(key) {
                case .edited: screen.typed(editor.text)
                case .line(let line):
                    screen.typed("")
                    screen.say(Console.paint("learn> \(line)", .bold))
                    hear(.line(line))
                case .end: return hear(.end)
                case .nothing: break
                }
            }
        }
    }
}
