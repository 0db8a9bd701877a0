package import Flasher
import Line
package import Ports
import Trace

#if canImport(Glibc)
    import Glibc
#endif

/// A flasher joined to a serial port in real time.
///
/// It runs on the thread that calls `run`. The port is left as it was found, whatever happens.
package final class HostSession {
    private var flasher: Flasher
    private var port: SerialPort
    private let clock = MonotonicClock()
    private let tap: TraceTap?
    private var unsent = Queue<UInt8>()
    private var hasAsked = false
    private var silence = Silence()
    /// The rate the port has been given. It lags behind the flasher's while bytes of the old rate are still unsent.
    private var portRate: BitRate
    /// Why the port is gone, if it is. The outcome then says in what state the chip may be.
    package private(set) var portFailure: PortError?

    /// What the caller does with the flasher's reports.
    package struct Audience {
        /// Hears every report but `.backup` and `.finished`.
        package var hear: (FlasherReport) throws -> Void
        /// Keeps a back-up where it cannot be lost; the flasher writes nothing before this has returned.
        package var saveBackup: ([UInt8]) throws -> Void
        /// Hears how long nothing has crossed the line, and how much longer the present try lasts.
        package var isWaiting: (Duration, _ left: Duration) -> Void

        package init(
            hear: @escaping (FlasherReport) throws -> Void, saveBackup: @escaping ([UInt8]) throws -> Void,
            isWaiting: @escaping (Duration, _ left: Duration) -> Void
        ) {
            self.hear = hear
            self.saveBackup = saveBackup
            self.isWaiting = isWaiting
        }
    }

    package init(_ flasher: Flasher, on port: consuming SerialPort, trace: HostTrace?) throws {
        self.flasher = flasher
        self.port = port
        portRate = BitRate(baud: flasher.portBaud)
        tap = try trace?.tap(port: self.port.path, epoch: clock.epochNanoseconds)
        tap?.note(.portOpened, at: .zero)
        tap?.note(.baud(.host, bitsPerSecond: UInt32(clamping: flasher.portBaud)), at: .zero)
    }

    /// Runs the job to its end.
    /// - Parameter interruption: readable when the user wants to stop: once to stop in good order, twice at once.
    /// - Throws: `PortError` when the port fails but is still there, and whatever the audience throws.
    package func run(_ audience: Audience, interruption: borrowing SignalPipe) throws -> Outcome {
        defer {
            tap?.note(.portClosed, at: clock.now)
            tap?.close()
        }
        minimizeTimerSlack()
        while true {
            do {
                if let outcome = try turn(audience) { return outcome }
            } catch let error as PortError where error.code == .hungUp {
                portFailure = error
                flasher.portLost(at: clock.now, "\(error).")
                if let outcome = try tell(audience) { return outcome }
            }
            let ready = try Readiness.wait(
                for: [port.pollDescriptor(hasOutput: !unsent.isEmpty), interruption.pollDescriptor],
                until: flasher.deadline.map { min($0, silence.next) }, clock: clock)
            if let deadline = flasher.deadline, let silent = silence.toReport(at: clock.now) {
                audience.isWaiting(silent, clock.now.duration(to: deadline))
            }
            if ready[1].contains(.readable), let signal = interruption.signals().first {
                if hasAsked { throw Interrupted() }
                hasAsked = true
                flasher.abort(at: clock.now, by: Self.sender(of: signal))
            }
        }
    }

    /// Who is behind a signal: of a key it is the user; a time limit's SIGTERM is not.
    private static func sender(of signal: Int32) -> String {
        signal == SIGINT || signal == SIGQUIT ? "the user" : signalName(signal)
    }

    /// The user asked twice.
    package struct Interrupted: Error {}

    /// Why the trace is incomplete, if it is.
    package var traceFailure: (any Error)? { tap?.failure }

    private func turn(_ audience: Audience) throws -> Outcome? {
        try handOver()
        try followRate()
        let rate = portRate
        try port.read { bytes in
            let now = clock.now
            silence.ends(at: now)
            tap?.received(bytes, RunTiming(start: now, unpacedAt: rate))
            flasher.receive(bytes, timing: RunTiming(start: now, unpacedAt: rate))
        }
        let now = clock.now
        flasher.advance(to: now)
        let outcome = try tell(audience)
        // What it says now is meant for the rate that it has now. While the port cannot have that one yet, it stays there.
        try followRate()
        if flasher.portBaud == portRate.baud { try send(at: now) }
        tap?.settle(at: now, isQuiet: flasher.deadline.map { now.duration(to: $0) > .milliseconds(5) } ?? true)
        return outcome
    }

    /// Gives the port the flasher's rate, once everything said at the old one has been handed over.
    private func followRate() throws(PortError) {
        guard flasher.portBaud != portRate.baud, unsent.isEmpty else { return }
        try port.setBaud(flasher.portBaud)
        portRate = BitRate(baud: flasher.portBaud)
        tap?.note(.baud(.host, bitsPerSecond: UInt32(clamping: flasher.portBaud)), at: clock.now)
    }

    private func tell(_ audience: Audience) throws -> Outcome? {
        while let report = flasher.nextReport() {
            switch report {
            case .finished(let outcome): return outcome
            case .backup(let bytes):
                try audience.saveBackup(bytes)
                flasher.backupSaved(at: clock.now)
            default: try audience.hear(report)
            }
        }
        return nil
    }

    private func send(at now: Instant) throws(PortError) {
        while true {
            let before = unsent.count
            guard let timing = unsent.append(by: { flasher.transmit(into: &$0) }) else { break }
            if let tap {
                let run = unsent.waiting.dropFirst(before)
                tap.sent(run.span, RunTiming(start: now, unpacedAt: timing.rate), .hostToChip)
            }
        }
        try handOver()
    }

    private func handOver() throws(PortError) {
        while !unsent.isEmpty {
            let taken = try port.write(unsent.waiting.span)
            guard taken > 0 else { return }
            silence.ends(at: clock.now)
            unsent.drop(taken)
        }
    }
}

/// A trace of the host's side: what its port was given and gave.
package struct HostTrace {
    package var path: String
    package var replaces: Bool
    package var programVersion: String
    package var commandLine: String

    package init(path: String, replaces: Bool, programVersion: String, commandLine: String) {
        self.path = path
        self.replaces = replaces
        self.programVersion = programVersion
        self.commandLine = commandLine
    }

    fileprivate func tap(port: String, epoch: Int64) throws -> TraceTap {
        try TraceTap(
            creating: path,
            session: SessionDescription(
                program: "solderless", programVersion: programVersion, clock: .host, epoch: epoch,
                properties: [.init("port", port), .init("command", commandLine)]),
            replacing: replaces)
    }
}
