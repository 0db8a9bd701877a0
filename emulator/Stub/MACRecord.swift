import Images
import Wire

/// 0C: writes a MAC as text under the key `mac` into the partition `nv_amt` (ECR6600 facts §4.3; stub 1.3.11 only).
enum MACRecord {
    private static let partition = "nv_amt"
    private static let key = "mac"
    /// "xx:xx:xx:xx:xx:xx": so much of the transfer buffer is stored, whatever the body's length. That 0C has no check of
    /// its own, like the other commands, is an assumption.
    static let textByteCount = 17

    /// Stores it, and takes the flash's time for it.
    static func store(_ text: ArraySlice<UInt8>, _ processor: inout Processor) -> StubStatus {
        // A multicast address: the lowest bit of the second character, not of its value.
        guard text[text.startIndex + 1] & 1 == 0 else { return .mac }
        let table = processor.flash.bytes(0..<PartitionTable.byteCount)
        guard let place = (try? PartitionTable(parsing: table.span))?[partition]?.range,
            place.upperBound <= processor.flash.byteCount,
            place.lowerBound % NORFlash.sectorByteCount == 0, place.count % NORFlash.sectorByteCount == 0
        else { return .error }
        let stored = processor.flash.bytes(place)
        guard let renewed = try? NVPartition(parsing: stored.span).setting(key, to: Array(text)) else { return .error }
        processor.erase(
            ErasePiece(
                size: .sector, address: place.lowerBound, count: place.count / NORFlash.sectorByteCount))
        processor.program(renewed.span, at: place.lowerBound)
        return .success
    }
}
