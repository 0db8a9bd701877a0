package import Emulator
package import Files
import Images
package import Wire

/// A flash that lives in a file: read at the start, written back whole by renaming, never in place.
///
/// As long as this value is there, nobody else keeps a flash in the file. Programs that know nothing of that may change it
/// all the same: then what the chip holds goes to another file, and neither is lost.
package struct FlashFile {
    package let path: String
    /// Where it goes since another program has changed the file; nil as long as none has.
    package private(set) var otherPath: String?
    private let lock: FileLock
    /// The flash's count of changes when it was last written; nil before that.
    private var savedChanges: Int?
    /// The file as we know it: as it was read, or last written; nil where there is none.
    private var known: (stamp: FileStamp?, content: [UInt8])?

    /// What a new flash is, or what follows in a file that is too short.
    package enum Rest: Sendable {
        /// A new flash is a made-up one, and a file must hold all of its flash.
        case madeUp
        /// Erased.
        case erased
    }

    /// Reads the file into a flash. A file that is not there yet, or is empty, begins as `fresh`.
    /// - Throws: `FileError`: unreadable, not to be written later, of another size than the flash (`.tooLarge`, `.unfit`),
    ///   or kept by another emulation (`.busy`).
    package static func open(
        _ path: String, id: FlashID, rest: Rest, fresh: () -> NORFlash
    ) throws(FileError) -> (file: FlashFile, flash: NORFlash) {
        // Now, and not when somebody has flashed for a minute.
        try FileStore.checkReplaceable(path: path)
        let lock = try FileLock(on: path)
        Leftovers.remove(beside: resolved(path) ?? path)
        let stamp = FileStamp(path: path)
        do {
            let (flash, content) = try read(path, id: id, rest: rest, fresh: fresh)
            let file = FlashFile(
                path: path, lock: lock, savedChanges: content.count == flash.byteCount ? flash.changes : nil,
                known: (stamp, content))
            return (file, flash)
        } catch  where error.code == .missing {
            let flash = rest == .erased ? NORFlash(id: id) : fresh()
            return (FlashFile(path: path, lock: lock, savedChanges: nil, known: nil), flash)
        }
    }

    /// A flash that begins as a file has it. - Throws: `FileError`: unreadable, or of another size than the flash.
    package static func flash(
        from path: String, id: FlashID, rest: Rest, fresh: () -> NORFlash
    ) throws(FileError) -> NORFlash {
        try read(path, id: id, rest: rest, fresh: fresh).flash
    }

    private static func read(
        _ path: String, id: FlashID, rest: Rest, fresh: () -> NORFlash
    ) throws(FileError) -> (flash: NORFlash, content: [UInt8]) {
        var flash = NORFlash(id: id)
        let content: [UInt8]
        do {
            content = try FileStore.read(path: path, limit: flash.byteCount)
        } catch  where error.code == .tooLarge {
            throw FileError(
                .tooLarge, path: path, "the file is larger than the flash \(id), which has \(flash.byteCount) bytes",
                remedy: "name a larger one with --flash-id (scenarios chips lists them)")
        }
        guard !content.isEmpty else { return (rest == .erased ? flash : fresh(), content) }
        guard content.count == flash.byteCount || rest == .erased || Self.beginsLikeAFlash(content) else {
            throw FileError(
                .unfit, path: path,
                "this is \(content.count) bytes, no flash \(id), which has \(flash.byteCount)", remedy: advice(content))
        }
        flash.load(content)
        return (flash, content)
    }

    /// Whether a file that is too short has the bootloader where a flash has it: what follows was cut off, and is erased.
    private static func beginsLikeAFlash(_ content: [UInt8]) -> Bool {
        content.dropFirst(PartitionTable.ubootAddress).starts(with: UBootHeader.magic)
            && content.count < 1 << 20
    }

    private static func advice(_ content: [UInt8]) -> String {
        let isSomeFlash = content.count >= 1 << 20 && content.count & (content.count - 1) == 0
        return isSomeFlash
            ? "name a flash of its size with --flash-id (scenarios chips lists them)"
            : "to put it into a flash, use solderless flash write; to take what follows as erased, add --erased"
    }

    /// Whether the flash has been erased or programmed since the file was written.
    package func isBehind(_ flash: NORFlash) -> Bool {
        flash.changes != savedChanges
    }

    /// Writes the flash to the file; beside it, if another program has changed that since. - Throws: `FileError`; the file
    /// is then as it was.
    package mutating func save(_ flash: NORFlash) throws(FileError) {
        let content = flash.contents
        let destination = otherPath ?? (hasChanged() ? unusedPath : path)
        let stamp = try FileStore.replace(path: destination, with: content.span)
        if destination == path { known = (stamp, content) } else { otherPath = destination }
        savedChanges = flash.changes
    }

    /// Writes the flash if it is not written yet, or if the file is not what was last written: then beside it.
    /// - Throws: `FileError`.
    package mutating func complete(_ flash: NORFlash) throws(FileError) {
        if isBehind(flash) || otherPath == nil && hasChanged() { try save(flash) }
    }

    /// What to tell when it lies beside the file; nil when it does not.
    package var complaint: FileError? {
        otherPath.map { other in
            FileError(
                .changed, path: path, "another program has changed the file meanwhile, and it stays as that left it",
                remedy: "what the chip holds is in \(other)")
        }
    }

    /// Whether another program has written to the file, or has put another one there. One that has taken it away has not:
    /// it is made anew.
    private mutating func hasChanged() -> Bool {
        guard let stamp = FileStamp(path: path), stamp != known?.stamp else { return false }
        // Touched, or copied over itself: that is no change.
        guard let known, let content = try? FileStore.read(path: path, limit: known.content.count),
            content == known.content
        else { return true }
        self.known = (stamp, content)
        return false
    }

    /// `FILE.solderless-1`, or the first after that which nothing has.
    private var unusedPath: String {
        var number = 1
        while statusWithoutFollowing("\(path).solderless-\(number)") != nil { number += 1 }
        return "\(path).solderless-\(number)"
    }
}
