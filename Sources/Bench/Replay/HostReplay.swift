package import Line
package import Ports
package import Replay
import Trace

/// A recorded flasher joined to a serial port in real time: it says to the chip there what it said then.
package final class HostReplay<Player: Replaying> {
    package private(set) var player: Player
    private var port: SerialPort
    private let clock: MonotonicClock
    private let tap: TraceTap?
    private var portBaud: Int
    /// What the driver has not taken yet, run by run, with the rate that each is for.
    private var unsent: [(bytes: ArraySlice<UInt8>, baud: Int)] = []

    package init(_ player: Player, on port: consuming SerialPort, clock: MonotonicClock, tap: TraceTap?) {
        self.player = player
        self.port = port
        self.clock = clock
        self.tap = tap
        portBaud = player.receiverClock(at: clock.now).rate.baud
        tap?.note(.portOpened, at: .zero)
        tap?.note(.baud(.host, bitsPerSecond: UInt32(clamping: portBaud)), at: .zero)
    }

    /// Plays until the trace is played whole, the chip diverges, `shouldStop` says so or `limit` has come.
    /// - Throws: `PortError`: the port failed or is gone.
    package func run(
        alsoWaitingFor other: PollDescriptor, limit: Instant?, until shouldStop: (Readiness) -> Bool
    ) throws(PortError) {
        defer {
            tap?.note(.portClosed, at: clock.now)
            tap?.close()
        }
        minimizeTimerSlack()
        while true {
            try turn()
            if case .running = player.outcome {} else if unsent.isEmpty { return }
            let ready = try Readiness.wait(
                for: [port.pollDescriptor(hasOutput: !unsent.isEmpty), other],
                until: [player.deadline, limit].compactMap { $0 }.min(), clock: clock)
            if shouldStop(ready[1]) || limit.map({ $0 <= clock.now }) ?? false { return }
        }
    }

    private func turn() throws(PortError) {
        try handOver()
        let rate = BitRate(baud: portBaud)
        try port.read { bytes in
            let now = clock.now
            tap?.received(bytes, RunTiming(start: now, unpacedAt: rate))
            player.receive(bytes, timing: RunTiming(start: now, unpacedAt: rate))
        }
        let now = clock.now
        player.advance(to: now)
        var run: [UInt8] = []
        while let timing = player.transmit(into: &run) {
            unsent.append((run[...], timing.rate.baud))
            tap?.sent(run.span, RunTiming(start: now, unpacedAt: timing.rate), .hostToChip)
            run = []
        }
        try handOver()
        if unsent.isEmpty { try setRate(player.receiverClock(at: now).rate.baud) }
        tap?.settle(at: now, isQuiet: player.deadline.map { now.duration(to: $0) > .milliseconds(5) } ?? true)
    }

    /// Everything that is for the rate of the port goes out at it, and then the next rate comes.
    private func handOver() throws(PortError) {
        while let first = unsent.first {
            try setRate(first.baud)
            let taken = try port.write(first.bytes.span)
            guard taken > 0 else { return }
            unsent[0].bytes = first.bytes.dropFirst(taken)
            if unsent[0].bytes.isEmpty { unsent.removeFirst() }
        }
    }

    private func setRate(_ baud: Int) throws(PortError) {
        guard baud != portBaud else { return }
        try port.setBaud(baud)
        portBaud = baud
        tap?.note(.baud(.host, bitsPerSecond: UInt32(clamping: baud)), at: clock.now)
    }
}

extension ReplayPlan {
    /// Plays the host of the trace to the chip at a port.
    /// - Parameter heardSignal: called with the signals that came; returns whether the replay ends.
    /// - Throws: `PortError`, `CaptureError`.
    package func playHost(
        on path: String, timeout: Duration?, heardSignal: ([Int32]) -> Bool
    ) throws -> ReplayResult {
        let signals = try SignalPipe()
        let port = try SerialPort.open(path: path, baud: Player.defaultRate.baud)
        let clock = MonotonicClock()
        let tap = try tap(clock: .host, port: path, epoch: clock.epochNanoseconds)
        func play<Device: Replaying>(_ player: Device, on port: consuming SerialPort) throws -> ReplayResult {
            let limit = timeout.map { clock.now.advanced(by: $0) }
            let replay = HostReplay(player, on: port, clock: clock, tap: tap)
            try replay.run(alsoWaitingFor: signals.pollDescriptor, limit: limit) { ready in
                ready.contains(.readable) && heardSignal(signals.signals())
            }
            var result = ReplayResult(
                outcome: replay.player.outcome, tolerated: replay.player.tolerated, traceFailure: tap?.failure)
            if case .running = result.outcome, let limit, limit <= clock.now { result.isOutOfTime = true }
            return result
        }
        switch match {
        case .exact:
            let player = Player(
                recording.mirrored, pace: pace, patience: patience, tolerates: tolerates,
                isCutOff: recording.isCutOff, side: .chipToHost,
                beginning: clock.now)
            return try play(player, on: port)
        case .frames, .effect:
            let player = HostPlayer(
                recording, match: match == .frames ? .frames : .effect, pace: pace, patience: patience,
                tolerates: tolerates, beginning: clock.now)
            return try play(player, on: port)
        }
    }
}
