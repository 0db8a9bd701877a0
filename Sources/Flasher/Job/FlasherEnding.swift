import Line
import Wire
import Words

// How a job ends, and what is said then.
extension Flasher {
    /// Takes what made the current exchange fail.
    mutating func take(_ fault: Fault) {
        switch current {
        case .restoreBaud?:
            // What the job was about is done and verified; the next one needs a power cycle, that is all.
            exchange = nil
            port.retry("\(fault.what) The next job needs a power cycle.")
            take(.nothing)
        case .identify? where isUploadUnconfirmed && port.now < (syncEnd ?? .zero):
            // Where noise has accepted a header, a loader may still wait for its sync word.
            unidentified = failure(fault)
            port.retry("no stub answers, and no piece of it was acknowledged; synchronising again")
            queue.insert(contentsOf: [.synchronise, .uploadStub, .identify], at: 0)
            beginNext()
        case .synchronise? where unidentified != nil:
            // There was no loader after all: what is known is that the stub was sent and is silent.
            pendingFailure = unidentified
            windUp()
        case .synchronise? where settings.workingBaud != port.baud && !hasLookedAtWorkingBaud:
            silence = failure(fault)
            lookAtWorkingBaud("no loader")
            beginNext()
        default: fail(fault)
        }
    }

    /// Ends the job, after the stub has been brought into a state as good as can be had.
    mutating func fail(_ fault: Fault) {
        pendingFailure = failure(fault)
        if [.stubInReceiver, .stubInDownload].contains(port.chip.program) { abandonThenWindUp() } else { windUp() }
    }

    mutating func abandonThenWindUp() {
        guard exchange?.abandon(&port) == true else { return windUp() }
        let rest = port.wireTime(FrameWrite.longestCommandByteCount)
        abandonEnd = port.now.advanced(by: settings.abandonTimeout + rest)
    }

    /// Brings a stub that takes commands back to boot baud, where the next job will look for it.
    mutating func windUp() {
        exchange = nil
        port.deadline = nil
        abandonEnd = nil
        if wantsLook { return look() }
        guard port.chip.program == .stub, port.baud != BootProtocol.baud, !hasRestoredBaud else {
            return finish(pendingFailure)
        }
        hasRestoredBaud = true
        current = .restoreBaud
        begin(.restoreBaud)
    }

    // MARK: The last look

    /// Where a bench is to blame and a stub has been there, whether it still is tells a bad line from a lost supply.
    private var wantsLook: Bool {
        guard !hasLooked, pendingFailure?.diagnosis?.observations.trouble == .line else { return false }
        return port.hasLoader || info != nil
    }

    private mutating func look() {
        hasLooked = true
        switch port.chip.program {
        case .stub where port.understoodAt.duration(to: port.now) < Self.longestSilence: windUp()
        // It was asked until the end of patience already; more bytes would be taken for data.
        case .stubInReceiver, .stubInDownload, .awaitsPayload: looked(.noStub)
        default:
            isLooking = true
            var look = LastLook(settings, dialect)
            look.begin(&port)
            exchange = look
        }
    }

    /// A stub that has made sense so recently is still there.
    private static let longestSilence = Duration.seconds(5)

    /// Takes what the last look has found.
    mutating func looked(_ finding: Finding) {
        isLooking = false
        if case .noStub = finding, var observations = pendingFailure?.diagnosis?.observations {
            observations.signs[.gone] = 1
            pendingFailure?.diagnosis = Diagnosis(observations)
        }
        windUp()
    }

    /// That a flash is not what somebody asked whether it is says nothing about the bench.
    mutating func mismatch(_ transfer: Transfer) -> Fault {
        var fault = Fault.mismatch(transfer)
        if case .verify = job { fault.kind = .job }
        if case .trouble(.line) = fault.kind { port.notice(.unseenDamage) }
        return fault
    }

    func failure(_ fault: Fault) -> FlasherFailure {
        FlasherFailure(
            phase: port.phase, what: fault.what, receivedCount: port.receivedCount,
            firstReceived: port.firstReceived, chip: port.chip, remedy: fault.remedy, stoppedAt: stoppedAt,
            difference: difference, diagnosis: diagnosis(fault.kind))
    }

    /// Up to where a write has been acknowledged.
    private var stoppedAt: Int? {
        guard case .transfer(let transfer)? = current, case .write = transfer.work else { return nil }
        return transfer.range.lowerBound + port.doneByteCount
    }

    private func diagnosis(_ kind: Fault.Kind) -> Diagnosis? {
        guard case .trouble(let trouble) = kind else { return nil }
        var signs = port.signs
        if port.baud != BootProtocol.baud, port.baud != port.provenBaud { signs[.unprovenRate] = 1 }
        if port.hasMetOtherStub { signs[.refusedCommand, default: 0] += 1 }
        return Diagnosis(
            Observations(
                stage: .init(port.phase, hasLoader: port.hasLoader), trouble: trouble, heard: port.heard,
                signs: signs, stoppedAt: stoppedAt))
    }

    /// What an interrupted job comes to.
    var interrupted: FlasherFailure {
        let remedy =
            switch port.chip.flash {
            case .untouched, .done: "Nothing needs repair."
            case .partlyErased, .partlyWritten, .unverified:
                "It will not boot like this. Repeat the job, or write a back-up back."
            }
        return failure(Fault(what: "stopped by \(stopper).", remedy: remedy, kind: .job))
    }

    /// - Parameter failure: nil for success.
    mutating func finish(_ failure: FlasherFailure?) {
        exchange = nil
        queue = []
        port.deadline = nil
        var outcome = Outcome.success(steps)
        if var failure {
            failure.chip = port.chip
            outcome = .failure(failure)
        }
        self.outcome = outcome
        port.report(.finished(outcome))
    }
}

func describe(_ range: Range<Int>) -> String {
    "\(hex(range.lowerBound))+\(hex(range.count))"
}

extension Fault {
    static func portLost(_ reason: String) -> Fault {
        Fault(
            what: reason, remedy: "Plug the adapter in again. \(powerCycle)", kind: .trouble(.port))
    }

    static func noFlash(_ id: FlashID) -> Fault {
        Fault(
            what: "the stub reports flash id \(id), whose size is not known.",
            remedy: id == .none
                ? "FFFFFF means that no flash answers: a bad contact at the flash, or power too weak to read it."
                : "This flash is not in the list, and a flash of unknown size is left alone.",
            kind: .trouble(.flash))
    }

    static func mismatch(_ transfer: Transfer) -> Fault {
        let remedy =
            switch transfer.work {
            case .readBackup, .readResult, .readAround: "Nothing was written. A lower baud may help."
            case .compareAround:
                "Something outside the range has changed: a command may have been damaged on the line, with a sum "
                    + "that still fits. Do not restart the chip yet: the stub still runs. Write a back-up back."
            case .fingerprint: "Nothing was written."
            case .compare: "The flash does not hold what was expected. Nothing was written."
            default: "Do not restart the chip yet: the stub still runs. Repeat the job, or write a back-up back."
            }
        return Fault(
            what: "the SHA-256 of \(describe(transfer.range)) does not match"
                + (transfer.pass > 1 ? ", after \(transfer.pass) passes." : "."),
            remedy: remedy, kind: .trouble(transfer.changesFlash ? .flash : .line))
    }
}
