import Emulator
import Files
import Images
import Lessons
import Synchronization
import Wire
import Words

/// The image that the built-in flasher writes: one that somebody has uploaded, or the lessons'.
final class ImageSlot: Sendable {
    struct Image: Hashable, Sendable {
        var path: String
        /// Whether it is a whole flash; otherwise it says itself where its parts go.
        var isWholeFlash: Bool
    }

    /// Bytes of an upload.
    static let mostBytes = 4 << 20

    private let folder: String
    private let flashByteCount: Int
    private let uploaded = Mutex<Image?>(nil)

    init(folder: String, flashByteCount: Int) {
        self.folder = folder
        self.flashByteCount = flashByteCount
    }

    /// Whether one has been uploaded.
    var isFilled: Bool { uploaded.withLock { $0 != nil } }

    /// What is written. - Throws: `FileError`.
    func image() throws -> Image {
        if let image = uploaded.withLock({ $0 }) { return image }
        let path = "\(folder)/sample.bin"
        if FileStore.byteCount(path: path) == nil {
            let bytes = LessonImage.openBeken(byteCount: flashByteCount).file
            try FileStore.replace(path: path, with: bytes.span)
        }
        return Image(path: path, isWholeFlash: false)
    }

    /// Takes an upload. - Throws: `WebRefusal` for what nobody could say where it goes; `FileError`.
    func take(_ bytes: [UInt8]) throws -> JSONValue {
        let isWhole = bytes.count == flashByteCount
        if !isWhole {
            guard bytes.starts(with: AllInOneImage.magic) else {
                throw WebRefusal(
                    .unprocessableContent,
                    "this is neither an all-in-one image nor the whole flash (\(flashByteCount) bytes): nobody knows where it goes"
                )
            }
            do throws(WireError) {
                _ = try AllInOneImage(parsing: bytes.span)
            } catch {
                throw WebRefusal(.unprocessableContent, "this all-in-one image is damaged: \(error)")
            }
        }
        let image = Image(path: "\(folder)/image.bin", isWholeFlash: isWhole)
        try FileStore.replace(path: image.path, with: bytes.span)
        uploaded.withLock { $0 = image }
        return .object([
            .init("byteCount", .integer(Int64(bytes.count))),
            .init("kind", .string(isWhole ? "whole flash" : "all-in-one image")),
        ])
    }
}
