import Digests
import Images
import TestForms
import Testing

@testable import Flasher

// The answers are those of ECR6600 facts §4.2; the section stands in each test's name.
private let ok: [UInt8] = [0x5A, 0x02, 0x00, 0x00, 0x00, 0x5C]
private let badSum: [UInt8] = [0x5A, 0x02, 0x00, 0x00, 0x05, 0x61]
private let outOfRange: [UInt8] = [0x5A, 0x02, 0x00, 0x00, 0x02, 0x5E]
private let unknown: [UInt8] = [0x5A, 0xFF, 0x00, 0x00, 0x03, 0x5C]
private let syn: [UInt8] = [0xA5, 0x00, 0x04, 0x00, 0x63, 0x6E, 0x79, 0x73, 0x66]
private let settings = FlasherSettings()

/// A start frame by hand: `A5 02 08 00 addr len sum8` (§4).
private func start(_ address: UInt32, _ length: UInt32) -> [UInt8] {
    var frame: [UInt8] = [0xA5, 0x02, 0x08, 0x00]
    for word in [address, length] { frame += (0..<4).map { UInt8(truncatingIfNeeded: word >> (8 * $0)) } }
    return frame + [frame.reduce(0, &+)]
}

/// A data frame by hand: `A5 02 n16 flag data sum8` (§4.3).
private func data(_ flag: UInt8, _ bytes: [UInt8]) -> [UInt8] {
    let count = bytes.count + 1
    let frame: [UInt8] = [0xA5, 0x02, UInt8(count & 0xFF), UInt8(count >> 8), flag] + bytes
    return frame + [frame.reduce(0, &+)]
}

/// A data frame of seven FF, which a stub in its parser refuses.
private let probe = data(0, filling(7))
private func filling(_ count: Int) -> [UInt8] { [UInt8](repeating: 0xFF, count: count) }

@Suite struct WritingInFrames {
    private let sectors = [pattern(4096, seed: 1), pattern(4096, seed: 2), pattern(4096, seed: 3)]

    private func write(_ address: Int, _ count: Int) -> FrameWrite {
        FrameWrite(settings, address: address, bytes: Array(sectors[..<count].joined()))
    }

    @Test("§4.3: start, data frames with flag 0, an answer to each")
    func goodPath() {
        let talk = Talk(write(0x7000, 2), [ok, ok, ok])
        #expect(talk.isDone)
        #expect(talk.heard[0] == start(0x7000, 0x2000))
        #expect(Array(talk.heard[1]) == data(0, sectors[0]))
        #expect(Array(talk.heard[2]) == data(0, sectors[1]))
        #expect(talk.port.chip.program == .stub)
    }

    @Test("§10: no more than 4 KB in a command at address 0")
    func addressZero() {
        let talk = Talk(write(0, 3), [ok, ok, ok, ok, ok])
        #expect(talk.isDone)
        #expect(talk.heard[0] == start(0, 0x1000))
        #expect(talk.heard[2] == start(0x1000, 0x2000))
    }

    @Test("§4.4: commands end at 64 KB, where one erase ends")
    func boundary() {
        let talk = Talk(write(0xF000, 2), [ok, ok, ok, ok])
        #expect(talk.heard[0] == start(0xF000, 0x1000))
        #expect(talk.heard[2] == start(0x10000, 0x1000))
    }

    @Test("§4.3: status 05 and the frame goes out again with flag 1")
    func resend() {
        let talk = Talk(write(0x7000, 2), [ok, badSum, badSum, ok, ok])
        #expect(talk.isDone)
        #expect(Array(talk.heard[2]) == data(1, sectors[0]))
        #expect(Array(talk.heard[3]) == data(1, sectors[0]))
        #expect(Array(talk.heard[4]) == data(0, sectors[1]))
    }

    @Test("§4.3: a bad sum on the last frame cannot be mended: its sector anew, never flag 1")
    func lastFrame() {
        let talk = Talk(write(0x7000, 2), [ok, ok, badSum, outOfRange, ok, ok])
        #expect(talk.isDone)
        #expect(talk.heard[3] == probe)
        #expect(talk.heard[4] == start(0x8000, 0x1000))
        #expect(Array(talk.heard[5]) == data(0, sectors[1]))
    }

    @Test("An answer before the frame has left: its length was damaged, so no flag 1")
    func earlyAnswer() {
        let talk = Talk(write(0x7000, 2), isEarly: { $0 == 1 }, [ok, badSum])
        #expect(talk.heard[2] == filling(16))
    }

    @Test("A frame that lost bytes: filled up, then what is left of the download used up with FF")
    func lostBytes() {
        // 7 + 4089 bytes: the first frame was counted when the filling had completed it, and one is left.
        let talk = Talk(write(0x7000, 2), [ok, [], badSum, ok, ok, outOfRange, ok, ok, ok])
        #expect(talk.isDone)
        #expect(talk.heard[2] == filling(16))
        #expect(talk.heard[3] == probe)
        #expect(Array(talk.heard[4]) == data(0, filling(4089)))
        #expect(talk.heard[5] == probe)
        #expect(talk.heard[6] == start(0x7000, 0x2000))
        #expect(Array(talk.heard[7]) == data(0, sectors[0]))
    }

    @Test("A frame that was lost whole: one frame more is left than after a lost answer")
    func lostFrame() {
        let silence = [[UInt8]](repeating: [], count: 6)
        let talk = Talk(write(0x7000, 2), [ok] + silence + [ok, ok, ok, ok, outOfRange, ok, ok, ok])
        #expect(talk.isDone)
        // A probe takes 7 bytes of the 4096, the frame after it the other 4089, in 6 bytes of frame.
        #expect(talk.heard[2...6].map(\.count) == [16, 256, 4096, 16384, 65540])
        #expect(talk.heard[7...11].map(\.count) == [13, 4095, 13, 4095, 13])
        #expect(talk.heard[12] == start(0x7000, 0x2000))
    }

    @Test("A host that was killed has left two sectors of a download: used up, and the stub takes commands")
    func oldDownload() {
        let talk = Talk(EndOldDownload(settings), [ok, ok, ok, ok, ok, outOfRange])
        if case .done(.stub) = talk.progress {} else { Issue.record("\(talk.progress)") }
        #expect(talk.heard.map(\.count) == [13, 13, 4088, 13, 4095, 13])
        let changesNothing = talk.heard.allSatisfy { $0.dropFirst(5).dropLast().allSatisfy { $0 == 0xFF } }
        #expect(changesNothing)
        let nobody = Talk(EndOldDownload(settings), [[]])
        if case .done(.noStub) = nobody.progress {} else { Issue.record("\(nobody.progress)") }
        let taking = Talk(EndOldDownload(settings), [outOfRange])
        if case .done(.stub) = taking.progress {} else { Issue.record("\(taking.progress)") }
    }

    @Test("Silence after everything: a fault that says so, and no data frame into the dark")
    func silence() throws {
        let talk = Talk(write(0x7000, 2), [ok] + [[UInt8]](repeating: [], count: 200))
        let fault = try #require(talk.fault)
        #expect(fault.what.contains("in the middle of a download"))
        #expect(talk.port.chip.program == .stubInDownload)
        // FF only, and probes, which a parser refuses.
        #expect(talk.heard.dropFirst(2).allSatisfy { $0 == probe || $0.allSatisfy { $0 == 0xFF } })
    }

    @Test("§4.2: a start out of range is refused, a damaged one asked again")
    func refusedStart() {
        #expect(Talk(write(0x7000, 1), [outOfRange, outOfRange, outOfRange]).fault != nil)
        let talk = Talk(write(0x7000, 1), [unknown, ok, ok])
        #expect(talk.isDone)
        #expect(talk.heard[1] == start(0x7000, 0x1000))
    }

    @Test("No frame but an answer to 05 ever has flag 1, whatever the data")
    func flags() {
        let talk = Talk(write(0x7000, 3), [ok, ok, ok, ok])
        #expect(talk.heard.dropFirst().allSatisfy { $0[4] == 0 })
    }
}

@Suite struct ReadingInFrames {
    private let contents = pattern(0x3000)

    private func answer(_ range: Range<Int>) -> [UInt8] {
        let count = range.count
        let frame =
            [0x5A, 0x03, UInt8(count & 0xFF), UInt8(count >> 8)] + Array(contents[range]) + [0x00] as [UInt8]
        return frame + [frame.reduce(0, &+)]
    }

    @Test("§4.3: 1.3.11 is asked for 8 KB at a time")
    func pieces() {
        let talk = Talk(
            FrameRead(settings, StubTraits(.vendor1311), range: 0..<0x3000),
            [answer(0..<0x2000), answer(0x2000..<0x3000)])
        #expect(talk.bytes.map { $0 == contents } == true)
        #expect(talk.heard[0] == [0xA5, 0x03, 8, 0, 0, 0, 0, 0, 0, 0x20, 0, 0, 0xD0])
        #expect(talk.heard[1] == [0xA5, 0x03, 8, 0, 0, 0x20, 0, 0, 0, 0x10, 0, 0, 0xE0])
    }

    @Test("A damaged frame, a lost one, a refusal: asked again")
    func again() {
        var damaged = answer(0..<0x3000)
        damaged[77] ^= 4
        let talk = Talk(
            FrameRead(settings, StubTraits(.vendor134), range: 0..<0x3000), [damaged, [], unknown, answer(0..<0x3000)])
        #expect(talk.bytes.map { $0 == contents } == true)
        #expect(Set(talk.heard).count == 1)
    }

    @Test("A stub that cannot hash: the SHA-256 of what is read back")
    func readBack() {
        let talk = Talk(
            FrameRead(settings, StubTraits(.vendor140), range: 0..<0x3000, for: .digest), [answer(0..<0x3000)])
        if case .done(.digest(let digest)) = talk.progress {
            #expect(digest == SHA256.of(contents))
        } else {
            Issue.record("no digest")
        }
    }

    @Test("§4.3: EFUSE (08) answers without a status byte; two answers must be the same")
    func efuse() {
        let words = pattern(128, seed: 5)
        let frame: [UInt8] = [0x5A, 0x08, 0x80, 0x00] + words
        let answer = frame + [frame.reduce(0, &+)]
        let talk = Talk(EFuseRead(settings, .vendor), [answer, answer])
        #expect(talk.bytes == words)
        #expect(talk.heard[0] == [0xA5, 0x08, 6, 0, 0, 0, 0, 0, 0x80, 0, 0x33])
    }

    @Test("§4.2: a refused EFUSE (status 02) is no eFuse")
    func refusedEFuse() {
        let refusal: [UInt8] = [0x5A, 0x08, 0x00, 0x00, 0x02, 0x64]
        #expect(Talk(EFuseRead(settings, .vendor), [refusal, refusal, refusal]).fault != nil)
    }
}

@Suite struct IdentifyingInFrames {
    private let refused: [UInt8] = [0x5A, 0x03, 0x00, 0x00, 0x02, 0x5F]
    private let hash: [UInt8] = {
        let frame: [UInt8] = [0x5A, 0x09, 0x20, 0x00] + pattern(32) + [0x00]
        return frame + [frame.reduce(0, &+)]
    }()
    private let end: [UInt8] = [0x5A, 0x03, 0x08, 0x00, 1, 2, 3, 4, 5, 6, 7, 8, 0x00, 0x89]

    private func found(_ talk: Talk) -> (Int, StubTraits)? {
        if case .done(.framesStub(let count, let traits)) = talk.progress { (count, traits) } else { nil }
    }

    @Test(
        "§4.2: SYN whose sum is stale, or computed as in 1.3.11",
        arguments: [0x00, 0x5A, 0x5B, 0x5C, 0x60] as [UInt8])
    func staleSum(sum: UInt8) throws {
        let talk = Talk(
            IdentifyByFrames(settings, StubTraits(.vendor134)), [[0x5A, 0x00, 0x00, 0x00, 0x00, sum], refused, end])
        #expect(talk.heard[0] == syn)
        // Eight bytes at the end of 16 MB.
        #expect(talk.heard[1] == [0xA5, 0x03, 8, 0, 0xF8, 0xFF, 0xFF, 0, 8, 0, 0, 0, 0xAE])
        #expect(try #require(found(talk)).0 == 8 << 20)
    }

    @Test("§11.1 takes 1 MB for 2 MB; the last bytes of 1 MB say otherwise")
    func oneMegabyte() throws {
        let talk = Talk(
            IdentifyByFrames(settings, StubTraits(.vendor140)),
            [[0x5A, 0, 0, 0, 0, 0x5B], refused, refused, refused, refused, end])
        #expect(talk.heard[5] == [0xA5, 0x03, 8, 0, 0xF8, 0xFF, 0x0F, 0, 8, 0, 0, 0, 0xBE])
        let (count, traits) = try #require(found(talk))
        #expect(count == 1 << 20)
        #expect(traits == StubTraits(uploadByteCount: 0x8000, hasSHA256: false))
    }

    @Test("§4.1: a stub that nobody named is asked whether it hashes; FF three times is no")
    func asksForHash() throws {
        let yes = Talk(IdentifyByFrames(settings, .careful), [[0x5A, 0, 0, 0, 0, 0x5A], hash, end])
        #expect(yes.heard[1] == [0xA5, 0x09, 8, 0, 0, 0, 0, 0, 4, 0, 0, 0, 0xBA])
        #expect(try #require(found(yes)).1 == StubTraits(uploadByteCount: 0x2000, hasSHA256: true))
        let no = Talk(IdentifyByFrames(settings, .careful), [[0x5A, 0, 0, 0, 0, 0], unknown, unknown, unknown, end])
        #expect(try #require(found(no)).1.hasSHA256 == false)
        let damagedOnce = Talk(IdentifyByFrames(settings, .careful), [[0x5A, 0, 0, 0, 0, 0], unknown, hash, end])
        #expect(try #require(found(damagedOnce)).1.hasSHA256 == true)
    }

    @Test("§4: a stub that believes its flash has 0 bytes")
    func noFlash() throws {
        let talk = Talk(
            IdentifyByFrames(settings, StubTraits(.vendor134)),
            [[0x5A, 0, 0, 0, 0, 0]] + [[UInt8]](repeating: refused, count: 5))
        #expect(try #require(talk.fault).what.contains("1 MB"))
    }

    @Test("Not SYN to a line on which a loader may listen: it contains the sync word")
    func stubCheck() {
        let talk = Talk(StubCheck(settings, .vendor), [[]])
        #expect(talk.heard == [[0xA5, 0x03, 8, 0, 0, 0, 0, 0, 8, 0, 0, 0, 0xB8]])
        let there = Talk(StubCheck(settings, .vendor), [refused])
        if case .done(.stub) = there.progress {} else { Issue.record("a refusal comes from a stub") }
    }
}
