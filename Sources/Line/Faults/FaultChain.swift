/// The faults of a line in their order: it asks each what is to become of a run, carries that out, and counts what was
/// done in incidents, not in the runs that happen to bring the characters.
package struct FaultChain: Sendable {
    private struct Place {
        var label: String
        var fault: any LineFault
        let watchesSteps: Bool
        var generators: Pair<SplitMix64>
        var incidents = 0
        /// Characters that have come to it.
        var met = Pair(0)
        /// Behind the last character that it touched; what it touches next there belongs to the same incident.
        var touchedUntil = Pair(-1)

        mutating func judge(
            _ run: Span<UInt8>, _ steps: [StepStretch], _ timing: RunTiming, _ direction: Direction,
            _ verdict: inout FaultVerdict
        ) {
            if watchesSteps {
                fault.judge(run, steps, timing, in: direction, &generators[direction], &verdict)
            } else {
                fault.judge(run, timing, in: direction, &generators[direction], &verdict)
            }
            met[direction] += run.count
        }

        mutating func inject(in direction: Direction) -> FaultInjection? {
            fault.inject(in: direction, &generators[direction])
        }
    }

    private var places: [Place]
    private var verdict = FaultVerdict()
    private var spare: [UInt8] = []
    /// What faults hold back.
    private var held = Pair(HeldRuns())
    /// Whether some fault is aimed at a step.
    private(set) var watchesSteps: Bool
    /// What faults did that are no longer there.
    private var retired: [(label: String, count: Int)] = []
    /// What became of the run in hand; kept for its buffers.
    private(set) var fate = RunFate()

    /// - Parameter generator: seeds what each fault leaves to chance.
    package init(_ faults: [LabelledFault], seeds generator: inout SplitMix64) {
        places = Self.places(faults, &generator)
        watchesSteps = places.contains { $0.watchesSteps }
    }

    private static func places(_ faults: [LabelledFault], _ generator: inout SplitMix64) -> [Place] {
        faults.map { labelled in
            let seed = generator.next()
            return Place(
                label: labelled.label, fault: labelled.fault, watchesSteps: labelled.fault.watchesSteps,
                generators: Pair(hostToChip: SplitMix64(seed: ~seed), chipToHost: SplitMix64(seed: seed)))
        }
    }

    /// Other faults from now on. One that was there before, by its label, goes on as it was.
    package mutating func replace(by faults: [LabelledFault], seeds generator: inout SplitMix64) {
        let before = places
        places = Self.places(faults, &generator).map { place in
            before.first { $0.label == place.label } ?? place
        }
        for place in before where !places.contains(where: { $0.label == place.label }) {
            retired.removeAll { $0.label == place.label }
            retired.append((place.label, place.incidents))
        }
        for index in places.indices where !before.contains(where: { $0.label == places[index].label }) {
            places[index].incidents = retired.first { $0.label == places[index].label }?.count ?? 0
            retired.removeAll { $0.label == places[index].label }
        }
        watchesSteps = places.contains { $0.watchesSteps }
        // What they hold back meets none of the new ones: where in their order it would be is not known.
        held.hostToChip.meetNoMore(places.endIndex)
        held.chipToHost.meetNoMore(places.endIndex)
    }

    var isEmpty: Bool { places.isEmpty }

    /// How many incidents each fault made, in their order. Zero: it never did anything.
    package var incidents: [(label: String, count: Int)] { retired + places.map { ($0.label, $0.incidents) } }

    /// What a fault is called. - Parameter index: as a run's fate has it.
    func label(_ index: Int) -> String { places[index].label }

    /// What the faults make of the rate at which the chip's UART runs.
    func chipRate(_ rate: BitRate) -> BitRate {
        var rate = rate
        for place in places { rate = place.fault.chipRate(rate) }
        return rate
    }

    /// When the adapter is unplugged; nil for never.
    var unpluggedAt: Instant? { places.compactMap { ($0.fault as? Unplugged)?.moment }.min() }

    /// Takes a run through the faults, in place; afterwards `fate` says what became of it.
    /// - Parameters:
    ///   - whole: the same run as it was sent.
    ///   - steps: the steps in it; empty where steps are not followed.
    ///   - offset: where in its direction it begins, in characters that were sent.
    package mutating func pass(
        _ run: inout [UInt8], of whole: [UInt8], steps: [StepStretch] = [], _ timing: RunTiming,
        _ direction: Direction, offset: Int, _ listener: inout some LineListener
    ) {
        let stop = held[direction].stop(at: timing.start, end: places.endIndex)
        fate.begin(with: run.count)
        let sent = SentRun(characters: whole, steps: steps, offset: offset, direction: direction)
        pass(&run, of: sent, timing, 0..<(stop ?? places.endIndex), &listener)
        guard let stop else { return }
        // Nothing overtakes what is held back, even where nothing is left of it.
        _ = hold(0..<run.count, of: run, sent, timing, until: timing.start, from: stop)
        fate.leaveNothing()
        run.removeAll(keepingCapacity: true)
    }

    private mutating func pass(
        _ run: inout [UInt8], of sent: SentRun, _ timing: RunTiming, _ faults: Range<Int>,
        _ listener: inout some LineListener
    ) {
        // Those of what is held back come later.
        var steps = sent.steps
        for index in faults {
            let watches = places[index].watchesSteps
            guard !run.isEmpty || (watches && !steps.isEmpty) else { continue }
            verdict.clear()
            let base = places[index].met[sent.direction]
            places[index].judge(run.span, watches ? left(of: steps) : [], timing, sent.direction, &verdict)
            guard !verdict.isEmpty else { continue }
            note(index, base, run.count, timing, sent.direction, offset: sent.offset, &listener)
            guard !verdict.acts.isEmpty else { continue }
            for case .hold(let range, let moment) in verdict.acts {
                let place = hold(range, of: run, sent, timing, until: moment, from: index + 1)
                steps = steps.flatMap { $0.part(0..<place.lowerBound) }
            }
            fate.apply(verdict, by: index, to: &run, spare: &spare)
        }
    }

    /// What is left of steps by now.
    private func left(of steps: [StepStretch]) -> [StepStretch] {
        guard fate.isTouched else { return steps }
        return steps.map { step in
            var step = step
            step.range = fate.leftPlace(of: step.range)
            return step
        }
    }

    /// - Returns: where in what was sent that lies.
    private mutating func hold(
        _ range: Range<Int>, of run: [UInt8], _ sent: SentRun, _ timing: RunTiming, until moment: Instant,
        from next: Int
    ) -> Range<Int> {
        let (part, place) = fate.takePart(range)
        held[sent.direction].insert(
            HeldRuns.Run(
                characters: Array(run[range]), sent: sent.part(place), fate: part, timing: timing, due: moment,
                next: next))
        return place
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

    /// When a fault next puts something onto a wire.
    package var deadline: Instant? {
        guard let one = deadline(in: .hostToChip) else { return deadline(in: .chipToHost) }
        return deadline(in: .chipToHost).map { min($0, one) } ?? one
    }

    private func deadline(in direction: Direction) -> Instant? {
        var earliest = held[direction].deadline
        for place in places {
            guard let next = place.fault.nextInjection(in: direction) else { continue }
            earliest = min(earliest ?? next, next)
        }
        return earliest
    }

    /// The next characters that faults put onto a direction's wire no later than at a moment, in the order of their
    /// time, as the later faults leave them: what was held back, and what was never sent. They go before what begins at
    /// that moment. Afterwards `fate` says what became of them. nil when there are no more.
    /// - Parameter sent: how many characters the sender has sent.
    package mutating func release(
        by moment: Instant, _ direction: Direction, sent: Int, _ listener: inout some LineListener
    ) -> FaultRelease? {
        guard let next = deadline(in: direction), next <= moment else { return nil }
        if held[direction].deadline == next { return releaseHeld(direction, &listener) }
        let index = places.firstIndex { $0.fault.nextInjection(in: direction) == next }
        guard let index, let injection = places[index].inject(in: direction) else { return nil }
        return release(injection, by: index, at: next, direction, sent: sent, &listener)
    }

    private mutating func releaseHeld(_ direction: Direction, _ listener: inout some LineListener) -> FaultRelease {
        var run = held[direction].removeFirst()
        fate = run.fate
        pass(&run.characters, of: run.sent, run.timing, run.next..<places.endIndex, &listener)
        held[direction].crosses(until: run.timing.end(of: run.characters.count))
        return FaultRelease(
            characters: run.characters, whole: run.sent.characters, offset: run.sent.offset, timing: run.timing)
    }

    private mutating func release(
        _ injection: FaultInjection, by fault: Int, at moment: Instant, _ direction: Direction, sent: Int,
        _ listener: inout some LineListener
    ) -> FaultRelease {
        begin(
            Incident(fault: places[fault].label, direction: direction, effect: .adds, offset: sent), fault,
            at: moment, &listener)
        var characters = injection.characters
        let timing = injection.rate.map { RunTiming(start: moment, backToBackAt: $0) }
        fate.beginAdded(characters.count, by: fault)
        if let timing {
            let nothing = SentRun(characters: [], steps: [], offset: sent, direction: direction)
            pass(&characters, of: nothing, timing, (fault + 1)..<places.endIndex, &listener)
        }
        return FaultRelease(
            characters: characters, whole: [], offset: sent, timing: timing, label: places[fault].label)
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
