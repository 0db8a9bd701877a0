/// The faults of a line in their order: it asks each what is to become of a run, carries that out, and counts what was
/// done in incidents, not in the runs that happen to bring the characters.
package struct FaultChain: Sendable {
    private struct Place {
        var label: String
        var fault: any LineFault
        var generators: Pair<SplitMix64>
        var incidents = 0
        /// Characters that have come to it.
        var met = Pair(0)
        /// Behind the last character that it touched; what it touches next there belongs to the same incident.
        var touchedUntil = Pair(-1)

        mutating func judge(
            _ run: Span<UInt8>, _ timing: RunTiming, _ direction: Direction, _ verdict: inout FaultVerdict
        ) {
            fault.judge(run, timing, in: direction, &generators[direction], &verdict)
            met[direction] += run.count
        }

        mutating func inject(at now: Instant) -> FaultInjection? {
            fault.inject(at: now, &generators.chipToHost)
        }
    }

    private var places: [Place]
    private var verdict = FaultVerdict()
    private var spare: [UInt8] = []
    /// What became of the run in hand; kept for its buffers.
    private(set) var fate = RunFate()

    /// - Parameter generator: seeds what each fault leaves to chance.
    package init(_ faults: [LabelledFault], seeds generator: inout SplitMix64) {
        places = faults.map { labelled in
            let seed = generator.next()
            return Place(
                label: labelled.label, fault: labelled.fault,
                generators: Pair(hostToChip: SplitMix64(seed: ~seed), chipToHost: SplitMix64(seed: seed)))
        }
    }

    var isEmpty: Bool { places.isEmpty }

    /// How many incidents each fault made, in their order. Zero: it never did anything.
    package var incidents: [(label: String, count: Int)] { places.map { ($0.label, $0.incidents) } }

    /// What a fault is called. - Parameter index: as a run's fate has it.
    func label(_ index: Int) -> String { places[index].label }

    /// What the faults make of the rate at which the chip's UART runs.
    func chipRate(_ rate: BitRate) -> BitRate {
        var rate = rate
        for place in places { rate = place.fault.chipRate(rate) }
        return rate
    }

    /// When somebody pulls the adapter out; nil for never.
    var unpluggedAt: Instant? { places.compactMap { ($0.fault as? Unplugged)?.moment }.min() }

    /// Takes a run through the faults, in place; afterwards `fate` says what became of it.
    /// - Parameters:
    ///   - first: the fault that it meets first.
    ///   - offset: where in its direction it begins, in characters that were sent.
    package mutating func pass(
        _ run: inout [UInt8], _ timing: RunTiming, _ direction: Direction, from first: Int = 0, offset: Int,
        _ listener: inout some LineListener
    ) {
        fate.begin(with: run.count)
        for index in first..<places.endIndex {
            guard !run.isEmpty else { return }
            verdict.clear()
            let base = places[index].met[direction]
            places[index].judge(run.span, timing, direction, &verdict)
            guard !verdict.isEmpty else { continue }
            note(index, base, run.count, timing, direction, offset: offset, &listener)
            if !verdict.acts.isEmpty { fate.apply(verdict, by: index, to: &run, spare: &spare) }
        }
    }

    /// Counts what a verdict is about to do.
    private mutating func note(
        _ index: Int, _ base: Int, _ count: Int, _ timing: RunTiming, _ direction: Direction, offset: Int,
        _ listener: inout some LineListener
    ) {
        if verdict.isDetuned {
            touch(index, 0..<count, base, .detunes, timing, direction, offset: offset, &listener)
        }
        for act in verdict.acts {
            touch(index, act.place, base, act.effect, timing, direction, offset: offset, &listener)
        }
    }

    private mutating func touch(
        _ index: Int, _ range: Range<Int>, _ base: Int, _ effect: Incident.Effect, _ timing: RunTiming,
        _ direction: Direction, offset: Int, _ listener: inout some LineListener
    ) {
        let isNew = base + range.lowerBound > places[index].touchedUntil[direction]
        places[index].touchedUntil[direction] = base + range.upperBound
        guard isNew else { return }
        let place = fate.sentPlace(of: range.lowerBound)
        begin(
            Incident(fault: places[index].label, direction: direction, effect: effect, offset: offset + place),
            index, at: timing.dropping(range.lowerBound).start, &listener)
    }

    private mutating func begin(
        _ incident: Incident, _ index: Int, at moment: Instant, _ listener: inout some LineListener
    ) {
        places[index].incidents += 1
        listener.happened(LineEvent(moment, .incident(incident)))
    }

    /// When a fault puts characters on a wire by itself.
    package var deadline: Instant? {
        var earliest: Instant?
        for place in places {
            guard let deadline = place.fault.deadline else { continue }
            earliest = min(earliest ?? deadline, deadline)
        }
        return earliest
    }

    /// The next that a fault puts on a wire at `now`, as the faults behind it leave that, and which fault it is; nil when
    /// there is nothing left.
    /// - Parameter sent: how many characters each sender has sent.
    package mutating func inject(
        at now: Instant, sent: Pair<Int>, _ listener: inout some LineListener
    ) -> (injection: FaultInjection, by: Int)? {
        for index in places.indices {
            guard let deadline = places[index].fault.deadline, deadline <= now else { continue }
            guard var injection = places[index].inject(at: now) else { continue }
            if injection.isNew {
                begin(
                    Incident(
                        fault: places[index].label, direction: injection.direction, effect: .adds,
                        offset: sent[injection.direction]), index, at: now, &listener)
            }
            if let rate = injection.rate {
                pass(
                    &injection.characters, RunTiming(start: now, backToBackAt: rate), injection.direction,
                    from: index + 1, offset: sent[injection.direction], &listener)
            }
            return (injection, index)
        }
        return nil
    }

    /// The adapter has been pulled out by `moment`, whether or not a character was on its way.
    package mutating func pullOut(by moment: Instant, sent: Pair<Int>, _ listener: inout some LineListener) {
        for index in places.indices where places[index].incidents == 0 {
            guard let fault = places[index].fault as? Unplugged, fault.moment <= moment else { continue }
            begin(
                Incident(
                    fault: places[index].label, direction: .hostToChip, effect: .unplugs, offset: sent.hostToChip),
                index, at: fault.moment, &listener)
        }
    }
}

/// A fault, and what a scenario calls it: no two different ones of a line are called the same.
package struct LabelledFault: Sendable {
    package var label: String
    package var fault: any LineFault

    package init(_ fault: any LineFault, label: String? = nil) {
        self.label = label ?? type(of: fault).summary.name
        self.fault = fault
    }
}

extension FaultVerdict.Act {
    fileprivate var effect: Incident.Effect {
        switch self {
        case .lose: .loses
        case .hold: .delays
        case .change: .changes
        case .add: .adds
        }
    }
}
