import ArgumentParser
import Flasher

/// Whether what crosses the line is compressed.
struct CompressionOptions: ParsableArguments {
    @Flag(help: "Compress what crosses the line; the community stub only.") var compress = false

    @Option(help: ArgumentHelp("How hard, 1 to 10; with --compress. (default: 2)", valueName: "level"))
    var compressLevel: Int?

    mutating func validate() throws {
        guard compress || compressLevel == nil else { throw ValidationError("--compress-level goes with --compress") }
        if let compressLevel, !(1...10).contains(compressLevel) {
            throw ValidationError("--compress-level takes 1 to 10, not \(compressLevel)")
        }
    }

    /// - Throws: `ValidationError` for a dialect that has no compressed transfers.
    func check(with dialect: Dialect) throws {
        guard !compress || dialect == .community else {
            throw ValidationError("--compress is for the community dialect: frames are never compressed")
        }
    }

    /// Nil for no compression.
    var level: Int? { compress ? compressLevel ?? 2 : nil }
}
