private import CEmbedded

/// A file of the project that a program carries inside itself, so that it works wherever it is moved to. They are listed in
/// `Sources/CEmbedded/files.c`.
package struct EmbeddedFile: Sendable {
    /// The folder, from the project's root.
    package let folder: String
    /// Its name in it, without the ending.
    package let name: String
    /// The ending, without the dot.
    package let ending: String
    /// What it holds.
    package let bytes: [UInt8]

    /// Those of a folder, in the order of the list. - Parameters:
    ///   - folder: from the project's root.
    ///   - ending: only those with it; nil for all.
    package static func all(in folder: String, ending: String? = nil) -> [EmbeddedFile] {
        all.filter { $0.folder == folder && (ending == nil || $0.ending == ending) }
    }

    /// What a file holds that is known to be there. - Parameter path: from the project's root.
    package static func bytes(of path: String) -> [UInt8] {
        guard let file = all.first(where: { $0.path == path }) else { preconditionFailure("\(path) is not embedded") }
        return file.bytes
    }

    /// What it holds, as a text.
    package static func text(of path: String) -> String { String(decoding: bytes(of: path), as: UTF8.self) }

    /// From the project's root.
    package var path: String { "\(folder)/\(file)" }

    /// The name with the ending.
    package var file: String { "\(name).\(ending)" }

    /// Every file, in the order of the list.
    package static let all: [EmbeddedFile] = {
        var count = 0
        let files = UnsafeBufferPointer(start: embedded_files(&count), count: count)
        return files.map { file in
            let path = String(cString: file.path)
            let slash = path.lastIndex(of: "/")!
            let dot = path.lastIndex(of: ".")!
            return EmbeddedFile(
                folder: String(path[..<slash]), name: String(path[path.index(after: slash)..<dot]),
                ending: String(path[path.index(after: dot)...]),
                bytes: Array(String(cString: file.text).utf8))
        }
    }()
}
