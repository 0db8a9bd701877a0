import Digests
import Wire
import Words

// What a job consists of, once the flash's size is known. Whatever is not plausible is refused here, before anything
// has been touched.
extension Flasher {
    mutating func plan() -> Fault? {
        guard let size = info?.flashByteCount else { return nil }
        let whole = 0..<size
        switch job {
        case .info: break
        case .efuse: queue.append(.efuse)
        case .run: queue.append(.run)
        case .read(let wanted):
            let range = wanted ?? whole
            guard let fault = refusal(of: range, in: size) else {
                move([.transfer(Transfer(work: .readResult, range: range))])
                break
            }
            return fault
        case .erase(let wanted, let backup):
            let range = wanted ?? whole
            if let fault = refusal(of: range, in: size) { return fault }
            guard range.lowerBound % SectorPlan.sectorByteCount == 0, range.count % SectorPlan.sectorByteCount == 0
            else {
                return Fault(
                    what: "\(describe(range)) does not begin and end at a multiple of 4096.",
                    remedy: "The stub would report success and erase nothing. Choose whole sectors.", kind: .job)
            }
            let digest = SHA256.of([UInt8](repeating: 0xFF, count: range.count))
            let work = wanted == nil ? Transfer.Work.eraseChip : .erase
            let before = backup ? [Transfer(work: .readBackup, range: whole)] : fingerprints(around: [range], size)
            let erase = Transfer(work: work, range: range, digest: digest)
            move((before + [erase]).map(Errand.transfer) + [.lookAround])
        case .verify(let segments):
            do throws(SectorPlan.Refusal) {
                let plan = try SectorPlan(segments, flashByteCount: size)
                move(
                    plan.segments.map { segment in
                        .transfer(Transfer(work: .compare, range: segment.range, digest: SHA256.of(segment.bytes)))
                    } + [.judge])
            } catch {
                return implausible(error)
            }
        case .write(let segments, let backup):
            do throws(SectorPlan.Refusal) {
                let plan = try SectorPlan(segments, flashByteCount: size)
                let reads =
                    backup
                    ? [Transfer(work: .readBackup, range: whole)]
                    : plan.sectorsToRead.map { Transfer(work: .readAround, range: $0) }
                        + fingerprints(around: plan.regions, size)
                move(reads.map(Errand.transfer) + [.compose, .lookAround])
            } catch {
                return implausible(error)
            }
        }
        return nil
    }

    /// Puts the writes first in the queue.
    mutating func compose() -> Fault? {
        guard case .write(let segments, _) = job, let size = info?.flashByteCount else { return nil }
        do throws(SectorPlan.Refusal) {
            let plan = try SectorPlan(segments, flashByteCount: size)
            let writes = plan.regions.map { region in
                let image = plan.image(of: region, over: existing)
                return Errand.transfer(Transfer(work: .write(image), range: region, digest: SHA256.of(image)))
            }
            queue.insert(contentsOf: writes, at: 0)
            return nil
        } catch {
            return implausible(error)
        }
    }

    /// What is asked for before anything is changed, where there is no back-up: the SHA-256 of all that is to stay.
    ///
    /// A command has a sum of eight bits: one damage in 256 passes it, and the stub then erases and writes elsewhere,
    /// or further. What it was to change is found wrong and is done again; only a look at the rest tells of the damage
    /// there.
    private func fingerprints(around ranges: [Range<Int>], _ size: Int) -> [Transfer] {
        Self.surroundings(of: ranges, in: size).map { Transfer(work: .fingerprint, range: $0) }
    }

    private static func surroundings(of ranges: [Range<Int>], in size: Int) -> [Range<Int>] {
        let ends = ranges.map(\.upperBound) + [size]
        let starts = ranges.map(\.lowerBound) + [size]
        return zip([0] + ends, starts).filter { $0 < $1 }.map { $0..<$1 }
    }

    /// Puts first in the queue what shows that the job has changed nothing else: the whole flash is compared with what
    /// the back-up says it must be, or the rest of it with what it was before.
    mutating func lookAround() -> Fault? {
        guard let size = info?.flashByteCount else { return nil }
        do throws(SectorPlan.Refusal) {
            let compares =
                try wholeFlash(of: size).map { whole in
                    [Transfer(work: .compareAround, range: 0..<size, digest: SHA256.of(whole))]
                } ?? fingerprints.map { Transfer(work: .compareAround, range: $0.range, digest: $0.digest) }
            queue.insert(contentsOf: compares.map(Errand.transfer), at: 0)
            return nil
        } catch {
            return implausible(error)
        }
    }

    /// What all of the flash must hold after the job; nil where not all of it was read.
    private func wholeFlash(of size: Int) throws(SectorPlan.Refusal) -> [UInt8]? {
        guard var whole = existing.first(where: { $0.range == 0..<size })?.bytes else { return nil }
        switch job {
        case .write(let segments, _):
            return try SectorPlan(segments, flashByteCount: size).image(of: 0..<size, over: existing)
        case .erase(let wanted, _):
            let range = wanted ?? 0..<size
            whole.replaceSubrange(range, with: repeatElement(0xFF, count: range.count))
            return whole
        default: return nil
        }
    }

    /// Appends errands that move flash contents, at working baud.
    private mutating func move(_ errands: [Errand]) {
        let isFaster = settings.workingBaud != BootProtocol.baud
        var runs = false
        if case .write = job { runs = settings.runAfterwards }
        queue += settings.workingBaud != port.baud ? [.changeBaud] : []
        queue += errands
        queue += runs ? [.run] : isFaster ? [.restoreBaud] : []
    }

    private func refusal(of range: Range<Int>, in size: Int) -> Fault? {
        guard range.isEmpty || range.lowerBound < 0 || range.upperBound > size else { return nil }
        return Fault(
            what: "\(describe(range)) is not a range inside the flash of \(hex(size)) bytes.",
            remedy: "Choose another range.", kind: .job)
    }

    private func implausible(_ refusal: SectorPlan.Refusal) -> Fault {
        let remedy =
            if case .tooLarge = refusal { "It may be for a plug with a larger flash. Choose another image." } else {
                "Choose another image or address."
            }
        return Fault(what: "\(refusal).", remedy: "Nothing was touched. \(remedy)", kind: .job)
    }
}
