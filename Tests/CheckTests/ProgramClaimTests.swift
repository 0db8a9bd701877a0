import Scenarios
import Testing

@testable import Check

/// What a program's end is taken for.
@Suite struct ProgramClaimTests {
    private func claim(_ way: ProgramEnding.Way, _ printed: Set<String> = [], _ flasher: FlasherProgram? = nil)
        -> Claims.Ending
    {
        (flasher ?? FlasherProgram(name: "f")).claim(ProgramEnding(way, printed: printed)).ending
    }

    @Test func withoutAFileExitCodeZeroClaimsSuccess() {
        #expect(claim(.exited(0)) == .success)
        #expect(claim(.exited(1)) == .failure)
        #expect(claim(.exited(255)) == .failure)
        #expect(claim(.signalled(11)) == .crashed)
        #expect(claim(.exited(134)) == .crashed, "a shell's way to say SIGABRT")
        #expect(claim(.exited(130)) == .failure)
        #expect(claim(.outOfTime) == .outOfTime)
    }

    @Test func codesThatAreNamedAreAllThatIsUnderstood() {
        var flasher = FlasherProgram(name: "f")
        flasher.failure = .init(codes: [1, 134])
        #expect(claim(.exited(1), [], flasher) == .failure)
        #expect(claim(.exited(134), [], flasher) == .failure, "the file says so")
        #expect(claim(.exited(7), [], flasher) == .unclear)
        #expect(flasher.claim(ProgramEnding(.exited(7))).words == "exit code 7")
    }

    @Test func textsDecideWhereThereAreSome() {
        var flasher = FlasherProgram(name: "f")
        flasher.success.texts = ["verified"]
        flasher.failure.texts = ["ERROR"]
        #expect(claim(.exited(0), ["verified"], flasher) == .success)
        #expect(claim(.exited(0), ["ERROR"], flasher) == .failure)
        #expect(claim(.exited(0), [], flasher) == .unclear)
        #expect(claim(.exited(0), ["verified", "ERROR"], flasher) == .unclear, "it says both")
        #expect(claim(.exited(1), ["verified"], flasher) == .failure)
    }
}
