import Foundation
import Testing

/// `docs/junit.xsd`, by xmllint: a reader nobody here wrote.
enum JUnitSchema {
    /// Holds a report against it. Without xmllint nothing can be said, and that is an issue: `make test` installs it.
    static func check(_ path: String, sourceLocation: SourceLocation = #_sourceLocation) async throws {
        let result = try await lint(path)
        #expect(result.code == 0, "\(result.error.prefix(2000))", sourceLocation: sourceLocation)
    }

    static func lint(_ path: String) async throws -> Program.Result {
        try await Program.command(["xmllint", "--nonet", "--noout", "--schema", "\(Program.root)/docs/junit.xsd", path])
    }
}
