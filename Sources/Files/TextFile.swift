/// A text that is written piece by piece, and appears under its name when all of it is there.
package final class TextFile {
    private let file: ByteFile

    /// - Parameter replacing: whether a file of that name may be replaced. - Throws: `FileError`, as `NewFile` does.
    package init(creating path: String, replacing: Bool) throws(FileError) {
        file = try ByteFile(creating: path, replacing: replacing)
    }

    /// Appends to it. - Throws: `FileError`, `.noSpace` among others; the file never appears then.
    package func write(_ text: String) throws(FileError) {
        try file.write(text.utf8)
    }

    /// Gives it its name. - Throws: `FileError`, likewise.
    package func finish() throws(FileError) {
        try file.finish()
    }
}
