import Wire

/// How ROM and uboot look for a sync word: two patterns at once, one byte at a time, each with a counter of its own. A byte
/// that advances one pattern clears the other's counter; one that fits neither's next place clears both and is not looked
/// at again as a first byte: "cccnys" is taken, "cncnys" and "cnamys" are not (ECR6600 facts §1.4).
struct SyncMatcher {
    enum Match {
        case sync
        case amt
    }

    /// uboot also knows "amt_"; the mask ROM does not (§3).
    let acceptsAmt: Bool
    private var syncCount = 0
    private var amtCount = 0

    init(acceptsAmt: Bool) {
        self.acceptsAmt = acceptsAmt
    }

    /// The pattern that `byte` completes, if it does.
    mutating func feed(_ byte: UInt8) -> Match? {
        if Self.advance(&syncCount, along: BootProtocol.syncWord, by: byte) { return .sync }
        if acceptsAmt, Self.advance(&amtCount, along: BootProtocol.amtWord, by: byte) { return .amt }
        return nil
    }

    /// - Returns: whether the pattern is complete; it then begins anew.
    private static func advance(_ count: inout Int, along pattern: [UInt8], by byte: UInt8) -> Bool {
        count = byte == pattern[count] ? count + 1 : 0
        guard count == pattern.count else { return false }
        count = 0
        return true
    }
}
