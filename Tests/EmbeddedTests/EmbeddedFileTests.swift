import Embedded
import Foundation
import Testing

@Suite struct EmbeddedFileTests {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../..")
        .standardizedFileURL
    /// Every folder whose files are carried.
    static let folders = [
        "emulator/applications", "emulator/boards", "emulator/chips", "emulator/flashers", "emulator/lessons",
        "emulator/planted", "emulator/scenarios", "Sources/Reports/Page", "Sources/Story/Page",
        "Sources/Workbench/Page",
    ]

    @Test func noOtherFolderIsThere() {
        #expect(Set(EmbeddedFile.all.map(\.folder)) == Set(Self.folders))
    }

    @Test(arguments: folders)
    func everyFileIsCarriedAsItIs(folder: String) throws {
        let names = try FileManager.default.contentsOfDirectory(atPath: Self.root.appending(path: folder).path)
        #expect(Set(EmbeddedFile.all(in: folder).map(\.file)) == Set(names))
        for file in EmbeddedFile.all(in: folder) {
            #expect(try Data(contentsOf: Self.root.appending(path: file.path)) == Data(file.bytes), "\(file.path)")
        }
    }

    @Test func someOfAFolder() {
        let lessons = EmbeddedFile.all(in: "emulator/lessons")
        #expect(lessons.map(\.name) == lessons.map(\.name).sorted() && lessons.first?.name == "01-pads")
        #expect(lessons.first?.ending == "md" && lessons.first?.path == "emulator/lessons/01-pads.md")
        let scenarios = EmbeddedFile.all(in: "emulator/scenarios", ending: "yaml")
        #expect(scenarios.first?.name == "good-bench" && !scenarios.contains { $0.name.contains("schema") })
        #expect(EmbeddedFile.all(in: "emulator/lesson").isEmpty)
    }
}
