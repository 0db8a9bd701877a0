import Wire

/// How ROM and uboot look for a sync word: two patterns at once, one byte at a time. A byte that fits neither clears both
/// counters and is not looked at again as a first byte: "cccnys" is taken, "cncnys" is not (ECR6600 facts §1.4). A byte
/// that fits one pattern leaves the other's counter alone; whether it does on the chip is not known.
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
        if byte == BootProtocol.syncWord[syncCount] {
            syncCount += 1
            guard syncCount == BootProtocol.syncWord.count else { return nil }
            reset()
            return .sync
        }
        if acceptsAmt, byte == BootProtocol.amtWord[amtCount] {
            amtCount += 1
            guard amtCount == BootProtocol.amtWord.count else { return nil }
            reset()
            return .amt
        }
        reset()
        return nil
    }

    private mutating func reset() {
        syncCount = 0
        amtCount = 0
    }
}
