/// The way from the chip to the host.
extension SerialLink {
    /// Characters of the chip that are still on their way to the host.
    package var crossingCount: Int { crossing.count }

    /// When the last character that the chip is sending now will have crossed, if that is by `moment`.
    package func lastArrival(by moment: Instant) -> Instant? {
        crossing.last.map { count, timing in timing.end(of: count) }.flatMap { $0 <= moment ? $0 : nil }
    }

    /// Puts the next run that the chip sends on the wire. - Returns: whether there was one.
    package mutating func takeFromChip(_ device: inout some Machine, _ listener: inout some LineListener) -> Bool {
        var run = buffers.take()
        guard var timing = device.transmit(into: &run) else {
            buffers.give(&run)
            return false
        }
        if !faults.isEmpty { releaseToHost(by: timing.start, &listener) }
        listener.sent(run.span, timing, .chipToHost)
        let offset = sent.chipToHost
        sent.chipToHost += run.count
        wiring?.chipSends(run.span, timing: timing)
        if !faults.isEmpty {
            shiftChip(&timing)
            var whole = buffers.take()
            whole += run
            let steps = stepsOf(whole.span, .chipToHost, restarts: device.restartCount)
            faults.pass(&run, of: whole, steps: steps, timing, .chipToHost, offset: offset, &listener)
            putOnWire(run.span, as: whole, timing)
            buffers.give(&whole)
        } else {
            putOnWire(run.span, timing)
        }
        buffers.give(&run)
        return true
    }

    /// Puts on the wire to the host what the faults have left of a run.
    private mutating func putOnWire(_ run: Span<UInt8>, as whole: [UInt8], _ timing: RunTiming) {
        for change in faults.fate.changes() {
            wireDifferences.add(
                change.left, sent: Array(whole[change.sent]), cause: .fault(faults.label(change.fault)))
        }
        putOnWire(run, timing)
    }

    private mutating func putOnWire(_ run: Span<UInt8>, _ timing: RunTiming) {
        crossing.append(run, timing: timing)
        wireDifferences.put(run.count)
    }

    private func shiftChip(_ timing: inout RunTiming) {
        let rate = faults.chipRate(timing.rate)
        guard rate != timing.rate else { return }
        // The product of two characters' times at 300 baud has more than 64 bits.
        let product = timing.spacing.multipliedFullWidth(by: rate.characterPicoseconds)
        timing.spacing = timing.rate.characterPicoseconds.dividingFullWidth(product).quotient
        timing.rate = rate
    }

    // MARK: Delivery

    /// Brings the host what has come by `now`, and lets the faults put on the wires what they put there by themselves.
    package mutating func deliver(
        by now: Instant, to host: inout some Machine, device: inout some Machine, _ listener: inout some LineListener
    ) {
        releaseToChip(by: now, &device, &listener)
        releaseToHost(by: now, &listener)
        if isHostListening { giveStaleBytes(at: now, to: &host, &listener) }
        var run = buffers.take()
        while let (count, timing) = crossing.first {
            let arrived = timing.arrived(by: now, of: count)
            guard arrived > 0 else { break }
            run.removeAll(keepingCapacity: true)
            crossing.take(arrived, into: &run)
            release(&run, timing, by: now, to: &host, &listener)
        }
        tellDifferences(of: 0, RunTiming(start: now, unpacedAt: hostReceiver.clock.rate), by: now, &listener)
        while let (count, timing) = echoes.first, timing.end(of: count) <= now {
            run.removeAll(keepingCapacity: true)
            echoes.take(count, into: &run)
            bring(run.span, timing, cause: .ground, by: now, to: &host, &listener)
        }
        buffers.give(&run)
        settle(at: now, host: &host, device: &device, &listener)
        handOverPackets(at: now, to: &host, &listener)
    }

    /// A run has crossed.
    private mutating func release(
        _ run: inout [UInt8], _ timing: RunTiming, by now: Instant, to host: inout some Machine,
        _ listener: inout some LineListener
    ) {
        guard isHostListening else {
            while wireDifferences.next(within: run.count) != nil {}
            wireDifferences.release(run.count)
            listener.happened(LineEvent(now, .untaken(.chipToHost, count: run.count, .portClosed)))
            return
        }
        var arrival = timing
        if let whole = sampleAtHost(&run, &arrival, by: now, host) {
            let difference = LineDifference(
                .chipToHost, hostOffset: received, host: run, chip: wireDifferences.undo(in: whole),
                cause: cause(sent: timing.rate, hostReceiver, at: now))
            wireDifferences.release(whole.count)
            // Before the bytes that it is about.
            if let difference { listener.happened(LineEvent(min(now, timing.start), .difference(difference))) }
        } else {
            tellDifferences(of: run.count, timing, by: now, &listener)
        }
        reach(run.span, arrival, by: now, to: &host, &listener)
    }

    /// Samples a run in place. - Returns: what it was, where the host's receiver has made something else of it.
    private mutating func sampleAtHost(
        _ run: inout [UInt8], _ timing: inout RunTiming, by now: Instant, _ host: borrowing some Machine
    ) -> [UInt8]? {
        guard comparesRates else { return nil }
        hostReceiver.clock = hostClock(host.receiverClock(at: now))
        look(at: run.span, timing, .chipToHost, by: hostReceiver)
        if wiring == nil, hostReceiver.letPass(run.count, timing) { return nil }
        let whole = run
        guard wiring.sample(&run, timing: &timing, .chipToHost, by: &hostReceiver) != nil, whole != run else {
            return nil
        }
        return whole
    }

    /// What the host's end has received goes to the host: at once, or in an adapter's packets.
    private mutating func reach(
        _ run: Span<UInt8>, _ timing: RunTiming, by now: Instant, to host: inout some Machine,
        _ listener: inout some LineListener
    ) {
        guard !run.isEmpty else { return }
        received += run.count
        guard wiring?.packets == nil else {
            wiring?.packets?.append(run, timing: timing)
            return
        }
        // What faults put on the wire may overlap with what the chip sends: it comes one behind the other all the same.
        let told = timing.start < receivedUntil ? RunTiming(start: now, unpacedAt: timing.rate) : timing
        receivedUntil = told.end(of: run.count)
        listener.received(run, told)
        host.receive(run, timing: RunTiming(start: now, unpacedAt: timing.rate))
    }

    private mutating func handOverPackets(
        at now: Instant, to host: inout some Machine, _ listener: inout some LineListener
    ) {
        guard wiring?.packets?.hasAny(by: now) == true else { return }
        var run = buffers.take()
        wiring?.packets?.take(by: now, into: &run)
        if isHostListening {
            let timing = RunTiming(start: now, unpacedAt: hostReceiver.clock.rate)
            listener.received(run.span, timing)
            host.receive(run.span, timing: timing)
        } else {
            received -= run.count
            listener.happened(LineEvent(now, .untaken(.chipToHost, count: run.count, .portClosed)))
        }
        buffers.give(&run)
    }

    /// The host receives something that the chip did not send.
    private mutating func bring(
        _ run: Span<UInt8>, _ timing: RunTiming, cause: LineDifference.Cause, by now: Instant,
        to host: inout some Machine,
        _ listener: inout some LineListener
    ) {
        guard isHostListening, !run.isEmpty else { return }
        tell(arrived: run.count, [], cause: cause, at: now, &listener)
        reach(run, timing, by: now, to: &host, &listener)
    }

    /// Characters that a receiver was still sampling when the line fell idle.
    private mutating func settle(
        at now: Instant, host: inout some Machine, device: inout some Machine, _ listener: inout some LineListener
    ) {
        guard comparesRates, isSettling(by: now) else { return }
        var run = buffers.take()
        if let deadline = chipReceiver.deadline, deadline <= now {
            wiring.settle(at: now, .hostToChip, by: &chipReceiver, into: &run)
            if !run.isEmpty {
                let rate = chipReceiver.clock.rate
                let difference = LineDifference(
                    .hostToChip, hostOffset: metByChip, hostCount: 0, chipCharacters: run,
                    cause: wiring?.levelCause(at: now) ?? .rate(sent: rate.baud, sampled: rate.baud))
                listener.happened(LineEvent(now, .difference(difference)))
                device.receive(run.span, timing: RunTiming(start: now, unpacedAt: rate))
            }
        }
        run.removeAll(keepingCapacity: true)
        if let deadline = hostReceiver.deadline, deadline <= now {
            wiring.settle(at: now, .chipToHost, by: &hostReceiver, into: &run)
        }
        if let deadline = ownReceiver.deadline, deadline <= now {
            wiring?.settleOwn(at: now, by: &ownReceiver, into: &run)
        }
        let rate = hostReceiver.clock.rate
        bring(
            run.span, RunTiming(start: now, unpacedAt: rate),
            cause: wiring?.levelCause(at: now) ?? .rate(sent: rate.baud, sampled: rate.baud), by: now, to: &host,
            &listener)
        buffers.give(&run)
    }

    private func isSettling(by now: Instant) -> Bool {
        func isDue(_ deadline: Instant?) -> Bool { deadline.map { $0 <= now } ?? false }
        return isDue(chipReceiver.deadline) || isDue(hostReceiver.deadline) || isDue(ownReceiver.deadline)
    }

    // MARK: What faults put there

    /// What faults put on the wire to the host, and into its port's buffer, by a moment.
    private mutating func releaseToHost(by moment: Instant, _ listener: inout some LineListener) {
        while let next = faults.release(by: moment, .chipToHost, sent: sent.chipToHost, &listener) {
            if let timing = next.timing {
                putOnWire(next.characters.span, as: next.whole, timing)
            } else {
                stale.append((next.label, next.characters))
            }
        }
    }

    /// Gives a host that has opened its port what an earlier session left in the port's buffer: it has crossed the
    /// wire already.
    package mutating func giveStaleBytes(
        at now: Instant, to host: inout some Machine, _ listener: inout some LineListener
    ) {
        guard !stale.isEmpty else { return }
        let timing = RunTiming(start: now, unpacedAt: hostClock(host.receiverClock(at: now)).rate)
        for (label, bytes) in stale {
            tell(arrived: bytes.count, [], cause: .fault(label), at: now, &listener)
            received += bytes.count
            listener.received(bytes.span, timing)
            host.receive(bytes.span, timing: timing)
        }
        receivedUntil = now
        stale = []
    }

    // MARK: Telling

    /// What faults did to the next characters of the wire; each before the bytes that it is about.
    private mutating func tellDifferences(
        of count: Int, _ timing: RunTiming, by now: Instant, _ listener: inout some LineListener
    ) {
        while let (difference, before) = wireDifferences.next(within: count) {
            listener.happened(
                LineEvent(
                    min(now, timing.end(of: before)),
                    .difference(
                        LineDifference(
                            .chipToHost, hostOffset: received + before, hostCount: difference.count,
                            chipCharacters: difference.sent, cause: difference.cause))))
        }
        wireDifferences.release(count)
    }

    private func tell(
        arrived: Int, _ sent: [UInt8], cause: LineDifference.Cause, at now: Instant,
        _ listener: inout some LineListener
    ) {
        listener.happened(
            LineEvent(
                now,
                .difference(
                    LineDifference(
                        .chipToHost, hostOffset: received, hostCount: arrived, chipCharacters: sent, cause: cause))))
    }
}
