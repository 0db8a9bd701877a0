import FoundationEssentials
import Testing

/// What a document names must be where it says.
@Suite struct DocumentPathsTests {
    static let documents =
        ["README.md"]
        + ((try? FileManager.default.contentsOfDirectory(atPath: packageFolder + "docs")) ?? [])
        .filter { $0.hasSuffix(".md") }.map { "docs/\($0)" }.sorted()

    /// The file that the guide to a new fault makes up.
    private static let madeUp = "Sources/Line/Faults/EveryHundredth.swift"

    @Test(arguments: documents)
    func pathsExist(document: String) throws {
        let text = try String(contentsOfFile: packageFolder + document, encoding: .utf8)
        var named = 0
        for part in text.split(separator: "`").map(String.init) where part != Self.madeUp {
            guard let folder = part.split(separator: "/").first, part.contains("/"),
                ["Sources", "emulator", "Tests", "tools"].contains(String(folder)),
                part.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || "/._-".contains($0)) })
            else { continue }
            named += 1
            let path = packageFolder + part
            let isThere = [path, path + ".swift"].contains { FileManager.default.fileExists(atPath: $0) }
            #expect(isThere, "\(document) names \(part)")
        }
        if document == "docs/architecture.md" { #expect(named > 10) }
    }
}
