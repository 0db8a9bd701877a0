/// What a message is for and what follows from it: a sentence or two for somebody who has not seen one before.
extension SessionEvent.Kind {
    /// It depends on the kind alone, so that there are only so many.
    package var meaning: String {
        switch self {
        // ECR6600 facts §1.4, §11.4.
        case .syncWord:
            "Is a loader listening? A mask ROM or uboot answers 01. A running stub skips the word without an answer."
        case .syncAnswer:
            "A loader has heard the sync word. From here on it reads what it receives in headers of twelve bytes, and "
                + "waits for the first without a limit."
        case .amtWord:
            "With a digit at its end uboot answers OK and goes on booting at once. Without one it answers FAILE and "
                + "waits for a header."
        case .amtAnswer(true): "uboot has taken the digit and goes on booting: its window is over."
        case .amtAnswer(false): "uboot found no digit. It now waits for a header, as after a sync word."
        case .downloadHeader:
            "Announces a RAM image: type, address, length. A loader takes type 1 alone, puts the image at 0x10000 "
                + "whatever the address says, and answers 00, or FF if it does not take it."
        case .headerAnswer(true): "The header is accepted; the image comes next."
        case .headerAnswer(false):
            "FF: the twelve bytes that the loader read were no header of type 1. It reads the next twelve."
        // §11.1.
        case .filler: "Completes a header of which the chip may have lost some bytes, so that it answers again."
        // §1.4.
        case .payload:
            "The RAM image, a stub as a rule. The loader answers 00 for each 1024 bytes and starts it after the last."
        case .pieceAnswer:
            "The next 1024 bytes of the image have come; the last piece may be shorter. There is no checksum: what "
                + "came may be wrong."
        case .request(let request): request.meaning
        case .answer(let answer): answer.meaning
        // §4.3.
        case .uploadFrame:
            "Contents of the flash. The stub sends one frame after the other and waits for nothing in between."
        // §10.
        case .xmodemReady: "The receiver is ready for blocks with a CRC: the sender may begin."
        case .xmodemACK: "The receiver has taken the block; of an EOT, the transfer is over."
        case .xmodemNAK: "The receiver refuses what came, and the sender sends the block again."
        case .xmodemEOT: "All blocks have been sent. The sender repeats it until an ACK comes."
        case .xmodemCancel: "The transfer is given up."
        case .xmodemCancelMark: "The compressed stream is broken, or goes beyond the range: the stub has given up."
        case .xmodemBlock:
            "A piece of the data with its number and a CRC. A stub that writes programs each intact block behind the one "
                + "before, whatever its number."
        case .text: "What a loader or an application prints."
        case .noise:
            "Bytes without a meaning here: a bad line, the rest of a message, or another program."
        case .cutOff: "The session ended, or the chip's power went, in the middle of this message."
        }
    }
}

extension StubRequestSummary {
    /// ECR6600 facts §4.1 to §4.4, §10.
    fileprivate var meaning: String {
        switch body {
        case .data, .lateData:
            return "Data for the write that is under way. The stub programs it before it answers; with flag 1 it "
                + "programs it in the place of the frame before."
        case .efuseData: return "What is to be burnt into the eFuse."
        default: break
        }
        return switch command {
        case .syn: "Is a stub running? A mask ROM or uboot finds the sync word in it."
        case .ramDownload: "Announces data for RAM; data frames follow, each with an answer."
        case .flashDownload: "The stub erases the range, answers, and waits for data frames until all of it has come."
        case .flashUpload: "Reads the flash: the stub sends the range in frames of up to 64 KB."
        case .erase:
            "Erases sectors of 4 KB. At an address between two sectors nothing is erased, and the answer is success."
        case .chipErase: "Erases the whole flash, the MAC in it included."
        case .run: "Ends the stub: the chip boots what is in its flash."
        case .baud: "The stub changes to the new rate at once and answers at that rate 50 ms later."
        case .efuse: "Reads or burns the eFuse. What is burnt stays."
        case .sha256: "Asks for the SHA-256 of a range of the flash: proof of what is in it."
        case .macToNV: "Writes the MAC into the NV partition nv_amt."
        case .flashID: "Asks which flash it is; without a sync word in it, the safe way to look for a running stub."
        case .xmodemWrite: "The stub answers, waits 100 ms, erases the range and sends C; then it takes blocks."
        case .xmodemWriteCompressed: "The same as XMODEM write, with blocks of one raw deflate stream."
        case .xmodemRead:
            "The stub answers and waits for C without a limit; then it sends blocks, each to be acknowledged within 300 ms."
        case .xmodemReadCompressed:
            "Reads the flash as one raw deflate stream in blocks, each to be acknowledged within 500 ms."
        case .xmodemReadMemory: "Reads the processor's memory in blocks, as XMODEM read does the flash."
        case .efuseDump: "Asks for all 128 bytes of the eFuse."
        default: "A command that no known stub has: it is refused."
        }
    }
}

extension StubAnswerSummary {
    /// ECR6600 facts §4, §4.2, §4.4.
    fileprivate var meaning: String {
        if command == .unknown { return "The stub does not know the command, or its sum was wrong: nothing was done." }
        return switch (status, command) {
        case (.success, .flashID): "Manufacturer, type and size code of the flash."
        case (.success, .sha256): "The SHA-256 of the range, as the stub reads its flash."
        case (.success, .flashDownload), (.success, .erase), (.success, .chipErase):
            "Success. A stub does not read back what it has erased or written: only a SHA-256 proves it."
        case (.success, .baud): "The first answer at the new rate."
        case (.success, _): "Success."
        case (.address, _): "Refused: the range goes beyond the end."
        case (.length, _): "Refused: a length that the command does not take."
        case (.type, _): "Refused: a type that the stub does not know, or a wrong sum."
        case (.checksum, _): "The sum was wrong. Data is written and counted anyway: send the frame again with flag 1."
        default: "The stub could not do it."
        }
    }
}
