import ArgumentParser
import Flasher

/// Whether what crosses the line is compressed.
struct CompressionOptions: ParsableArguments {
    @Flag(help: "Compress the data on the line (community stub only).") var compress = false

    @Option(help: ArgumentHelp("Compression level, 1 to 10; needs --compress. (default: 2)", valueName: "level"))
    var compressLevel: Int?

    mutating func validate() throws {
        guard compress || compressLevel == nil else { throw ValidationError("--compress-level needs --compress") }
        if let compressLevel, !(1...10).contains(compressLevel) {
            throw ValidationError("--compress-level takes 1 to 10, not \(compressLevel)")
        }
    }

    /// - Throws: `ValidationError` for a dialect that has no compressed transfers.
    func check(with dialect: Dialect) throws {
        guard !compress || dialect == .community else {
            throw ValidationError("--compress needs the community dialect: frames are never compressed")
        }
    }

    /// Nil for no compression.
    var level: Int? { compress ? compressLevel ?? 2 : nil }
}
