import Embedded

/// A file of the page, `Sources/Workbench/Page`: the program carries them inside itself.
struct PageFile: Sendable {
    let name: String
    let bytes: [UInt8]

    /// What `/` is.
    static let first = "bench.html"

    /// By name.
    static let all: [String: PageFile] = Dictionary(
        uniqueKeysWithValues: EmbeddedFile.all(in: "Sources/Workbench/Page").map { file in
            (file.file, PageFile(name: file.file, bytes: file.bytes))
        })

    /// What it is, as a browser wants to be told.
    var kind: String {
        switch name.split(separator: ".").last {
        case "html": "text/html; charset=utf-8"
        case "css": "text/css; charset=utf-8"
        case "js": "text/javascript; charset=utf-8"
        case "svg": "image/svg+xml"
        default: "application/octet-stream"
        }
    }
}
