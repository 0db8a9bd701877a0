import Line
import Telnet
import TestForms
import Testing

/// Streams that only an enemy sends: the server neither crashes nor hangs, keeps little, answers the same however they are
/// cut, and does its work afterwards.
@Suite struct ComPortFuzzTests {
    @Test func anyStream() {
        var generator = SplitMix64(seed: 2217)
        var (whole, cut) = (Conversation(), Conversation())
        let inputs = byForm(short: 20_000, long: 1_000_000)
        for round in 0..<inputs {
            // One client after the other, each with some hundred inputs after it.
            if round % 200 == 0 { (whole, cut) = (Conversation(), Conversation()) }
            let stream = StreamOfCommands.random(&generator)
            whole.hear(stream)
            cut.hear(stream, pieces: 1 + Int(generator.next(below: 5)))
            let events = whole.take()
            guard events == cut.take() else {
                Issue.record("input \(round), \(stream): the pieces matter")
                return
            }
            for case .action(let action) in events {
                whole.server.confirm(action)
                cut.server.confirm(action)
            }
            if generator.next(below: 8) == 0 {
                let lines = ControlLines(rawValue: UInt8(truncatingIfNeeded: generator.next()))
                whole.server.see(lines)
                cut.server.see(lines)
            }
            let output = whole.takeOutput()
            let data = events.reduce(0) { sum, seen in
                if case .data(let bytes) = seen { sum + bytes.count } else { sum }
            }
            // The longest answer is the signature's, 16 bytes for a command of 6.
            guard output == cut.takeOutput(), output.count <= 3 * stream.count + 64, data <= stream.count + 1 else {
                Issue.record("input \(round), \(stream): \(output)")
                return
            }
            guard isAlive(&whole), isAlive(&cut) else {
                Issue.record("input \(round), \(stream): deaf afterwards")
                return
            }
        }
    }

    /// Whatever has come before: behind this, a question is a question.
    private func isAlive(_ conversation: inout Conversation) -> Bool {
        conversation.hear([240, 255, 240])
        for case .action(let action) in conversation.take() { conversation.server.confirm(action) }
        _ = conversation.takeOutput()
        return conversation.answer(to: comPort(5, 0)) == comPort(105, 1)
    }
}
