import Foundation
import Testing

/// Chromium, driven from Python (`Tests/Browser`).
private enum Chromium {
    /// A browser takes all of the machine: it is no neighbour for tests that keep real time.
    static let isWanted = ProcessInfo.processInfo.environment["SOLDERLESS_BROWSER_TESTS"] == "1"
    static let isNotWanted: Comment = "no browser: `make test-browser` installs one and runs this"

    static let folder = "\(Program.root)/Tests/Browser"
    static let python = "\(Program.root)/.build/browser-venv/bin/python"

    /// Each file of tests there.
    static let modules =
        ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [])
        .filter { $0.hasPrefix("test_") && $0.hasSuffix(".py") }.map { String($0.dropLast(3)) }.sorted()
}

/// What the program writes or serves for a browser, in a real one.
@Suite(.serialized, .enabled(if: Chromium.isWanted, Chromium.isNotWanted)) struct PagesInBrowserTests {
    @Test(arguments: Chromium.modules) func aPageDoesAsItShould(module: String) async throws {
        let result = try await Program.shell(
            "cd '\(Chromium.folder)' && SOLDERLESS=$0 PYTHONDONTWRITEBYTECODE=1 '\(Chromium.python)' -m unittest -v \(module)",
            within: 240)
        // As unittest prints it: which tests there are, and why some failed.
        #expect(result.code == 0 && result.error.contains("\nOK"), "\n\(result.error.suffix(12_000))")
    }

    @Test func thereArePages() { #expect(!Chromium.modules.isEmpty) }
}
