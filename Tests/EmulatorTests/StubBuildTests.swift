import Digests
import Emulator
import Images
import Testing
import Wire

/// Which stub an upload is and what the log says of it: ECR6600 facts §4, "Known images". The images are not to be had, so
/// made-up ones stand in, with their own digests in the facts' list.
@Suite struct StubBuildTests {
    /// Uploads `image` to a mask ROM. - Returns: what runs then, and every note.
    private static func upload(_ image: [UInt8], known: [KnownStub]) -> (tested: ChipUnderTest, notes: [String]) {
        var settings = ChipSettings()
        settings.timing = .brisk
        settings.stub = .vendor134
        settings.knownStubs = known
        var tested = ChipUnderTest(Chip(settings: settings, flash: NORFlash(id: .gd25q16e)))
        tested.run(for: .milliseconds(10))
        _ = tested.ask(BootProtocol.syncWord)
        _ = tested.ask(DownloadHeader(length: UInt32(image.count)).bytes)
        _ = tested.ask(image)
        let notes = tested.chip.takeEvents().compactMap { event -> String? in
            switch event.kind {
            case .note(let text), .recognised(let text): text
            default: nil
            }
        }
        return (tested, notes)
    }

    /// Filler of a known image's length, and the list with the filler's digest in its place.
    private static func standIn(for stub: KnownStub) -> (image: [UInt8], known: [KnownStub]) {
        let image = (0..<stub.byteCount).map { UInt8(truncatingIfNeeded: $0 &* 13) }
        var known = KnownStub.all
        let digest = SHA256.of(image).map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
        known[known.firstIndex(of: stub)!].digest = digest
        return (image, known)
    }

    /// All nine, and whether it is said that something is assumed.
    @Test(arguments: KnownStub.all) func theDigestTellsTheBuild(stub: KnownStub) {
        let (image, known) = Self.standIn(for: stub)
        let (tested, notes) = Self.upload(image, known: known)
        #expect(tested.chip.loaderName == "stub \(stub.version.rawValue)")
        #expect(notes.contains { $0.contains("\(stub.byteCount) bytes") && $0.contains("known by size and SHA-256") })
        if let build = stub.build { #expect(notes.contains { $0.contains("community stub of \(build)") }) }
        let middle = ["5 July 2026", "2 July 2026", "26 June 2026"]
        #expect(notes.contains { $0.contains("assumption") } == middle.contains(stub.build ?? ""), "\(notes)")
    }

    /// §4.1, §4: December 2025 has no 96 to 99; July has them, and the builds between are taken for July's.
    @Test(arguments: KnownStub.all.filter { $0.build != nil }, [UInt8(0x96), 0x97, 0x98, 0x99])
    func onlyTheFirstBuildLacksTheLaterCommands(stub: KnownStub, command: UInt8) {
        let (image, known) = Self.standIn(for: stub)
        var (tested, _) = Self.upload(image, known: known)
        let body = command == 0x99 ? [] : [UInt8](repeating: 0, count: 8)
        let answer = tested.ask(StubRequest(StubCommand(rawValue: command), body: body).bytes)
        let isUnknown = answer == [0x5A, 0xFF, 0, 0, 3, 0x5C]
        #expect(isUnknown == (stub.build == "December 2025"))
    }

    /// The same size with another digest is another image.
    @Test(arguments: KnownStub.all) func theSizeAloneIsNotEnough(stub: KnownStub) {
        let image = [UInt8](repeating: 0x55, count: stub.byteCount)
        let (tested, notes) = Self.upload(image, known: KnownStub.all)
        #expect(tested.chip.loaderName == "stub vendor-1.3.4", "the setting's")
        #expect(notes.contains { $0.contains("not a known stub") })
    }

    /// "The version string does not tell them apart": which build it is, is assumed.
    @Test func aVersionStringDoesNotTellTheBuild() {
        let image = [UInt8](repeating: 0, count: 500) + Array("ECR6600F_customstub_V1.0.0".utf8)
        let (tested, notes) = Self.upload(image, known: KnownStub.all)
        #expect(tested.chip.loaderName == "stub community")
        #expect(notes.contains { $0.contains("assumption") })
        let vendors = Self.upload(Array("ECR6600F_stub_V1.4.0".utf8), known: KnownStub.all)
        #expect(vendors.notes.contains { $0.contains("assumption") } == false)
    }
}
