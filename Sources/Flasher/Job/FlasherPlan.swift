import Digests
import Wire

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
            move(
                (backup ? [.transfer(Transfer(work: .readBackup, range: whole))] : [])
                    + [.transfer(Transfer(work: work, range: range, digest: digest))])
        case .verify(let segments):
            do throws(WireError) {
                let plan = try SectorPlan(segments, flashByteCount: size)
                move(
                    plan.segments.map { segment in
                        .transfer(Transfer(work: .compare, range: segment.range, digest: SHA256.of(segment.bytes)))
                    })
            } catch {
                return implausible(error)
            }
        case .write(let segments, let backup):
            do throws(WireError) {
                let plan = try SectorPlan(segments, flashByteCount: size)
                let reads =
                    backup
                    ? [Transfer(work: .readBackup, range: whole)]
                    : (plan.sectorsToRead + neighbours(plan, size)).map { Transfer(work: .readAround, range: $0) }
                move(reads.map(Errand.transfer) + [.compose])
            } catch {
                return implausible(error)
            }
        }
        return nil
    }

    /// Puts the writes first in the queue; with a back-up, the whole flash is compared after them, so that a change
    /// outside the segments cannot stay unseen.
    mutating func compose() -> Fault? {
        guard case .write(let segments, let backup) = job, let size = info?.flashByteCount else { return nil }
        do throws(WireError) {
            let plan = try SectorPlan(segments, flashByteCount: size)
            var errands = plan.regions.map { region in
                let image = plan.image(of: region, over: existing)
                return Errand.transfer(Transfer(work: .write(image), range: region, digest: SHA256.of(image)))
            }
            errands += (backup ? [0..<size] : neighbours(plan, size)).map { range in
                let digest = SHA256.of(plan.image(of: range, over: existing))
                return .transfer(Transfer(work: .compare, range: range, digest: digest))
            }
            queue.insert(contentsOf: errands, at: 0)
            return nil
        } catch {
            return implausible(error)
        }
    }

    /// The sectors behind what is written in frames. A frame whose length was damaged on the way runs over its end, and
    /// there is no sum over the length alone; so what stands there is looked at before and after.
    private func neighbours(_ plan: SectorPlan, _ size: Int) -> [Range<Int>] {
        guard dialect.speaksFrames else { return [] }
        let starts = Set(plan.regions.map(\.lowerBound))
        return plan.regions.map(\.upperBound).filter { $0 < size && !starts.contains($0) }.map { end in
            end..<(end + SectorPlan.sectorByteCount)
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

    private func implausible(_ error: WireError) -> Fault {
        Fault(
            what: "this cannot be done: \(error).", remedy: "Nothing was touched. Choose another image or address.",
            kind: .job)
    }
}
