import Digests
import Images
import Line
import Wire

// How a job goes on from one errand to the next.
extension Flasher {
    /// Begins what is first in the queue; the end of the queue is success.
    mutating func beginNext() {
        while !queue.isEmpty {
            let errand = queue.removeFirst()
            current = errand
            switch errand {
            case .plan:
                port.phase = .plan
                if let fault = plan() { return fail(fault) }
                continue
            case .compose:
                if let fault = compose() { return fail(fault) }
                continue
            case .lookAround:
                if let fault = lookAround() { return fail(fault) }
                continue
            case .judge:
                port.phase = .verify
                if let fault = judgement() { return fail(fault) }
                continue
            case .transfer(var transfer):
                transfer.startedAt = transfer.startedAt ?? port.now
                switch transfer.work {
                case .compare, .compareAround, .fingerprint: current = .verify(transfer)
                default: current = .transfer(transfer)
                }
            default: break
            }
            return begin(current!)
        }
        finish(nil)
    }

    mutating func begin(_ errand: Errand) {
        stepStart = port.now
        port.phase = errand.phase
        port.forgetReceived()
        port.deadline = nil
        port.report(.started(errand.phase, errand.range))
        var next = makeExchange(for: errand)
        next.begin(&port)
        exchange = next
    }

    private mutating func makeExchange(for errand: Errand) -> any Exchange {
        switch errand {
        case .stubCheck: return StubCheck(settings, dialect)
        case .downloadCheck: return EndOldDownload(settings)
        case .synchronise:
            syncEnd = syncEnd ?? port.now.advanced(by: settings.syncWindow)
            return Synchronise(settings, until: syncEnd!)
        case .uploadStub: return UploadStub(settings, stub: stub)
        case .identify: return dialect.speaksFrames ? IdentifyByFrames(settings, traits) : identify(settings)
        case .changeBaud: return ChangeBaud(settings, dialect, to: settings.workingBaud)
        case .restoreBaud: return ChangeBaud(settings, dialect, to: BootProtocol.baud)
        case .efuse: return EFuseRead(settings, dialect)
        case .run: return reboot(settings)
        case .verify(let transfer):
            return dialect.speaksFrames && traits.hasSHA256 == false
                ? FrameRead(settings, traits, range: transfer.range, for: .digest) : hash(transfer.range, settings)
        case .transfer(let transfer):
            // A stub whose buffer holds a rest of some earlier stream spoils compressed writes (§10): not a second
            // time.
            let level = transfer.pass == 1 ? settings.compression : nil
            switch transfer.work {
            case .readBackup, .readResult, .readAround, .readDifferent:
                return switch dialect {
                case .community: XmodemRead(settings, range: transfer.range, level: level)
                case .vendor: FrameRead(settings, traits, range: transfer.range)
                case .rdtool: StreamedRead(settings, traits, range: transfer.range)
                }
            case .write(let bytes):
                let address = transfer.range.lowerBound
                return dialect.speaksFrames
                    ? FrameWrite(settings, address: address, bytes: bytes)
                    : XmodemWrite(settings, address: address, bytes: bytes, level: level)
            case .erase, .eraseChip:
                port.chip.flash = .partlyErased
                if case .eraseChip = transfer.work { return eraseChip(settings) }
                return erase(transfer.range, settings)
            case .compare, .compareAround, .fingerprint: preconditionFailure("a SHA-256 is not a transfer")
            }
        case .plan, .compose, .judge, .lookAround: preconditionFailure("planning needs no exchange")
        }
    }

    /// Takes what the current exchange has found out, and goes on.
    mutating func take(_ finding: Finding) {
        guard let errand = current else { return }
        switch errand {
        case .transfer(let transfer):
            return verifyNext(transfer, finding)
        case .verify(let transfer):
            guard case .digest(let digest) = finding else { return }
            if case .fingerprint = transfer.work {
                fingerprints.append((transfer.range, digest))
                break
            }
            if let fault = compare(transfer, digest) { return fail(fault) }
        case .stubCheck, .downloadCheck, .identify:
            if let fault = identified(finding) { return fail(fault) }
            guard outcome == nil else { return }
        case .uploadStub:
            isUploadUnconfirmed = if case .unconfirmedUpload = finding { true } else { false }
            guard case .falseSync = finding else { break }
            guard port.now < syncEnd! else {
                // The tool that is imitated gives up here.
                guard dialect != .rdtool else { return fail(.noise) }
                current = .synchronise
                return take(Fault.noise)
            }
            // Or it was one, and its answer to the header was lost: then it waits for the payload, for ever.
            port.chip.program = .awaitsPayload
            port.retry("what answered the sync word does not answer the header; synchronising again")
            port.retry("if this repeats, switch the power off and on")
            queue.insert(contentsOf: [.synchronise, .uploadStub], at: 0)
        case .efuse:
            if case .bytes(let bytes) = finding { port.report(.efuse(bytes)) }
        case .run:
            port.chip.program = .application
            port.baud = BootProtocol.baud
        default: break
        }
        if case .verify = errand {} else { record(errand.phase, since: stepStart) }
        if !isAwaitingSave { beginNext() }
    }

    /// Takes what a look for a stub, or the question what it is, has brought.
    private mutating func identified(_ finding: Finding) -> Fault? {
        if case .noStub = finding {
            if case .stubCheck? = current, dialect.speaksFrames {
                queue.insert(.downloadCheck, at: 0)
            } else if let silence {
                port.baud = BootProtocol.baud
                finish(silence)
            } else if hearsAnotherRate {
                lookAtWorkingBaud("something is sending, but not what a loader says")
            } else {
                port.baud = BootProtocol.baud
                stubWasRunning = false
                traits = StubTraits(StubImage(identifying: stub)?.version)
                queue.insert(contentsOf: [.synchronise, .uploadStub, .identify], at: 0)
            }
            return nil
        }
        if hasLookedAtWorkingBaud {
            // What was to come after the upload is still in the queue.
            queue.removeAll { if case .plan = $0 { false } else { true } }
            stubWasRunning = true
            silence = nil
        }
        switch finding {
        case .stub:
            // What runs there need not be what would have been uploaded.
            traits = .careful
            queue.insert(.identify, at: 0)
        case .flash(let id):
            guard let byteCount = id.byteCount else { return .noFlash(id) }
            tell(ChipInfo(flashID: id, flashByteCount: byteCount, stubWasRunning: stubWasRunning))
        case .framesStub(let byteCount, let found):
            traits = found
            tell(ChipInfo(flashID: nil, flashByteCount: byteCount, stubWasRunning: stubWasRunning))
        default: break
        }
        return nil
    }

    /// Whether bytes come that are neither silence nor a program's text, before anybody was asked for a loader. The tool
    /// that is imitated asks for the loader at once.
    private var hearsAnotherRate: Bool {
        dialect != .rdtool && !hasLookedAtWorkingBaud && settings.workingBaud != port.baud
            && ![.nothing, .text].contains(port.heard.sound)
    }

    /// Looks where a host that was killed may have left a stub, deaf to everything that was sent so far.
    mutating func lookAtWorkingBaud(_ reason: String) {
        hasLookedAtWorkingBaud = true
        port.retry("\(reason); looking for a stub at \(settings.workingBaud) baud")
        port.baud = settings.workingBaud
        queue.insert(.stubCheck, at: 0)
    }

    private mutating func tell(_ found: ChipInfo) {
        info = found
        port.report(.identified(found))
    }

    private mutating func record(_ phase: Phase, since start: Instant, _ range: Range<Int>? = nil) {
        steps.append(
            StepRecord(
                phase: phase, range: range, duration: start.duration(to: port.now), verified: range == nil ? nil : true)
        )
    }
}

// MARK: - Verifying

extension Flasher {
    private mutating func verifyNext(_ transfer: Transfer, _ finding: Finding) {
        var transfer = transfer
        if case .bytes(let bytes) = finding {
            transfer.digest = SHA256.of(bytes)
            transfer.bytes = bytes
        }
        queue.insert(.verify(transfer), at: 0)
        beginNext()
    }

    /// Compares the chip's SHA-256 with ours: the only place where a transfer is found good.
    private mutating func compare(_ transfer: Transfer, _ digest: [UInt8]) -> Fault? {
        guard digest == transfer.digest else {
            if transfer.changesFlash || port.chip.flash == .done { port.chip.flash = .unverified }
            if case .compareAround = transfer.work { port.notice(.unseenDamage) }
            if case .verify = job, case .compare = transfer.work {
                lookInto(transfer)
                return nil
            }
            guard transfer.pass < settings.passes, transfer.phase != .verify else { return mismatch(transfer) }
            port.retry("the SHA-256 of \(describe(transfer.range)) is wrong; trying again")
            var again = transfer
            again.pass += 1
            again.bytes = []
            queue.insert(.transfer(again), at: 0)
            return nil
        }
        record(transfer.phase, since: transfer.startedAt ?? stepStart, transfer.range)
        if transfer.changesFlash {
            let isLast = !queue.contains { errand in
                if case .transfer(let next) = errand { next.changesFlash } else { false }
            }
            port.chip.flash = isLast ? .done : .partlyWritten
        }
        switch transfer.work {
        case .readBackup:
            existing = [Segment(address: transfer.range.lowerBound, bytes: transfer.bytes)]
            isAwaitingSave = true
            port.phase = .saveBackup
            port.report(.started(.saveBackup, nil))
            port.report(.backup(transfer.bytes))
        case .readDifferent(let expected): note(transfer, expected)
        case .readAround: existing.append(Segment(address: transfer.range.lowerBound, bytes: transfer.bytes))
        case .readResult: port.report(.readResult(transfer.bytes, from: transfer.range.lowerBound))
        default: break
        }
        return nil
    }
}
