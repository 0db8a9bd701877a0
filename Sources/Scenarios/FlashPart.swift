package import Emulator
package import Wire

/// A flash as the vendor's sources know it (ECR6600 facts §5).
package struct FlashPart: Hashable, Sendable {
    package var name: String
    package var id: FlashID
    package var byteCount: Int
    package var times: FlashTimings

    package init(name: String, id: FlashID, byteCount: Int, times: FlashTimings) {
        self.name = name
        self.id = id
        self.byteCount = byteCount
        self.times = times
    }
}

/// The parts that can be named.
package struct FlashParts: Hashable, Sendable {
    /// In the order of the file.
    package var parts: [FlashPart]

    package init(_ parts: [FlashPart] = []) {
        self.parts = parts
    }

    /// The part of that name.
    package subscript(name: String) -> FlashPart? { parts.first { $0.name == name } }

    /// The first part with that id.
    package subscript(id: FlashID) -> FlashPart? { parts.first { $0.id == id } }
}
