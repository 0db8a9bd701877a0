import Wire

// Commands that every stub knows, as questions (ECR6600 facts §4.2, §4.3).
extension StubQuestion {
    /// SYN (00) with its word, `A5 00 04 00 63 6E 79 73 66`.
    ///
    /// Not for a line on which a ROM or uboot may listen: the word in it is their sync word.
    static func syn(_ settings: FlasherSettings, attempts: Int) -> StubQuestion {
        StubQuestion(
            StubRequest(.syn, body: BootProtocol.syncWord), patience: settings.stubCheckTimeout, attempts: attempts,
            strayTimeout: settings.stubCheckTimeout)
    }

    /// FLASH UPLOAD (03), at most 32 KB, which come in one frame.
    static func upload(_ range: Range<Int>, _ settings: FlasherSettings) -> StubQuestion {
        precondition(range.count <= 0x8000, "an upload this long has no sum that says anything")
        return StubQuestion(
            StubRequest(.flashUpload, address: UInt32(range.lowerBound), length: UInt32(range.count)),
            dataByteCount: range.count, patience: settings.answerTimeout, attempts: settings.blockAttempts,
            strayTimeout: settings.strayTimeout)
    }

    /// EFUSE (08), operation 0: all 128 bytes. Its answer is the only one without a status byte.
    static func efuse(_ settings: FlasherSettings) -> StubQuestion {
        var body: [UInt8] = []
        for word: UInt16 in [0, 0, UInt16(EFuseMap.byteCount)] { body.append(littleEndian: word) }
        var question = StubQuestion(
            StubRequest(.efuse, body: body), dataByteCount: EFuseMap.byteCount, patience: settings.answerTimeout,
            attempts: settings.commandAttempts, strayTimeout: settings.strayTimeout)
        question.carriesStatus = false
        return question
    }

    /// EFUSE DUMP (99), the community stub's own (§10): the same 128 bytes in an answer like all others.
    static func efuseDump(_ settings: FlasherSettings) -> StubQuestion {
        StubQuestion(
            StubRequest(.efuseDump), dataByteCount: EFuseMap.byteCount, patience: settings.answerTimeout,
            attempts: settings.commandAttempts, strayTimeout: settings.strayTimeout)
    }
}
