import Emulator
import Images
import Line
import Testing
import Wire

/// A command that falls into a reset of the receive FIFO is lost, and the chip says so (ECR6600 facts §1.4, §4).
@Suite struct FIFOResetTests {
    private func losses(_ tested: inout ChipUnderTest) -> [ChipEvent.Kind] {
        tested.chip.takeEvents().map(\.kind).filter { if case .fifoReset = $0 { true } else { false } }
    }

    private let flashID: [UInt8] = [0xA5, 0x90, 0, 0, 0x35]

    private func rom() -> ChipUnderTest {
        var settings = ChipSettings()
        settings.timing = .wire
        settings.stub = .community
        var tested = ChipUnderTest(Chip(settings: settings, flash: NORFlash(id: .gd25q16e)))
        tested.run(for: .milliseconds(100))
        return tested
    }

    /// The stub is entered 1–2 ms before it resets its FIFO and reads.
    @Test func aCommandToAStartingStub() {
        var tested = rom()
        let character = BitRate(baud: 115_200).characterPicoseconds
        tested.give(Array("cnys".utf8), spacing: character)
        tested.run(for: .milliseconds(1))
        tested.give([1, 0, 0, 0, 0, 0, 1, 0, 16, 0, 0, 0], spacing: character)
        tested.run(for: .milliseconds(2))
        tested.give([UInt8](repeating: 0, count: 16) + flashID, spacing: character)
        tested.run(for: .milliseconds(300))
        #expect(losses(&tested) == [.fifoReset(5, .stubStarted)])
        _ = tested.heard()
        #expect(tested.ask(flashID).first == 0x5A, "it is there for the next one")
        #expect(losses(&tested) == [])
    }

    /// Words that waited in the FIFO for the window: those behind the one that is answered are thrown away (§1.3, §1.4).
    @Test func wordsBehindTheSyncWord() {
        var settings = ChipSettings()
        settings.timing = .wire
        settings.start = .uboot
        settings.uboot = .v134
        var tested = ChipUnderTest(Chip(settings: settings, flash: NORFlash(id: .gd25q16e)))
        tested.give(Array("cnyscnyscnys".utf8), spacing: BitRate(baud: 115_200).characterPicoseconds)
        tested.run(for: .seconds(1))
        #expect(losses(&tested) == [.fifoReset(8, .synchronised)])
    }

    /// "amt_" with a digit: the FIFO is reset behind OK, so that a sync word behind it is lost; without one it is not, and the
    /// header behind FAILE counts (§1.4).
    @Test(arguments: [("5", "OK"), ("x", "FAILE")])
    func wordsBehindAmt(last: String, answer: String) {
        var settings = ChipSettings()
        settings.timing = .wire
        settings.start = .uboot
        settings.uboot = .v134
        // The flash is empty: it listens for a second behind each complaint (§2), and the words wait for that.
        var tested = ChipUnderTest(Chip(settings: settings, flash: NORFlash(id: .gd25q16e)))
        let header: [UInt8] = [1, 0, 0, 0, 0, 0, 1, 0, 4, 0, 0, 0]
        tested.give(Array("amt_000000\(last)".utf8) + header, spacing: BitRate(baud: 115_200).characterPicoseconds)
        tested.run(for: .milliseconds(900))
        let isAccepted = last == "5"
        let heard = tested.heard()
        let complaint = Array("hcrc err\n".utf8)
        #expect(heard == complaint + Array(answer.utf8) + (isAccepted ? complaint : [0]))
        #expect(losses(&tested) == (isAccepted ? [.fifoReset(12, .amtAccepted)] : []))
    }

    /// Stub 02 resets its FIFO behind each answer: a host must not pipeline (§4.3). 01 does not.
    @Test(arguments: [(StubCommand.flashDownload, 6), (.ramDownload, 0)])
    func aFrameThatIsPipelined(command: StubCommand, lost: Int) {
        var tested = ChipUnderTest.communityStub(timing: .wire)
        #expect(tested.ask(StubRequest(command, address: 0x20000, length: 8).bytes).first == 0x5A)
        let head: [UInt8] = [0xA5, command.rawValue, 5, 0, 0, 1, 2, 3, 4]
        let frame = head + [head.reduce(0, &+)]
        tested.give(frame + frame.prefix(6))
        tested.run(for: .milliseconds(100))
        #expect(losses(&tested) == (lost > 0 ? [.fifoReset(lost, .frameStored)] : []))
    }
}
