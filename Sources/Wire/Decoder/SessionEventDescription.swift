import Words

/// Events in words, for a person. Built when asked for: most events of a long trace are never printed.
extension SessionEvent {
    /// One line without its end: what, where, how much.
    package var description: String {
        switch kind {
        case .noise: "noise, \(plural(byteCount, "byte"))"
        case .filler: "\(plural(byteCount, "zero byte"))"
        case .cutOff(let expected): "cut off, \(byteCount) of \(expected) bytes"
        case .payload(let done, let total) where done == total && byteCount == total: "payload, \(total) bytes"
        default: kind.description
        }
    }
}

extension SessionEvent.Kind: CustomStringConvertible {
    /// The same without what only the event knows.
    package var description: String {
        switch self {
        case .syncWord: "sync word"
        case .syncAnswer: "sync answer"
        case .amtWord(let digit):
            digit.map { "amt_ word, digit \(String(UnicodeScalar($0)))" } ?? "amt_ word, no digit"
        case .amtAnswer(let accepted): accepted ? "amt_ accepted (OK)" : "amt_ refused (FAILE)"
        case .downloadHeader(let header): Self.describe(header)
        case .filler: "zero bytes"
        case .headerAnswer(let accepted): accepted ? "header accepted" : "header refused"
        case .payload(let done, let total): "payload, \(done) of \(total) bytes"
        case .pieceAnswer(let number, let total): "piece \(number) of \(total) accepted"
        case .request(let request): request.description
        case .answer(let answer): answer.description
        case .uploadFrame(let count, let done, let total, let sum):
            "upload frame +\(count), \(done) of \(total)\(sum.remark)"
        case .xmodemReady: "C (receiver ready)"
        case .xmodemACK: "ACK"
        case .xmodemNAK: "NAK"
        case .xmodemEOT: "EOT"
        case .xmodemCancel: "CAN"
        case .xmodemCancelMark: "N (stream broken)"
        case .xmodemBlock(let block): block.description
        case .text(let bytes): "text \"\(Self.escaped(bytes))\""
        case .noise: "noise"
        case .cutOff(let expected): "cut off, \(expected) bytes expected"
        }
    }

    /// The kind without its values: the key of statistics and JSON.
    package var name: String {
        switch self {
        case .syncWord: "sync-word"
        case .syncAnswer: "sync-answer"
        case .amtWord: "amt-word"
        case .amtAnswer: "amt-answer"
        case .downloadHeader: "download-header"
        case .filler: "filler"
        case .headerAnswer: "header-answer"
        case .payload: "payload"
        case .pieceAnswer: "piece-answer"
        case .request(let request):
            switch request.body {
            case .data, .lateData: "data-frame"
            default: "request"
            }
        case .answer: "answer"
        case .uploadFrame: "upload-frame"
        case .xmodemReady: "xmodem-ready"
        case .xmodemACK: "xmodem-ack"
        case .xmodemNAK: "xmodem-nak"
        case .xmodemEOT: "xmodem-eot"
        case .xmodemCancel: "xmodem-cancel"
        case .xmodemCancelMark: "xmodem-cancel-mark"
        case .xmodemBlock: "xmodem-block"
        case .text: "text"
        case .noise: "noise"
        case .cutOff: "cut-off"
        }
    }

    /// All that `name` can say.
    package static let names = [
        "sync-word", "sync-answer", "amt-word", "amt-answer", "download-header", "filler", "header-answer", "payload",
        "piece-answer", "request", "data-frame", "answer", "upload-frame", "xmodem-ready", "xmodem-ack", "xmodem-nak",
        "xmodem-eot", "xmodem-cancel", "xmodem-cancel-mark", "xmodem-block", "text", "noise", "cut-off",
    ]

    private static func describe(_ header: DownloadHeader) -> String {
        let place = "\(hex(header.address)) +\(header.length)"
        return header.type == DownloadHeader.ramDownload
            ? "download header \(place)" : "download header \(place), type \(hex(header.type))"
    }

    private static func escaped(_ bytes: [UInt8]) -> String {
        bytes.map { byte in
            switch byte {
            case 0x0A: "\\n"
            case 0x0D: "\\r"
            case 0x09: "\\t"
            default: String(UnicodeScalar(byte))
            }
        }.joined()
    }
}

extension SessionEvent.SumVerdict {
    /// What follows a description.
    fileprivate var remark: String {
        switch self {
        case .right: ""
        case .stale: ", stale sum"
        case .wrong: ", wrong sum"
        }
    }
}

extension StubRequestSummary: CustomStringConvertible {
    /// `FLASH write 0x7000 +4096`.
    package var description: String {
        let sum = sumIsRight ? "" : ", wrong sum"
        return switch body {
        case .empty: "\(command)\(sum)"
        case .range(let address, let length): "\(command) \(hex(address)) +\(length)\(sum)"
        case .compressedRange(let address, let length, let level):
            "\(command) \(hex(address)) +\(length), level \(level)\(sum)"
        case .baud(let baud): "BAUD \(baud)\(sum)"
        case .data(let count, let again), .lateData(let count, let again, _, _):
            "data frame +\(count)\(again ? " again" : "")\(sum)"
        case .efuse(0, let address, let length): "EFUSE read \(hex(address)) +\(length)\(sum)"
        case .efuse(1, let address, let length): "EFUSE write \(hex(address)) +\(length)\(sum)"
        case .efuse(2, _, _): "EFUSE random key\(sum)"
        case .efuse(let operation, _, _): "EFUSE operation \(operation)\(sum)"
        case .efuseData(let count): "EFUSE data +\(count)\(sum)"
        case .bytes(let bytes) where bytes.isEmpty: "\(command) without a body\(sum)"
        case .bytes(let bytes): "\(command), body \(hexBytes(bytes))\(sum)"
        }
    }
}

extension StubAnswerSummary: CustomStringConvertible {
    /// `ERASE ack status 0`, `FLASH ID 1560EB (2 MB)`.
    package var description: String {
        if command == .unknown { return "refused: unknown type or wrong sum, status \(status.rawValue)" }
        guard !data.isEmpty else {
            let reason = status == .success ? "" : " (\(status))"
            return "\(command) ack status \(status.rawValue)\(reason)\(sum.remark)"
        }
        let failure = status == .success ? "" : ", status \(status.rawValue) (\(status))"
        return "\(command) \(content)\(failure)\(sum.remark)"
    }

    private var content: String {
        switch command {
        case .flashID where data.count >= 3:
            Self.describe(FlashID(manufacturer: data[0], type: data[1], sizeCode: data[2]))
        case .sha256: data.map { hexBytes([$0]) }.joined().lowercased()
        default: data.count > 8 ? "\(data.count) bytes" : hexBytes(data)
        }
    }

    private static func describe(_ id: FlashID) -> String {
        guard let byteCount = id.byteCount else { return "\(id) (unknown size)" }
        return "\(id) (\(byteCount >> 20) MB)"
    }
}

extension XMODEMBlockSummary: CustomStringConvertible {
    /// `block 4 again, wrong CRC`.
    package var description: String {
        "block \(number)\(dataByteCount == 1024 ? "" : " (\(dataByteCount) bytes)")"
            + "\(isRepeated ? " again" : "")\(isIntact ? "" : ", wrong CRC")"
    }
}

/// "1 byte", "3 bytes".
package func plural(_ count: Int, _ noun: String) -> String {
    "\(count) \(noun)\(count == 1 ? "" : "s")"
}
