import Digests
import Emulator
import Images
import Testing
import Wire

/// ECR6600 facts §4: "it is unpacked before it is uploaded; a gzip file is no stub".
@Suite struct PackedStubTests {
    private static let packed = Gzip.pack(StubImage.placeholder(for: .community))

    /// Uploads by §1.4: sync, header, pieces of 1024.
    private static func uploaded(_ image: [UInt8], stub: StubImage.Version? = nil) -> ChipUnderTest {
        var settings = ChipSettings()
        settings.timing = .brisk
        settings.stub = stub
        settings.start = .straps(.uart)
        var tested = ChipUnderTest(Chip(settings: settings, flash: NORFlash(id: .gd25q16e)))
        tested.run(for: .milliseconds(100))
        _ = tested.ask(BootProtocol.syncWord)
        var header: [UInt8] = []
        for word in [1, 0x10000, UInt32(image.count)] { header.append(littleEndian: word) }
        _ = tested.ask(header)
        _ = tested.ask(image, for: .milliseconds(500))
        return tested
    }

    private static func notes(_ tested: inout ChipUnderTest) -> [String] {
        tested.chip.takeEvents().compactMap { if case .note(let text) = $0.kind { text } else { nil } }
    }

    private static let syn = StubRequest(.syn, body: BootProtocol.syncWord).bytes

    @Test func nothingRuns() {
        var tested = Self.uploaded(Self.packed)
        #expect(tested.ask(Self.syn).isEmpty)
        #expect(
            Self.notes(&tested).contains(
                "uploaded \(Self.packed.count) bytes: a gzip file with Solderless's placeholder for stub community in it, "
                    + "which no chip runs: unpack it before the upload; nothing runs now"))
    }

    @Test func unpackedItRuns() {
        var tested = Self.uploaded(StubImage.placeholder(for: .community))
        #expect(!tested.ask(Self.syn).isEmpty)
    }

    @Test func aStubThatTheSettingsWantRunsAllTheSame() {
        var tested = Self.uploaded(Self.packed, stub: .vendor134)
        #expect(tested.ask(Self.syn) == [0x5A, 0, 0, 0, 0, 0])
        #expect(Self.notes(&tested).contains { $0.hasSuffix("stub vendor-1.3.4 runs instead") })
    }

    @Test func damagedDataAreNamed() {
        var tested = Self.uploaded(Array(Self.packed.dropLast(12)))
        #expect(Self.notes(&tested).contains { $0.contains("a gzip file with damaged data in it") })
    }
}
