import Wire

// The exchanges that are one command and its answer. All of them may be repeated: asking twice does the same as once.

/// FLASH ID (90) after an upload. A stub sends nothing when it has started (ECR6600 facts §4), so it is asked until it
/// answers.
func identify(_ settings: FlasherSettings) -> Command {
    let question = StubQuestion(
        StubRequest(.flashID), dataByteCount: 4, patience: settings.stubCheckTimeout,
        attempts: settings.identifyAttempts, strayTimeout: settings.stubCheckTimeout)
    var command = Command(
        question,
        remedy: "Was it a stub for the ECR6600, and the community one? \(Fault.powerCycle)"
    ) { answer in
        .flash(FlashID(manufacturer: answer.data[0], type: answer.data[1], sizeCode: answer.data[2]))
    }
    command.meanwhile = .unknown
    return command
}

/// SHA-256 (09) over a range, from the chip (ECR6600 facts §4.3).
func hash(_ range: Range<Int>, _ settings: FlasherSettings) -> Command {
    let question = StubQuestion(
        StubRequest(.sha256, address: UInt32(range.lowerBound), length: UInt32(range.count)),
        dataByteCount: 32, patience: settings.hashTimeout, attempts: settings.commandAttempts,
        strayTimeout: settings.strayTimeout)
    return Command(question, remedy: "Nothing could be verified. \(Fault.powerCycle)") { .digest($0.data) }
}

/// ERASE (04) over a range, which the caller has aligned to sectors: an unaligned erase reports success and erases
/// nothing (ECR6600 facts §4.4, §10).
func erase(_ range: Range<Int>, _ settings: FlasherSettings) -> Command {
    let question = StubQuestion(
        StubRequest(.erase, address: UInt32(range.lowerBound), length: UInt32(range.count)),
        patience: settings.answerTimeout + settings.sectorEraseTimeout * (range.count / SectorPlan.sectorByteCount),
        attempts: settings.commandAttempts, strayTimeout: settings.chipEraseTimeout)
    return Command(question, remedy: Fault.powerCycle) { _ in .nothing }
}

/// CHIP ERASE (05), `A5 05 00 00 AA` (ECR6600 facts §4.2).
func eraseChip(_ settings: FlasherSettings) -> Command {
    let question = StubQuestion(
        StubRequest(.chipErase), patience: settings.chipEraseTimeout, attempts: 2,
        strayTimeout: settings.chipEraseTimeout)
    return Command(question, remedy: Fault.powerCycle) { _ in .nothing }
}

/// RUN (06), `A5 06 00 00 AB`: answered at the current baud, then the chip starts from its flash at 115200
/// (ECR6600 facts §4.2).
func reboot(_ settings: FlasherSettings) -> Command {
    let question = StubQuestion(
        StubRequest(.run), patience: settings.answerTimeout, attempts: settings.commandAttempts,
        strayTimeout: settings.strayTimeout)
    return Command(
        question, remedy: "It may have started all the same, its answer lost. Switch the power off and on."
    ) { _ in .nothing }
}
