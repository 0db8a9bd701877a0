/// The way from the host to the chip.
extension SerialLink {
    /// Characters that the host has written and that have not been committed.
    package var waitingCount: Int { written.count }
    /// When the last character that the host has written will have crossed.
    package var busyUntil: Instant { wire.busyUntil }

    /// The host writes characters; they follow what it wrote before.
    /// - Parameter rate: what its port is set to; an adapter may make another of it.
    package mutating func write(_ characters: Span<UInt8>, at now: Instant, rate: BitRate) {
        let rate = wiring?.hostRate(rate) ?? rate
        written.append(characters, timing: wire.charge(characters.count, writtenAt: now, rate: rate))
    }

    /// The host throws away what it has written. What has left by `horizon` has left: the adapter holds it.
    /// - Returns: how many characters were taken back.
    @discardableResult
    package mutating func takeBack(at now: Instant, leaving horizon: Instant) -> Int {
        let before = written.count
        var kept = RunQueue()
        var end = now
        while let (count, timing) = written.first {
            let safe = timing.arrived(by: horizon, of: count)
            guard safe > 0 else { break }
            var run: [UInt8] = []
            written.take(safe, into: &run)
            kept.append(run.span, timing: timing)
            end = timing.end(of: safe)
            if safe < count { break }
        }
        written = kept
        wire.clear(at: max(now, end))
        return before - kept.count
    }

    /// Commits what the host has written and what has crossed by `now`.
    package mutating func carryToChip(
        by now: Instant, from host: borrowing some Machine, to device: inout some Machine,
        _ listener: inout some LineListener
    ) {
        while let (count, timing) = written.first {
            let due = commitment == .whenWritten ? count : timing.arrived(by: now, of: count)
            guard due > 0 else { return }
            var run = buffers.take()
            written.take(due, into: &run)
            commit(&run, timing, by: now, from: host, to: &device, &listener)
            buffers.give(&run)
        }
    }

    /// Takes a run through the line to the chip; it may lie in the future.
    private mutating func commit(
        _ run: inout [UInt8], _ timing: RunTiming, by now: Instant, from host: borrowing some Machine,
        to device: inout some Machine, _ listener: inout some LineListener
    ) {
        listener.sent(run.span, timing, .hostToChip)
        device.otherEndSends(at: timing.start, rate: timing.rate)
        releaseToChip(by: timing.start, &device, &listener)
        chipReceiver.clock = chipClock(device.receiverClock(at: timing.start))
        let offset = sent.hostToChip
        sent.hostToChip += run.count
        if wiring != nil, comparesRates { hearOwn(run.span, timing, hostClock(host.receiverClock(at: now))) }
        var arrival = timing
        guard !faults.isEmpty else {
            metByChip = sent.hostToChip
            let whole = sampleAtChip(&run, &arrival)
            if let whole { tellMissampled(whole, as: run, offset: offset, timing, &listener) }
            return device.receive(run.span, timing: arrival)
        }
        var whole = buffers.take()
        whole += run
        let steps = stepsOf(whole.span, .hostToChip, restarts: device.restartCount)
        faults.pass(&run, of: whole, steps: steps, timing, .hostToChip, offset: offset, &listener)
        arrive(&run, as: whole, offset: offset, timing, at: &device, &listener)
        buffers.give(&whole)
    }

    /// What the faults have left of a run arrives at the chip.
    private mutating func arrive(
        _ run: inout [UInt8], as whole: [UInt8], offset: Int, _ timing: RunTiming, at device: inout some Machine,
        _ listener: inout some LineListener
    ) {
        var arrival = timing
        let met = faults.fate.heldFrom ?? whole.count
        if met > 0 { metByChip = offset + met }
        let changes = faults.fate.changes()
        if sampleAtChip(&run, &arrival) == nil {
            for change in changes { tell(change, run, offset: offset, timing, &listener) }
        } else {
            // What is held back is reported when it comes.
            tellMissampled(Array(whole[..<met]), as: run, offset: offset, timing, &listener)
        }
        device.receive(run.span, timing: arrival)
    }

    /// What faults put on the wire to the chip by a moment: nothing overtakes it.
    mutating func releaseToChip(
        by moment: Instant, _ device: inout some Machine, _ listener: inout some LineListener
    ) {
        while var next = faults.release(by: moment, .hostToChip, sent: metByChip, &listener) {
            let rate = device.receiverClock(at: moment).rate
            let timing = next.timing ?? RunTiming(start: moment, backToBackAt: rate)
            chipReceiver.clock = chipClock(device.receiverClock(at: timing.start))
            arrive(&next.characters, as: next.whole, offset: next.offset, timing, at: &device, &listener)
        }
    }

    private mutating func hearOwn(_ run: Span<UInt8>, _ timing: RunTiming, _ clock: ReceiverClock) {
        ownReceiver.clock = clock
        var heard = buffers.take()
        wiring?.hearOwn(run, timing: timing, by: &ownReceiver, into: &heard)
        echoes.append(heard.span, timing: timing)
        buffers.give(&heard)
    }

    /// Samples a run in place. - Returns: what it was, where the chip has made something else of it.
    private mutating func sampleAtChip(_ run: inout [UInt8], _ timing: inout RunTiming) -> [UInt8]? {
        guard comparesRates, !run.isEmpty else { return nil }
        look(at: run.span, timing, .hostToChip, by: chipReceiver)
        if wiring == nil, chipReceiver.letPass(run.count, timing) { return nil }
        let whole = run
        guard wiring.sample(&run, timing: &timing, .hostToChip, by: &chipReceiver) != nil, whole != run else {
            return nil
        }
        return whole
    }

    /// What one fault did to a run, in the host's places.
    private func tell(
        _ change: RunFate.Change, _ run: [UInt8], offset: Int, _ timing: RunTiming, _ listener: inout some LineListener
    ) {
        let difference = LineDifference(
            .hostToChip, hostOffset: offset + change.sent.lowerBound, hostCount: change.sent.count,
            chipCharacters: Array(run[change.left]), cause: .fault(faults.label(change.fault)))
        listener.happened(LineEvent(timing.moment(before: change.sent.lowerBound), .difference(difference)))
    }

    private func tellMissampled(
        _ whole: [UInt8], as run: [UInt8], offset: Int, _ timing: RunTiming, _ listener: inout some LineListener
    ) {
        let difference = LineDifference(
            .hostToChip, hostOffset: offset, host: whole, chip: run,
            cause: cause(sent: timing.rate, chipReceiver, at: timing.start))
        guard let difference else { return }
        listener.happened(
            LineEvent(timing.moment(before: difference.hostOffset - offset), .difference(difference)))
    }
}

extension RunTiming {
    /// A moment at which all characters before the n-th have crossed and it has not.
    fileprivate func moment(before index: Int) -> Instant {
        spacing > 0 ? end(of: index) : Instant(nanoseconds: start.nanoseconds - 1)
    }
}
