package import Emulator
package import Files
package import Wire

/// A flash that lives in a file: read at the start, written back whole by renaming, never in place.
package struct FlashFile {
    package let path: String
    private var savedChanges: Int

    /// Reads the file into a flash; a file that is not there yet is an erased flash, and after one that is shorter than
    /// the flash the rest is erased.
    /// - Throws: `FileError`: unreadable, larger than the flash (`.tooLarge`), or not to be written later.
    package static func open(_ path: String, id: FlashID) throws(FileError) -> (file: FlashFile, flash: NORFlash) {
        var flash = NORFlash(id: id)
        // Now, and not when somebody has flashed for a minute.
        try FileStore.checkReplaceable(path: path)
        do {
            flash.load(try FileStore.read(path: path, limit: flash.byteCount))
        } catch  where error.code == .missing {
            // It appears when the flash is first saved.
        } catch  where error.code == .tooLarge {
            throw FileError(
                .tooLarge, path: path, "the file is larger than the flash \(id), which has \(flash.byteCount) bytes",
                remedy: "name a larger one with --flash-id (scenarios chips lists them)")
        }
        return (FlashFile(path: path, savedChanges: flash.changes), flash)
    }

    /// Whether the flash has been erased or programmed since the file was written.
    package func isBehind(_ flash: NORFlash) -> Bool {
        flash.changes != savedChanges
    }

    /// Writes the flash to the file. - Throws: `FileError`; the file is then as it was.
    package mutating func save(_ flash: NORFlash) throws(FileError) {
        try FileStore.replace(path: path, with: flash.contents.span)
        savedChanges = flash.changes
    }
}
