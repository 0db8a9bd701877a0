package import Check
import Digests
package import Emulator
import Flasher
package import Line
package import Trace

/// A job that is cut at its places, and what comes of giving the command again.
///
/// Power goes at a place and stays away until the host has ended, or the host's USB plug goes. Then it returns, and the command is given again, as a
/// person would: a host that knows nothing of the first one, on a flash that the first one has left as it was then.
package struct CutCampaign: Sendable {
    package let trial: Trial
    /// Whether an operation of the flash that is under way is left half done; without it, what has begun is done.
    package let tears: Bool

    /// Whether the USB plug is pulled out, in place of the power: the chip keeps its own, ends what it has begun, and is
    /// switched off and on before the command is given again.
    package let pullsPlug: Bool

    package init(_ trial: Trial, tears: Bool, pullsPlug: Bool = false) {
        self.trial = trial
        self.tears = tears
        self.pullsPlug = pullsPlug
    }

    /// A run that nothing cuts.
    package struct Whole: Sendable {
        package var result: TrialResult
        /// Where it can be cut.
        package var places: [CutPlace]
        package var events: [TraceEvent]
    }

    /// A run that was cut.
    package struct Cut: Sendable {
        package var place: CutPlace
        /// How the host ended, and what is wrong with that.
        package var result: TrialResult
        /// What it has left, and what of the job is in it.
        package var flash: NORFlash
        package var held: Held
        /// A name for the flash's contents: two with the same name are the same.
        package var state: String
    }

    /// What the range that the job changes holds.
    package enum Held: String, Hashable, Sendable, CaseIterable {
        /// What it held when the seed had made it.
        case old
        /// What it holds when the job has been done.
        case new
        case neither
    }

    /// What comes of the command from a flash, uncut. - Throws: `FaultError`.
    package func outcome(from flash: NORFlash) throws(FaultError) -> TrialResult {
        var run = try TrialRun(trial, from: flash, tap: LineTap())
        return run.finish().result
    }

    /// The run from a flash, uncut, with the places where it can be. - Parameter flash: nil for the flash that the seed
    /// makes.
    /// - Throws: `FaultError`.
    package func whole(from flash: NORFlash? = nil) throws(FaultError) -> Whole {
        var run = try TrialRun(trial, from: flash, isInterruptible: true, tap: LineTap(keepsEvents: true))
        let (result, tap) = run.finish()
        let events = tap.events
        // Once the host has ended nothing can be cut.
        let end = Instant.zero.advanced(by: result.duration)
        let places = CutPlaces.places(of: events, run.flashOperations).filter { $0.moment < end }
        return Whole(result: result, places: places, events: events)
    }

    /// Cuts the run at some of its places.
    /// - Parameters:
    ///   - places: of this run, in the order of time.
    ///   - flash: that it starts from; nil for the flash that the seed makes.
    ///   - earlier: numbers of the cuts that have led to this flash.
    ///   - body: called for each cut.
    /// - Throws: `FaultError`.
    package func cut(
        at places: some Sequence<CutPlace>, from flash: NORFlash? = nil, after earlier: [Int] = [],
        _ body: (Cut) -> Void
    ) throws(FaultError) {
        var run = try TrialRun(trial, from: flash, isInterruptible: true, tap: LineTap())
        for place in places {
            guard !run.run(until: place.moment) else { break }
            var cut = run.fork()
            make(&cut, at: place, after: earlier)
            let (result, _) = cut.finish(isCut: true)
            body(
                Cut(
                    place: place, result: result, flash: cut.flash, held: cut.held,
                    state: name(of: cut.flash, from: run.sampleFlash)))
        }
    }

    /// The events of one cut run, for a trace. - Throws: `FaultError`.
    package func events(
        ofCutAt place: CutPlace, from flash: NORFlash? = nil, after earlier: [Int] = []
    ) throws(FaultError) -> [TraceEvent] {
        var run = try TrialRun(trial, from: flash, isInterruptible: true, tap: LineTap(keepsEvents: true))
        guard !run.run(until: place.moment) else { return run.finish().tap.events }
        make(&run, at: place, after: earlier)
        return run.finish(isCut: true).tap.events
    }

    private func make(_ run: inout TrialRun, at place: CutPlace, after earlier: [Int]) {
        if pullsPlug {
            run.pullPlug()
        } else {
            run.cutPower(tearing: tears ? seed(of: earlier + [place.number]) : nil)
        }
    }

    /// Of what is left of an operation under way: each way to a state has its own.
    private func seed(of path: [Int]) -> UInt64 {
        var generator = SplitMix64(seed: trial.seed)
        var seed = generator.next()
        for number in path {
            generator = SplitMix64(seed: seed ^ UInt64(number))
            seed = generator.next()
        }
        return seed
    }

    /// A hash of the sectors that are not as the seed made them.
    private func name(of flash: NORFlash, from sample: NORFlash) -> String {
        var sum = SHA256()
        for sector in flash.changedSectors(since: sample) {
            let start = sector * NORFlash.sectorByteCount
            sum.update(Array("\(sector)".utf8).span)
            sum.update(flash.bytes(start..<(start + NORFlash.sectorByteCount)).span)
        }
        return TrialResult.hexadecimal(sum.digest())
    }
}
