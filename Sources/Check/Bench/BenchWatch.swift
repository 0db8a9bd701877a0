package import Emulator
import Faults
package import Flasher
package import Line
package import Scenarios
import Wire

/// Watches a bench at which somebody works with a flasher of their own, and knows whether a `BenchExpectation` holds.
///
/// It listens to the line, at the host's end, and is told what happens in the chip (`note`), what is plugged, and what the flash
/// holds; the flash before the bytes that were read of it. It asks for nothing: the bench's driver feeds it.
/// Its size does not depend on how long the session is, and how runs are cut makes no difference.
package struct BenchWatch: LineListener, Sendable {
    private var decoder = SessionDecoder()
    private var steps = EventSteps()
    /// Bytes of each end that belong to no message yet.
    private var hostBytes = Queue<UInt8>()
    private var chipBytes = Queue<UInt8>()
    private var damaged = DamagedBytes()
    /// Bytes that the host had received on this line before.
    private let earlierCount: Int
    private var transfers: FlashTransfers
    private var texts: HeardTexts
    private var contents: WatchedFlash

    private var hookup: Hookup
    /// Wires on pads that were moved with the supply switched on, and not again without it.
    private var movedLive: Set<Hookup.Wire> = []
    /// Whether one was moved since the supply was switched on, which it still is.
    private var isMovedUnderPower = false
    /// Counts changes of what is plugged and switched, and steps: what depends on these alone need be asked for no oftener.
    package private(set) var hookupChanges = 0
    private var isPowered = false
    private var hadPower = false
    /// Whether a host was asking when the power last came.
    private var wasAskedAtPower = false
    /// Whether the stub went with the power while a host was at work with it, which has not ended or got in again since.
    private var hasLostStub = false
    private var program: String?
    private var isPortOpen = false
    private var now = Instant.zero
    /// When the last byte crossed the line, either way.
    private var lastByte: Instant?

    /// Complete reads of the flash as it was when the lesson began.
    private var backupCount = 0
    private var asking = AskingHost()
    private var tally = StepTally()

    /// What is counted since a step began.
    private struct StepTally: Sendable {
        var sent: [Step: Int] = [:]
        /// Whole, as the chip sent it, where the chip is its sender.
        var whole: [Step: Int] = [:]
        var hasNoise = false
        var gaveUp = false
        var openCount = 0
        var powerCycleCount = 0
        var resetCount = 0
    }

    /// Bytes of the largest frame: one that is not complete has no name (ECR6600 facts §4.3).
    private static let largestFrame = 0xFFFF + StubRequest.headByteCount + 1

    /// A watch that begins with a lesson. - Parameters:
    ///   - hookup: what is plugged and switched then.
    ///   - flash: what it holds then.
    ///   - factory: what the plug came with.
    ///   - image: what the bench has for writing.
    ///   - texts: what may be asked for as `says`; nothing else is listened for.
    ///   - received: bytes that the host has received on the line before.
    package init(
        _ hookup: Hookup, flash: NORFlash, factory: NORFlash, image: [Segment], texts: [String], received: Int = 0
    ) {
        self.hookup = hookup
        contents = WatchedFlash(flash, factory: factory, image: image.map { ($0.address, $0.bytes) })
        self.texts = HeardTexts(texts)
        transfers = FlashTransfers(comparing: image.map { $0.address..<($0.address + $0.bytes.count) })
        earlierCount = received
    }

    /// A step of the lesson begins.
    package mutating func beginStep() {
        tally = StepTally()
        hookupChanges += 1
        (movedLive, isMovedUnderPower) = ([], false)
        asking.isAnswered()
        transfers.beginStep()
        texts.beginStep()
    }

    /// Time has passed, whether anything happened or not.
    package mutating func advance(to moment: Instant) { now = max(now, moment) }

    /// When one of these expectations may begin to hold though nothing happens any more; nil where that makes no difference.
    package func deadline(for expectations: [BenchExpectation]) -> Instant? {
        guard let lastByte else { return nil }
        return expectations.compactMap(\.longestQuiet).map(lastByte.advanced).filter { $0 > now }.min()
    }

    // MARK: The bench

    /// Something is plugged, pulled or switched.
    package mutating func note(_ hookup: Hookup) {
        guard hookup != self.hookup else { return }
        hookupChanges += 1
        let isLive = self.hookup.isSupplyOn && hookup.isSupplyOn
        if !hookup.isSupplyOn { isMovedUnderPower = false }
        for wire in hookup.movedWires(since: self.hookup) {
            if isLive { movedLive.insert(wire) } else { movedLive.remove(wire) }
            isMovedUnderPower = isMovedUnderPower || isLive
        }
        // What hangs loose without power has done what it could.
        if !hookup.isSupplyOn { movedLive = movedLive.filter { hookup[$0] != nil } }
        self.hookup = hookup
        // How long nothing has answered says something of the bench as it stands.
        asking.isAnswered()
    }

    /// Wires of which `movedLive` speaks, in their usual order.
    package var wiresMovedLive: [Hookup.Wire] { Hookup.Wire.allCases.filter(movedLive.contains) }

    /// What the flash's changes were counted to when it was last noted (`NORFlash.changes`): only another one need be noted.
    package var flashChanges: Int { contents.flash.changes }

    /// The flash, where it may have changed.
    package mutating func note(_ flash: NORFlash) {
        transfers.flashChanged(contents.note(flash))
    }

    /// Something happened in the chip.
    package mutating func note(_ event: ChipEvent) {
        switch event.kind {
        case .power(let isOn):
            if !isOn, isStub, asking.isSending(at: event.time, pause: Self.working) { hasLostStub = true }
            if !isOn || !hasCrossed(since: event.time) { restart() }
            if isOn, hadPower { tally.powerCycleCount += 1 }
            if isOn { wasAskedAtPower = asking.isSending(at: event.time) }
            (isPowered, hadPower) = (isOn, hadPower || isOn)
            if !isOn { tally.openCount = 0 }
        case .reset(let isHeld):
            if isHeld || !hasCrossed(since: event.time) { restart() }
            if isHeld { tally.resetCount += 1 }
        case .loader(let name):
            program = name
            if isStub { hasLostStub = false }
            texts.interrupt()
        default: break
        }
    }

    /// Who has sent nothing for longer may have ended. An assumption: hosts say more often that they have got a block.
    private static let working = Duration.seconds(1)

    private var isStub: Bool { program?.hasPrefix("stub") ?? false }

    /// What happens in the chip is told after what has crossed the line meanwhile: a sync word may be in the midst of its way.
    private func hasCrossed(since moment: Instant) -> Bool { lastByte.map { $0 > moment } ?? false }

    private mutating func restart() {
        program = nil
        texts.interrupt()
        decoder.restart()
        takeMessages()
        steps.restart()
        transfers.interrupt()
    }

    // MARK: The line

    package mutating func sent(_ run: Span<UInt8>, _ timing: RunTiming, _ direction: Direction) {
        guard direction == .hostToChip, !run.isEmpty else { return }
        asking.asks(from: timing.start, to: timing.end(of: run.count), hasPower: isPowered)
        hostBytes.append(contentsOf: run)
        crosses(until: timing.end(of: run.count))
        feed(run, .hostToChip, timing)
    }

    package mutating func received(_ run: Span<UInt8>, _ timing: RunTiming) {
        guard !run.isEmpty else { return }
        if isApplication { texts.take(run) }
        chipBytes.append(contentsOf: run)
        crosses(until: timing.end(of: run.count))
        feed(run, .chipToHost, timing)
    }

    private mutating func crosses(until end: Instant) { lastByte = max(lastByte ?? end, end) }

    package mutating func happened(_ event: LineEvent) {
        switch event.kind {
        case .difference(let difference):
            damaged.note(difference)
            if difference.direction == .chipToHost, difference.hostCount > 0 { tally.hasNoise = true }
        case .portOpened:
            if !isPortOpen { tally.openCount += 1 }
            isPortOpen = true
            asking.interrupt()
            hasLostStub = false
            // What the one before left unfinished is nothing that this one goes on with.
            decoder.finish()
            takeMessages()
        case .portClosed:
            isPortOpen = false
            if asking.isTired { tally.gaveUp = true }
            asking.interrupt()
            hasLostStub = false
            transfers.interrupt()
        default: break
        }
    }

    /// Whether the firmware runs: only that prints something of its own.
    private var isApplication: Bool { program?.hasPrefix("application") ?? false }

    private mutating func feed(_ run: Span<UInt8>, _ direction: Direction, _ timing: RunTiming) {
        decoder.feed(run, direction, stamp: timing.start.nanoseconds)
        // Of an image that nobody answers, what has come is told in parts.
        if hostBytes.count > Self.largestFrame { decoder.tellSoFar() }
        takeMessages()
    }

    private mutating func takeMessages() {
        while let event = decoder.nextEvent() {
            if event.direction == .hostToChip { takeOfHost(event) } else { takeOfChip(event) }
        }
    }

    private mutating func takeOfHost(_ event: SessionEvent) {
        var message: [UInt8] = []
        hostBytes.take(min(event.byteCount, hostBytes.count), into: &message)
        if let (step, count) = steps.note(event) {
            tally.sent[step, default: 0] += count
            tally.whole[step, default: 0] += count
        }
        transfers.note(event, message, isDamaged: false, contents.flash)
    }

    private mutating func takeOfChip(_ event: SessionEvent) {
        var message: [UInt8] = []
        chipBytes.take(min(event.byteCount, chipBytes.count), into: &message)
        let start = event.offset + earlierCount
        let isDamaged = damaged.touch(start..<(start + event.byteCount))
        damaged.forget(before: start + event.byteCount)
        let step = steps.note(event)
        if let (step, count) = step, !isDamaged, !isRefusal(event.kind) {
            tally.whole[step, default: 0] += count
            asking.isAnswered()
        }
        let before = transfers.backupCount
        transfers.note(event, message, isDamaged: isDamaged, contents.flash)
        // What is read after something was written is no way back.
        guard transfers.backupCount > before, contents.isAsAtBeginning else { return }
        backupCount += 1
        contents.noteBackup()
    }
}

// MARK: - What holds

extension BenchWatch {
    /// Whether a stub says that it does not know the command (ECR6600 facts §4.1, §4.2): another program's, as a rule.
    private func isRefusal(_ kind: SessionEvent.Kind) -> Bool {
        if case .answer(let answer) = kind { answer.command == .unknown } else { false }
    }

    /// Whether all of it holds now.
    package func holds(_ expectation: BenchExpectation) -> Bool {
        // No closures: they would copy all of this.
        for condition in expectation.conditions where !holds(condition) { return false }
        return true
    }

    private func holdsOne(of choices: [BenchExpectation]) -> Bool {
        for choice in choices where holds(choice) { return true }
        return false
    }

    private func holds(_ condition: BenchExpectation.Condition) -> Bool {
        switch condition {
        case .wire(let wire, let pad): hookup[wire] == pad
        case .adapter(let level): hookup.adapterLevel == level
        case .supply(let isOn): hookup.isSupplyOn == isOn
        case .power(let isOn): isPowered == isOn
        case .runs(let name): program?.hasPrefix(name) ?? false
        case .movedLive(let isAny): movedLive.isEmpty != isAny
        case .movedUnderPower(let isAny): isMovedUnderPower == isAny
        case .port(let isOpen): isPortOpen == isOpen
        case .faults(let names): Set(hookup.switchedOn.map(\.name)) == names
        case .flash(let wanted): contents.holds(wanted)
        case .askedAtPower(let wasIt): wasAskedAtPower == wasIt
        case .lostStub(let isIt): hasLostStub == isIt
        case .readsPart(let isIt): transfers.readsPart == isIt
        case .quiet(let time): lastByte.map { $0.duration(to: now) >= time } ?? true
        case .step(let step, let count): Self.count(of: step, in: tally.whole) >= count
        case .hostSends(let step, let count): Self.count(of: step, in: tally.sent) >= count
        case .hostReceivesNoise: tally.hasNoise
        case .silence(let time): asking.silence >= time
        case .givesUp(let hasIt): tally.gaveUp == hasIt
        case .opens(let count): tally.openCount >= count
        case .powerCycles(let count): tally.powerCycleCount >= count
        case .resets(let count): tally.resetCount >= count
        case .comparisons(let count): transfers.comparisonCount >= count
        case .backups(let count): backupCount >= count
        case .verified(let isIt): transfers.isVerified == isIt
        case .says(let text): texts.isHeard(text)
        case .any(let choices): holdsOne(of: choices)
        case .not(let other): !holds(other)
        }
    }

    /// The frame that changes the rate is a command among others.
    private static func count(of wanted: Step, in counts: [Step: Int]) -> Int {
        counts.reduce(0) { $1.key == wanted || $1.key.counted == wanted ? $0 + $1.value : $0 }
    }
}
