import Foundation
import TestForms
import Testing
import Words

extension CheckCommands {
    /// `check --suite cuts`: a few places of a session, cut over a real pseudo-terminal.
    @Suite(.serialized, .enabled(if: CheckFolder.hasPython, CheckFolder.noPython))
    struct CheckCutsTests {
        /// The power goes with the last byte of the third block. Two have been programmed, and of the third at most a page
        /// has begun; the command given again does the job.
        @Test func aCarefulHostIsRightInTheEnd() async throws {
            let (code, run, error) = try await cut("--cut block:3")
            #expect(code == 0 && run["outcome"]?.string == "passed", "\(run) \(error)")
            let cut = try #require(run["cut"])
            #expect(cut["reached"] == .bool(true) && cut["at"]?.string == "block:3" && cut["way"]?.string == "power")
            let ends = [cut["cut"]?.array?.first, cut["again"]]
            #expect(ends.map { $0?["claim"]?.string } == ["failure", "success"], "\(cut)")
            #expect(ends.map { $0?["holds"]?.string } == ["neither", "new"], "\(cut)")
        }

        /// Success is claimed of a flash that is neither old nor new: at once, or when the command is given again.
        @Test(arguments: [("exits-zero", "cut: success was reported"), ("believes-the-head", "given again: success")])
        func aLiarIsCaught(bug: String, reason: String) async throws {
            let (code, run, error) = try await cut("--plug --cut block-ack:3", bug: "--bug \(bug)")
            #expect(
                code == 1 && run["outcome"]?.string == "failed" && run.verdictNames.first == "lie", "\(run) \(error)")
            let words = run["verdicts"]?.array?.first?["reason"]?.string ?? ""
            #expect(words.hasPrefix(reason), "\(words)")
            #expect(run["repeat"]?.string?.contains("--suite cuts --cut block-ack:3 --plug --task write") == true)
        }

        @Test(arguments: [
            ("good-bench --cut 3", "--cut needs --suite cuts"), ("--suite smoke --torn", "--torn needs --suite cuts"),
            ("--suite cuts --depth 2", "--depth 2 needs --quick"),
            ("--suite cuts --plug --torn", "--torn is for the power"),
            ("--suite cuts --cut blocks:3", "is no place"), ("--suite cuts --cut 3 --quick", "leave out --quick"),
        ])
        func wrongUsage(words: String, complaint: String) async throws {
            let result = try await CheckFolder().check("\(words) --task info -- false {port}")
            #expect(result.code == 2 || result.code == 64, "\(result)")
            #expect(result.error.contains(complaint), "\(result.error)")
        }
    }

    /// The same with what is left half done, and with the plug.
    @Suite(.serialized, .enabled(if: CheckFolder.hasPython, CheckFolder.noPython))
    struct CheckTornCutTests {
        /// What a cut leaves is the same each time, though the host's timing is not.
        @Test func aTornWriteAndARead() async throws {
            var contents: [JSONValue?] = []
            for _ in 1...2 {
                let (code, run, error) = try await cut("--torn --cut erase:2")
                #expect(code == 0, "\(run) \(error)")
                contents.append(run["cut"]?["cut"]?.array?.first?["contents"])
            }
            #expect(contents[0] != nil && contents[0] == contents[1])
            let (code, run, error) = try await cut("--plug --cut block:20", task: "read")
            #expect(code == 0 && run["cut"]?["cut"]?.array?.first?["claim"]?.string == "failure", "\(run) \(error)")
        }
    }
}

/// One cut, and what is reported of it.
private func cut(_ words: String, bug: String = "", task: String = "write") async throws -> (
    code: Int32, run: JSONValue, error: String
) {
    let folder = try CheckFolder()
    let (code, run, error) = try await folder.run("--suite cuts \(words)", task, bug)
    #expect(try folder.leftovers == [])
    return (code, run, error)
}
