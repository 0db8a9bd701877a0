import Emulator
import Line
import TestForms
import Testing
import Wire
import Words

/// Short random sessions with each stub: the emulator says to each frame what the second reading of §4 says, and leaves
/// flash and eFuse as that does. A failure prints version, seed and every piece that was sent.
@Suite struct SecondReadingTests {
    /// Sessions with one version in one test case.
    private static let sessionsInACase = 50

    @Test(arguments: StubFactTests.versions, byForm(short: UInt64(0)..<1, long: 0..<40))
    func bothReadTheSame(version: String, part: UInt64) {
        for number in 0..<UInt64(Self.sessionsInACase) {
            guard play(RandomStubSession(version, seed: part * 1_000_003 + number)) else { return }
        }
    }

    /// - Returns: whether emulator and reading agreed.
    private func play(_ session: RandomStubSession) -> Bool {
        let id = FlashID(session.id)!
        var tested = ChipUnderTest.communityStub(
            flashID: id, image: session.image, efuse: EFuse(session.efuse)
        ) {
            $0.stub = StubFactTests.version(session.version)
            // What comes with a frame waits for the next one, however much it is.
            $0.fifoDepth = 1 << 17
        }
        _ = tested.heard()
        var reading = StubReading(
            session.version, id: session.id, flash: tested.chip.flash.contents, efuse: session.efuse)
        for (index, piece) in session.pieces.enumerated() {
            _ = tested.chip.takeEvents()
            let expected = reading.hear(piece)
            if case .silence = reading.end { return true }
            let heard = tested.ask(piece, for: .milliseconds(300))
            // Behind RUN another program may answer what came with it.
            let isSame = reading.end == .left ? heard.starts(with: expected) : heard == expected
            #expect(isSame, "\(session.told(upTo: index)) answered \(told(heard)) in place of \(told(expected))")
            guard isSame else { return false }
            if reading.end != nil { return isOver(&tested, reading, session, index) }
        }
        return isLeftTheSame(tested, reading, session)
    }

    /// Nothing is said any more, and the log says why.
    private func isOver(
        _ tested: inout ChipUnderTest, _ reading: StubReading, _ session: RandomStubSession, _ index: Int
    ) -> Bool {
        let word: String
        switch reading.end {
        case .undefined: word = "undefined on the chip"
        case .hang: word = "hangs, as on the chip"
        case .silence, .left, nil: return true
        }
        let isTold = tested.chip.takeEvents().contains {
            if case .note(let text) = $0.kind { text.contains(word) } else { false }
        }
        #expect(
            isTold, "\(session.told(upTo: index)): no note says \"\(word)\", for \(String(describing: reading.end))")
        let heard = tested.ask(StubRequest(.syn, body: BootProtocol.syncWord).bytes, for: .seconds(5))
        #expect(heard.isEmpty, "\(session.told(upTo: index)): it goes on after \(String(describing: reading.end))")
        return isTold && heard.isEmpty
    }

    private func isLeftTheSame(_ tested: ChipUnderTest, _ reading: StubReading, _ session: RandomStubSession) -> Bool {
        let (flash, kept) = (tested.chip.flash.contents, reading.flash)
        let difference = firstDifference(flash, kept)
        #expect(
            difference == nil,
            "\(session.told()): the flash at \(hex(UInt32(difference ?? 0))), \(difference.map { (flash[$0], kept[$0]) } as Any)"
        )
        var efuse = tested.chip.efuse.bytes
        if reading.hasRandomKey { efuse.replaceSubrange(0x24..<0x34, with: reading.efuse[0x24..<0x34]) }
        #expect(efuse == reading.efuse, "\(session.told()): the eFuse")
        return difference == nil && efuse == reading.efuse
    }

    private func told(_ bytes: [UInt8]) -> String {
        bytes.isEmpty ? "nothing" : hexBytes(bytes.prefix(40)) + (bytes.count > 40 ? " … (\(bytes.count))" : "")
    }
}

extension RandomStubSession {
    /// What there is to say of it when it fails.
    fileprivate func told(upTo last: Int? = nil) -> String {
        let sent = pieces[...(last ?? pieces.count - 1)].enumerated().map { index, piece in
            "  \(index): \(hexBytes(piece.prefix(64)))\(piece.count > 64 ? " … (\(piece.count) bytes)" : "")\n"
        }
        return "stub \(version), seed \(seed), flash \(id):\n" + sent.joined()
    }
}
