import Words

/// A mistake that hosts make because the chip reads a message otherwise than they mean it. Nothing on the wire says so:
/// what the chip does next looks like a bad line.
package enum Pitfall: Hashable, Sendable {
    /// A SYN frame found a mask ROM or uboot, which found the sync word in it (ECR6600 facts §13.10).
    case synFrameAtLoader
    /// The loader counts headers in twelves from its answer to the sync word, and so many bytes of another twelve came
    /// before this one (§1.4).
    case headerFromWrongByte(behind: Int)
    /// FF: a header of another type than 1 (§1.4).
    case headerOfOtherType(UInt32)
    /// FF: a header that was right; the loader counted from another byte (§1.4).
    case rightHeaderRefused
    /// FF: twelve bytes that were no header, sync words as a rule; no answer to a sync word (§1.4).
    case refusalIsNoSyncAnswer
    /// Data behind a frame whose sum was wrong, which is written and counted all the same (§4.3).
    case newDataAfterBadSum
    /// A data frame behind the end of its download, which is read as a start (§4.3).
    case dataReadAsStart(address: UInt32, length: UInt32)
    /// A start while a download waits for so many bytes, which is read as data (§4.3).
    case startReadAsData(missing: UInt32)
    /// An address that is no multiple of 4 KB: nothing is erased, and the answer is success (§4.4).
    case erasedNothing(address: UInt32)
    /// A block whose first copy had been programmed: this one is programmed behind it (§10).
    case blockTwice(UInt8)
    /// A message, named here, that came while the loader was about to reset its receive FIFO (§1.4, §4, §4.3).
    case fellIntoReset(String)

    /// A word to sort by, as JSON has it.
    package var name: String {
        switch self {
        case .synFrameAtLoader: "syn-frame-at-loader"
        case .headerFromWrongByte: "header-from-wrong-byte"
        case .headerOfOtherType: "header-of-other-type"
        case .rightHeaderRefused: "right-header-refused"
        case .refusalIsNoSyncAnswer: "refusal-is-no-sync-answer"
        case .newDataAfterBadSum: "new-data-after-bad-sum"
        case .dataReadAsStart: "data-read-as-start"
        case .startReadAsData: "start-read-as-data"
        case .erasedNothing: "erased-nothing"
        case .blockTwice: "block-twice"
        case .fellIntoReset: "fell-into-reset"
        }
    }

    /// A few words, for a table.
    package var summary: String {
        switch self {
        case .synFrameAtLoader: "a loader took the SYN frame for a sync word"
        case .headerFromWrongByte, .rightHeaderRefused: "header counted from a wrong byte"
        case .headerOfOtherType: "header of another type than 1"
        case .refusalIsNoSyncAnswer: "FF taken for a sync answer"
        case .newDataAfterBadSum: "a damaged frame was not sent again"
        case .dataReadAsStart: "data behind the end read as a start"
        case .startReadAsData: "a start read as data"
        case .erasedNothing: "erased nothing"
        case .blockTwice(let number): "block \(number) programmed twice"
        case .fellIntoReset: "fell into a FIFO reset"
        }
    }
}

extension Pitfall: CustomStringConvertible {
    /// What the chip does, and what a host does better: a sentence or two.
    package var description: String {
        switch self {
        case .synFrameAtLoader:
            "No stub runs: a mask ROM or uboot found the sync word in the SYN frame and takes all that follows for a "
                + "header. To look for a stub send a frame without the word in it, FLASH ID (A5 90 00 00 35)."
        case .headerFromWrongByte(let count):
            "The chip counts headers in twelves from its 01, and \(plural(count, "byte")) came before this one: it will "
                + "not see it. Send nothing between 01 and the header; \(12 - count) zero bytes now make it say FF and "
                + "count anew."
        case .headerOfOtherType(let type):
            "Type \(type) is refused: only 1 loads into RAM. The next twelve bytes are read as a header."
        case .rightHeaderRefused:
            "The header is right; the chip counts its twelve bytes from another one. A sync word crossed its 01, or "
                + "bytes got lost: after 01 send no more words. Zero bytes, one at a time until the next FF, bring it "
                + "into step."
        case .refusalIsNoSyncAnswer:
            "FF is no answer to a sync word, 01 is. A chip that is synchronised already says FF behind twelve bytes that "
                + "are no header: send a header next, and no more words. A line without a ground says it, too."
        case .newDataAfterBadSum:
            "The frame before was damaged, and stands in the flash with its damage: a stub writes and counts it all the "
                + "same. Send it again with flag 1 before any new data."
        case .dataReadAsStart(let address, let length):
            "The download is over: the stub reads this as a start, \(hex(address)) +\(length). Is that in range, it "
                + "erases it and waits for data until a reset. Do not repeat a last frame: write it by a command of its "
                + "own."
        case .startReadAsData(let missing):
            "The stub waits for \(plural(Int(missing), "byte")) of data and takes this for 7 of them. Send what was "
                + "announced, or reset the chip."
        case .erasedNothing(let address):
            "Nothing was erased, for all that it says success: \(hex(address)) is no multiple of 4 KB (0x1000)."
        case .blockTwice(let number):
            "The chip had programmed block \(number), its ACK got lost, and this copy goes 1 KB behind it: the rest of "
                + "the write is shifted. Begin the write anew."
        case .fellIntoReset(let what):
            "\(what) fell into it and is never answered: send it again, and next time a little later."
        }
    }
}
