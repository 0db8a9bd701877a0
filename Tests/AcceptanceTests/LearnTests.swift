import Foundation
import TestForms
import Testing
import Words

extension LearnCommands {
    /// `learn`, as somebody has it who begins.
    @Suite(.serialized) struct LearnTests {
        /// Lesson 2 has only wires and one question to the chip.
        private func learn(_ words: String, _ commands: String = "", in bench: CtlBench) async throws -> Program.Result
        {
            try await bench.shell(
                "export XDG_STATE_HOME=\(bench.folder["state"])\nprintf '\(commands)' | $0 learn \(words)", within: 60)
        }

        @Test func whatIsDoneIsKept() async throws {
            let bench = try CtlBench()
            let before = try JSONReader.value(of: try await learn("--list --json", in: bench).output)
            let lessons = try #require(before["lessons"]?.array)
            #expect(lessons.count == 12)
            #expect(lessons.allSatisfy { $0["isDone"] == .bool(false) })
            // As its solutions have it, typed.
            let commands = try await solution(of: "wiring", bench)
            let result = try await learn("wiring", commands, in: bench)
            #expect(result.code == 0, "\(result.output)\(result.error)")
            #expect(result.output.contains("Lesson 2 is done"))
            #expect(bench.names.isEmpty, "port, link and socket are gone")
            let after = try JSONReader.value(of: try await learn("--list --json", in: bench).output)
            let done = after["lessons"]?.array?.filter { $0["isDone"] == .bool(true) }
            #expect(done?.map { $0["name"]?.string } == ["wiring"])
            #expect(try await learn("--reset", in: bench).code == 0)
            let forgotten = try JSONReader.value(of: try await learn("--list --json", in: bench).output)
            #expect(forgotten["lessons"]?.array?.contains { $0["isDone"] == .bool(true) } == false)
        }

        /// The commands that a demonstration shows.
        private func solution(of lesson: String, _ bench: CtlBench) async throws -> String {
            let shown = try await learn("\(lesson) --demonstrate", in: bench)
            #expect(shown.code == 0, "\(shown.output)\(shown.error)")
            let prompt = "learn> "
            return shown.output.split(separator: "\n").filter { $0.hasPrefix(prompt) }
                .map { $0.dropFirst(prompt.count) + "\\n" }.joined()
        }

        @Test func whatIsNoCommandIsExplained() async throws {
            let bench = try CtlBench()
            let result = try await learn(
                "2", "plgu adapter-tx gpio5\\nplug adapter-tx gpio7\\nanswer 1\\nnext\\n", in: bench)
            #expect(result.code == 1, "it is not done")
            #expect(result.output.contains("did you mean plug") || result.output.contains("plug"))
            #expect(result.output.contains("gpio7"))
            #expect(result.output.contains("the question comes when all steps are done"))
            #expect(result.output.contains("not finished"))
        }

        /// Ticks are printed with a delay. A hint that is asked for meanwhile is not about the step that is done.
        @Test func aTickComesBeforeAHint() async throws {
            let bench = try CtlBench()
            let early = try await learn("2", "hint\\n", in: bench)
            #expect(early.output.contains("The switch is on the adapter."), "\(early.output)\(early.error)")
            let due = try await learn("2", "adapter 3.3\\nhint\\n", in: bench)
            #expect(due.output.contains("✔ Step 1 is done"), "\(due.output)\(due.error)")
            #expect(!due.output.contains("The switch is on the adapter."), "\(due.output)")
            #expect(!due.output.contains("Two wires, one pad."), "\(due.output)")
        }

        @Test func anUnknownLessonHasANearestName() async throws {
            let bench = try CtlBench()
            let result = try await learn("wirring", in: bench)
            #expect(result.code == 2 && result.error.contains("wiring"), "\(result.error)")
        }

        /// Two programs at one port take each other's bytes.
        @Test func aPortThatAnotherHasOpenIsLeftToIt() async throws {
            let bench = try CtlBench()
            let port = bench.folder["port"]
            let result = try await bench.shell(
                """
                export XDG_STATE_HOME=\(bench.folder["state"])
                { until [ -e \(port) ]; do sleep 0.05; done; exec 3<>\(port); echo flash info; echo listen 1 s
                  sleep 2; exec 3>&-; echo listen 1 s; echo done; } | $0 learn 2 --link \(port)
                """, within: 60)
            let refusals = result.output.split(separator: "\n").filter {
                $0.contains("another program has the port open")
            }
            #expect(refusals.count == 2, "\(result.output)\(result.error)")
            #expect(result.output.contains("listened: nothing came"), "\(result.output)")
        }

        /// A long introduction is shown page by page, and the step is named again after a flasher has run.
        @Test func aLowScreenScrollsNothingAway() async throws {
            let (rows, columns) = (24, 80)
            let bench = try CtlBench()
            let terminal = try Terminal(rows: UInt16(rows), columns: UInt16(columns))
            let line = terminal.session("XDG_STATE_HOME=\(bench.folder["state"]) exec $0 learn pads")
            async let ended = bench.shell(line)
            var pages = 0
            var isLast = false
            while !isLast, pages < 9 {
                pages += 1
                #expect(
                    try await eventually {
                        let text = terminal.shown()
                        return text.contains("to read on.") || text.contains("on to the step.")
                    })
                // As it is seen: the prompt is drawn anew below each line, and the title is bold.
                let page = terminal.shown().replacing("learn> \r\u{1B}[K", with: "")
                    .replacing(/\u{1B}\[\d*[mK]/, with: "").split(separator: "\r\n", omittingEmptySubsequences: false)
                let height = page.reduce(0) { $0 + max(1, ($1.count + columns - 1) / columns) }
                #expect(height <= rows, "\(page)")
                isLast = page.contains { $0.hasPrefix("Press Enter to go on to the step.") }
                #expect(try await terminal.shows(isLast ? "to the step." : "to read on."))
                terminal.type("\r")
            }
            #expect(isLast && pages > 1)
            #expect(try await terminal.shows("Step 1 of "))
            terminal.type("flash info\r")
            #expect(try await terminal.shows("waiting for the chip"))
            terminal.type("stop\r")
            #expect(try await terminal.shows("This is step 1 of "))
            terminal.type("quit\r")
            #expect(try await ended.code == 0)
        }

        /// Lines that come meanwhile do not tear apart what is being typed.
        @Test func aPromptStaysWhole() async throws {
            let bench = try CtlBench()
            let terminal = try Terminal()
            let mode = terminal.mode
            let line = terminal.session("XDG_STATE_HOME=\(bench.folder["state"]) exec $0 learn wiring")
            async let ended = bench.shell(line)
            #expect(try await terminal.shows("Step 1"))
            terminal.type("adapter 3")
            #expect(try await terminal.shows("learn> adapter 3"))
            #expect(try await bench.ctl("adapter 1.8").code == 0)
            // The prompt is drawn again below what came.
            #expect(try await terminal.shows("learn> adapter 3"))
            terminal.type("\u{7F}3.3\r")
            #expect(try await terminal.shows("Step 1 is done"))
            terminal.type("quit\r")
            #expect(try await ended.code == 0)
            #expect(terminal.mode == mode)
        }
    }
}
