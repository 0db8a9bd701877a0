package import Line
package import Wire

/// The flash answers another id than its own: a bad contact on its wires, or a part that is not what its print says. Its
/// contents and its size stay, and a loader takes the size that the id stands for (ECR6600 facts §4, first table).
package struct WrongFlashID: FlashFault {
    package static let summary = FaultSummary(
        "wrong-flash-id", "The flash's id is read as another; its size and contents are what they are.",
        parameters: [
            FaultParameter(
                "id", in: .flashID, 0...0xFF_FFFF, standard: 0x1440C8,
                about: "size code, type, manufacturer; FFFFFF is no flash at all")
        ])

    private let settings: FaultSettings

    package init(_ settings: FaultSettings) {
        self.settings = settings
    }

    package var id: FlashID? {
        let value = settings["id"]
        return FlashID(
            manufacturer: UInt8(truncatingIfNeeded: value), type: UInt8(truncatingIfNeeded: value >> 8),
            sizeCode: UInt8(truncatingIfNeeded: value >> 16))
    }
}
