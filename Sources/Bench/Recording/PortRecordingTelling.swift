import Capture
import Faults
import Line
import Logging
import Ports
import Trace

/// What is recorded goes into the file after so long: a program that is killed loses no more.
private let settling = Duration.milliseconds(5)

/// What a recording says: to its trace, and to the person at the bench.
extension PortRecording {
    func happened(_ kind: LineEvent.Kind, at now: Instant) {
        let event = LineEvent(now, kind)
        tap.happened(event)
        events.append(event)
    }

    func untaken(_ direction: Direction, _ count: Int, _ why: LineEvent.Untaken, at now: Instant) {
        if count > 0 { happened(.untaken(direction, count: count, why), at: now) }
    }

    /// Something that the person at the bench must know.
    func say(_ text: String) {
        let now = clock.now
        tap.note(.note(text), at: now)
        if !tap.isTelling { log.warning("\(text)", metadata: ["at": "\(now)"]) }
    }

    func tellEvents() {
        // A story has it all in its place already.
        for event in events.take().events where !tap.isTelling {
            switch event.kind {
            case .incident(let incident) where faultsTold.insert(incident.fault).inserted:
                log.info("\(incident.description)", metadata: ["at": "\(event.time)"])
            case .remark(let text): log.warning("\(text)", metadata: ["at": "\(event.time)"])
            default: break
            }
        }
    }

    /// Puts into the file what is due. - Returns: when something will be.
    func settle() -> Instant? {
        let now = clock.now
        var due: Instant?
        if tap.hasUnsettled {
            let since = unsettledSince ?? now
            due = since.advanced(by: settling)
            unsettledSince = since
            if let moment = due, moment <= now {
                tap.settle(at: now, isQuiet: true)
                (unsettledSince, due) = (nil, nil)
            }
        }
        tellTraceEnd()
        return [due, tap.settleStory(atWall: now)].compactMap { $0 }.min()
    }

    private func tellTraceEnd() {
        guard !hasToldTraceEnd, let failure = tap.failure else { return }
        hasToldTraceEnd = true
        if failure.code == .full {
            log.warning("\(failure); the session goes on without a recording")
        } else {
            log.error("\(failure); the session goes on without a recording")
        }
    }

    /// Leaves the trace complete, and says what became of the faults.
    func finish() {
        live(at: clock.now)
        let now = clock.now
        untaken(.chipToHost, client.dropUnread(), .unread, at: now)
        for label in FaultChoice.counted(link.incidents.filter { $0.count == 0 }.map(\.label)) {
            tap.note(.note("fault \(label) never fired"), at: now)
            log.warning("fault \(label) never fired")
        }
        tap.close()
        tellTraceEnd()
        let ending: RecordingSummary.TraceEnding =
            switch tap.failure?.code {
            case nil: .complete
            case .full: .full
            default: .failed
            }
        summary = RecordingSummary(
            wallTime: now, tally: tap.tally ?? SessionTally(), sessionCount: sessionCount, lossCount: lossCount,
            lostByteCount: lostByteCount, faults: link.incidents.map { .init($0.label, $0.count) },
            traceByteCount: tap.fileByteCount ?? 0, ending: ending)
    }
}
