import Foundation
import TestForms
import Testing
import Words

#if canImport(Glibc)
    import Glibc
#endif

extension CheckCommands {
    /// Programs that do not behave: they are judged like others, and nothing of them is left.
    @Suite(.serialized) struct CheckRudeTests {
        private func verdict(
            _ script: String, _ options: String = "--timeout 3", in folder: CheckFolder
        ) async throws -> (run: JSONValue, report: Program.Result) {
            try folder.folder.write(Array(script.utf8), to: "script")
            let result = try await folder.check("good-bench --task info --json \(options) -- sh script {port}")
            let report = try JSONReader.value(of: result.output.trimmingCharacters(in: .newlines))
            return (try #require(report["runs"]?.array?.first), result)
        }

        private func isAlive(_ process: String) -> Bool {
            let name = process.trimmingCharacters(in: .whitespacesAndNewlines)
            guard pid_t(name) != nil else { return true }
            let status = (try? String(contentsOfFile: "/proc/\(name)/stat", encoding: .isoLatin1)) ?? ") Z"
            return !status.contains(") Z") && !status.contains(") X")
        }

        @Test func oneThatIgnoresItsEnd() async throws {
            let folder = try CheckFolder()
            let (run, result) = try await verdict("trap '' TERM HUP INT; while :; do sleep 0.1; done", in: folder)
            #expect(run.verdictNames == ["hang"], "\(result)")
            #expect(result.code == (run.isExcusablyInconclusive ? 3 : 1))
            #expect(run["remarks"]?.array?.first?.string == "the program never opened the port")
            #expect(try folder.leftovers == [])
        }

        @Test func oneThatLeavesOthersBehind() async throws {
            let folder = try CheckFolder()
            let (run, _) = try await verdict(
                """
                setsid sh -c 'trap "" TERM HUP; echo $$ >\(folder.folder["one"]); while :; do sleep 0.1; done' &
                (trap '' TERM; echo; while :; do sleep 0.1; done) &
                until test -s \(folder.folder["one"]); do sleep 0.02; done
                exit 1
                """, in: folder)
            #expect(run["claim"]?.string == "failure", "\(run)")
            #expect(!isAlive(String(decoding: try folder.folder.read("one"), as: UTF8.self)))
            #expect(try folder.leftovers == [])
        }

        @Test func oneThatFloodsItsOutput() async throws {
            let folder = try CheckFolder()
            let (run, _) = try await verdict("yes 'many words of no use'", in: folder)
            #expect(run.verdictNames == ["hang"], "\(run)")
            let output = run["output"]?.string ?? ""
            #expect(output.contains("left out") && output.utf8.count < 128 << 10)
            #expect(try folder.leftovers == [])
        }

        @Test func oneThatOpensThePortAgainAndAgain() async throws {
            let folder = try CheckFolder()
            let (run, _) = try await verdict(
                "for i in $(seq 50); do printf cnys >$1; head -c 0 <$1; done; echo all; exit 1", "--timeout 20",
                in: folder)
            #expect(run.verdictNames == ["failed"] && run["output"]?.string == "all\n", "\(run)")
            #expect(try folder.leftovers == [])
        }

        /// A bench that was held up says nothing of a program that failed then; it tries three times.
        @Test func oneThatFailsWhileTheBenchIsLate() async throws {
            let folder = try CheckFolder()
            // Only who has something to do can be late: these bytes take longer to cross than the bench is held up.
            let (run, result) = try await verdict(
                "head -c 4000 /dev/zero >$1; kill -STOP $PPID; sleep 0.2; kill -CONT $PPID; exit 1", in: folder)
            #expect(run["outcome"]?.string == "inconclusive" && run["attempt"]?.integer == 3, "\(run)")
            #expect(run["lateNanoseconds"]?.integer ?? 0 > 100_000_000)
            #expect(result.code == 3)
        }

        /// What it starts is a terminal's: a prompt without a line's end comes through, and is answered. Success it claims
        /// then, and that is a lie: it never opened the port.
        @Test func oneThatAsks() async throws {
            let folder = try CheckFolder()
            try folder.folder.write(
                Array("test -t 0 && test -t 1 && printf 'Ready? '; read line; test \"$line\" = yes".utf8), to: "script")
            let file = """
                solderless: 1
                kind: flasher
                name: asks
                commands: {info: "sh script {port}"}
                power-prompt: {text: "Ready? ", answer: "yes\\n"}
                """
            try folder.folder.write(Array(file.utf8), to: "asks.yaml")
            let result = try await folder.check("good-bench --flasher ./asks.yaml --task info --timeout 5")
            #expect(result.code == 1, "\(result)")
            #expect(result.output.contains("success was reported, but the program never opened the port"))
        }

        /// One that never asks for the power that waits for it says nothing about itself.
        @Test func oneThatNeverAsks() async throws {
            let folder = try CheckFolder()
            let file = """
                solderless: 1
                kind: flasher
                name: mute
                commands: {info: "false {port}"}
                power-prompt: {text: switch it on}
                """
            try folder.folder.write(Array(file.utf8), to: "mute.yaml")
            let result = try await folder.check("good-bench --flasher ./mute.yaml --task info --keep never")
            #expect(result.code == 1 && result.output.contains("it never printed its power prompt \"switch it on\""))
        }

        /// It takes away the socket through which the bench switches the power: that is said, and no verdict is given.
        @Test func oneThatKeepsThePowerFromBeingSwitched() async throws {
            let folder = try CheckFolder()
            try folder.folder.write(
                Array("rm -f \"$XDG_RUNTIME_DIR\"/solderless/*; echo 'switch it on'; sleep 1.5; exit 1".utf8),
                to: "script")
            let file = """
                solderless: 1
                kind: flasher
                name: thief
                commands: {info: "sh script {port}"}
                power-prompt: {text: switch it on}
                """
            try folder.folder.write(Array(file.utf8), to: "thief.yaml")
            let result = try await folder.check("late-power --flasher ./thief.yaml --task info --keep never")
            #expect(result.code == 3 && result.error.contains("the chip's power could not be switched"), "\(result)")
        }

        /// A bench that was too late is no proof that something has become worse, nor that nothing has.
        @Test func aBaselineIsNotMetByALateBench() async throws {
            let folder = try CheckFolder()
            let info = "good-bench --task info --json --keep never"
            try folder.folder.write(Array("exit 1".utf8), to: "script")
            let before = try await folder.check("\(info) -- sh script {port} >old.json; cat old.json")
            #expect(before.output.contains("\"failed\""), "\(before)")
            try folder.folder.write(
                Array("kill -STOP $PPID; sleep 0.2; kill -CONT $PPID; exit 1".utf8), to: "script")
            let late = try await folder.check("\(info) --compare old.json --baseline -- sh script {port}")
            #expect(late.code == 3 && late.output.contains("\"inconclusive\""), "\(late)")
        }

        @Test func stoppedItLeavesNothing() async throws {
            let folder = try CheckFolder()
            try folder.folder.write(Array("echo $$ >pid; trap '' TERM; while :; do sleep 0.1; done".utf8), to: "script")
            let result = try await folder.bench.shell(
                """
                export TMPDIR=\(folder.folder["tmp"])
                $0 check good-bench --task info -- sh script {port} & check=$!
                until test -s pid; do sleep 0.02; done
                kill -TERM $check; wait $check; echo "code $?"
                """, within: 60)
            #expect(result.output.contains("code 143"), "\(result)")
            #expect(!isAlive(String(decoding: try folder.folder.read("pid"), as: UTF8.self)))
            #expect(try folder.leftovers == [])
        }

        /// What is there before a run is no run's to remove.
        @Test(arguments: [
            "--task read -- true {port}", "--task write -- true {port} {image}", "--task read --flasher pyserial",
            "--task write --flasher pyserial",
        ])
        func aFileThatIsThereStays(words: String) async throws {
            let folder = try CheckFolder()
            try folder.folder.write(Array("precious".utf8), to: "precious.bin")
            let result = try await folder.check("good-bench --out precious.bin \(words)")
            #expect(result.code == 2 && result.error.contains("--out"), "\(result)")
            #expect(try folder.folder.read("precious.bin") == Array("precious".utf8))
        }

        @Test(arguments: [
            ("--task read -- true {port}", 2, "put {out} into the command"),
            ("-- true", 2, "say what the command does with --task"),
            ("", 2, "no flasher: name its file with --flasher"),
            ("--task info -- true {prot}", 2, "{prot} stands for nothing; did you mean \"port\""),
            ("nosuch --task info -- true", 2, "there is no scenario nosuch"),
            ("--task write --out r.bin -- true {port} {image}", 2, "--out is for --task read"),
            ("--suite smoke good-bench --task info -- true", 2, "--suite names the scenarios"),
            ("--flasher nosuch", 3, "nothing of that name"),
            ("--flasher solderless --set dialekt=vendor", 2, "did you mean \"dialect\""),
            ("good-bench --task info -- no-such-program {port}", 3, "no-such-program"),
            ("--task info --baseline -- true", 2, "--baseline needs --compare"),
            ("good-bench --task info --junit /nosuch/file -- true", 3, "there is no folder /nosuch"),
        ])
        func wrongUsage(words: String, code: Int, complaint: String) async throws {
            let folder = try CheckFolder()
            let result = try await folder.check(words)
            #expect(Int(result.code) == code && result.error.contains(complaint), "\(result)")
            #expect(try folder.leftovers == [])
        }
    }
}
