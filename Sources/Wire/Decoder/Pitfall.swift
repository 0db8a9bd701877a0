import Words

/// A mistake that hosts make because the chip reads a message differently from what they mean, or because they read a message
/// that the chip did not send. Nothing on the wire shows it: what the chip does next looks like a bad line.
package enum Pitfall: Hashable, Sendable {
    /// A SYN frame found a mask ROM or uboot, which found the sync word in it (ECR6600 facts §13.10).
    case synFrameAtLoader
    /// The loader counts headers in twelves from its answer to the sync word, and `behind` bytes of another twelve
    /// came before this one (§1.4).
    case headerFromWrongByte(behind: Int)
    /// FF: a header of another type than 1 (§1.4).
    case headerOfOtherType(UInt32)
    /// FF: a header that was right; the loader counted from another byte (§1.4).
    case rightHeaderRefused
    /// FF: twelve bytes that were no header, sync words as a rule; no answer to a sync word (§1.4).
    case refusalIsNoSyncAnswer
    /// A byte that reads as an answer, and that the chip did not send: it came into being on the line, or was changed there.
    case notSent
    /// New data after a frame whose sum was wrong, which is written and counted anyway (§4.3).
    case newDataAfterBadSum
    /// A data frame after the end of its download, which is read as a start (§4.3).
    case dataReadAsStart(address: UInt32, length: UInt32)
    /// A start while a download waits for `missing` bytes, which is read as data (§4.3).
    case startReadAsData(missing: UInt32)
    /// Another command while a download waits for `missing` bytes: the stub looks for the download's frames alone (§4.3).
    case askedInDownload(StubCommand, missing: UInt32)
    /// A block of 128 bytes, which 91 does not take (§10).
    case shortBlock
    /// An address that is no multiple of 4 KB: nothing is erased, and the answer is success (§4.4).
    case erasedNothing(address: UInt32)
    /// A block whose first copy had been programmed: this one is programmed after it (§10).
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
        case .notSent: "not-sent"
        case .newDataAfterBadSum: "new-data-after-bad-sum"
        case .dataReadAsStart: "data-read-as-start"
        case .startReadAsData: "start-read-as-data"
        case .askedInDownload: "asked-in-download"
        case .shortBlock: "short-block"
        case .erasedNothing: "erased-nothing"
        case .blockTwice: "block-twice"
        case .fellIntoReset: "fell-into-reset"
        }
    }

    /// A few words, for a table.
    package var summary: String {
        switch self {
        case .synFrameAtLoader: "a loader took the SYN frame for a sync word"
        case .headerFromWrongByte, .rightHeaderRefused: "header counted from the wrong byte"
        case .headerOfOtherType: "header of another type than 1"
        case .refusalIsNoSyncAnswer: "FF taken for a sync answer"
        case .notSent: "the chip did not send it"
        case .newDataAfterBadSum: "a damaged frame was not sent again"
        case .dataReadAsStart: "data after the end read as a start"
        case .startReadAsData: "a start read as data"
        case .askedInDownload(let command, _): "\(command) inside a download"
        case .shortBlock: "blocks of 128 bytes are refused"
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
            "No stub runs: a mask ROM or uboot found the sync word in the SYN frame and reads what follows as a "
                + "header. To look for a stub, send a frame without the word, FLASH ID (A5 90 00 00 35)."
        case .headerFromWrongByte(let count):
            "The chip reads headers in blocks of twelve bytes after its 01, and \(plural(count, "byte")) came "
                + "before this one, so it misses it. Send nothing between 01 and the header; \(12 - count) zero "
                + "bytes now make it answer FF and start a new block."
        case .headerOfOtherType(let type):
            "Type \(type) is refused: only 1 loads into RAM. The next twelve bytes are read as a header."
        case .rightHeaderRefused:
            "The header is right, but the chip counts its twelve bytes from another position: a sync word crossed "
                + "its 01, or bytes got lost. Send no more sync words after 01. Zero bytes, one at a time until the "
                + "next FF, bring it back into step."
        case .refusalIsNoSyncAnswer:
            "FF does not answer a sync word; 01 does. A chip that is synchronised already answers FF to twelve "
                + "bytes that are not a header: send a header next, and no more sync words. FF also appears on a "
                + "line without a common ground."
        case .notSent:
            "The chip sent no such byte: it came into being on its way, or was changed there. Wires, ground and levels "
                + "are what to look at."
        case .newDataAfterBadSum:
            "The previous frame was damaged, and the flash now holds the damage: a stub writes and counts such a "
                + "frame anyway. Send it again with flag 1 before any new data."
        case .dataReadAsStart(let address, let length):
            "The download is over, so the stub reads this as a start, \(hex(address)) +\(length). If that is in "
                + "range, it erases it and waits for data until a reset. Do not repeat a last frame: write it with "
                + "a separate command."
        case .startReadAsData(let missing):
            "The stub still expects \(plural(Int(missing), "byte")) of data and takes this for 7 of them. Send what "
                + "was announced, or reset the chip."
        case .askedInDownload(let command, let missing):
            "The stub still expects \(plural(Int(missing), "byte")) of data and looks for frames with data alone, so "
                + "\(command) is never answered. Send what was announced, or reset the chip."
        case .shortBlock:
            "The stub takes blocks of 1024 bytes (STX) alone here and answers each byte of a shorter one with a NAK. "
                + "Send 1 KB blocks."
        case .erasedNothing(let address):
            "Nothing was erased, although it says success: \(hex(address)) is not a multiple of 0x1000."
        case .blockTwice(let number):
            "The chip had programmed block \(number) but its ACK was lost, and this copy is programmed 1 KB further "
                + "on: the rest of the write is shifted. Start the write again."
        case .fellIntoReset(let what):
            "\(what) was lost in the reset and is never answered: send it again, and next time a little later."
        }
    }
}
