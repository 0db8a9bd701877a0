import Capture
import Files
import Line
package import Ports
import Trace

/// Takes down what a program does with a port, as the preload library in it reports, in real time.
///
/// It runs on the thread that calls `run`. The program is neither slowed nor stopped by anything that happens here.
package final class AttachedRecorder {
    private let socket: AttachSocket
    private let tap: TraceTap
    private let clock: MonotonicClock
    private var ports: AttachedPorts
    private var streams: [UInt64: AttachedMessages] = [:]
    private var summary = AttachedSummary()
    /// Says what somebody who watches should know.
    private let tell: (String) -> Void
    private var hasToldFailure = false
    /// Whether anything came in the last turn.
    private var hasHeard = false

    /// How long something is kept for what happened before it and is reported later: a thread may be kept from
    /// reporting.
    private static let patience = Duration.milliseconds(100)
    /// How long events gather once one has come: to wake the recorder costs the program more than to write to the
    /// pipe, which holds what comes in a multiple of this time.
    private static let pause = Duration.milliseconds(5)
    /// Processes whose nonsense the trace speaks of; any number may come.
    private static let mostDamages = 20
    /// The most reads of a turn; each gives as much as a pipe usually holds, or less.
    private static let mostPieces = 64
    /// The most turns that are spent on what the program had reported when it ended.
    private static let mostLastTurns = 1000

    /// Makes socket and trace. - Throws: `PortError`, `CaptureError`.
    package init(_ plan: AttachedPlan, story: LiveStory? = nil, tell: @escaping (String) -> Void) throws {
        clock = MonotonicClock()
        socket = try AttachSocket()
        var properties: [SessionDescription.Property] = [
            .init("recorded", "inside the program, by record --attach"), .init("command", plan.commandLine),
        ]
        if let port = plan.port { properties.append(.init("port", port)) }
        tap = try TraceTap(
            creating: plan.tracePath,
            session: SessionDescription(
                program: "solderless", programVersion: plan.programVersion, clock: .host,
                epoch: clock.epochNanoseconds, properties: properties),
            replacing: plan.replacesTrace, appears: .whole, story: story)
        ports = AttachedPorts(wants: Self.choice(of: plan.port))
        self.tell = tell
    }

    /// What the preload library finds in SOLDERLESS_ATTACH.
    package var socketPath: String { socket.path }

    private static func choice(of port: String?) -> (TerminalDevice, String) -> Bool {
        guard let port else { return { _, _ in true } }
        // Asked when a port is opened: an adapter may come late, or come back under another number.
        return { device, path in
            // Or be gone by then: its name is enough.
            Terminals.device(port).map { $0 == device.rawValue } ?? false || path == place(of: absolute(port))
        }
    }

    /// Records until `shouldStop` says so.
    /// - Parameters:
    ///   - others: what else to wait for; `shouldStop` gets their readiness after every turn.
    /// - Throws: `PortError` when waiting fails.
    package func run(
        alsoWaitingFor others: [PollDescriptor], until shouldStop: ([Readiness]) -> Bool
    ) throws(PortError) {
        while true {
            let due = try turn()
            if hasHeard {
                let pauseEnd = clock.now.advanced(by: Self.pause)
                if shouldStop(try Readiness.wait(for: others, until: pauseEnd, clock: clock)) { break }
            } else {
                let ready = try Readiness.wait(for: others + [socket.pollDescriptor], until: due, clock: clock)
                if shouldStop(ready.dropLast()) { break }
            }
        }
        for _ in 0..<Self.mostLastTurns {
            _ = try turn()
            if !hasHeard { break }
        }
    }

    /// Takes the socket away: before anybody hears that the recording has ended, for the process may end then.
    package func leave() { socket.leave() }

    /// Takes the trace away, if nothing has been recorded.
    func discard() { tap.discard() }

    /// Writes the rest. - Returns: what was recorded.
    package func finish() -> AttachedSummary {
        ports.settle(by: Instant(nanoseconds: .max)) { tap.note($0.kind, at: $0.time) }
        summary.stillHolding = ports.holdingProcesses
        if !summary.stillHolding.isEmpty {
            tap.note(.note("recording ends here; the port is still open"), at: clock.now)
        }
        tap.close()
        tellFailure()
        (summary.ports, summary.recorded, summary.bauds) = (ports.ports, ports.recorded, ports.bauds)
        (summary.lost, summary.lostOthers) = (ports.lost, ports.lostOthers)
        summary.traceFailure = tap.failure
        return summary
    }

    /// - Returns: when there is something to do even if nothing happens.
    private func turn() throws(PortError) -> Instant? {
        hasHeard = false
        for _ in 0..<Self.mostPieces
        where try !Readiness.wait(
            for: [socket.pollDescriptor], until: .zero, clock: clock)[0].isEmpty
        {
            hasHeard = true
            socket.receive { client, input in take(input, from: client) }
        }
        let now = clock.now
        let settled = now.advanced(by: .zero - Self.patience)
        ports.settle(by: settled) { tap.note($0.kind, at: $0.time) }
        tap.settle(at: settled, isQuiet: true)
        tellFailure()
        let storyDue = tap.settleStory(atWall: now)
        let due = ports.hasWaiting ? now.advanced(by: Self.patience / 2) : nil
        return [due, storyDue].compactMap(\.self).min()
    }

    /// A disk that is full ends the recording, not the program.
    private func tellFailure() {
        guard !hasToldFailure, let failure = tap.failure else { return }
        hasToldFailure = true
        tell("\(failure); the command goes on, and nothing more of it is recorded")
    }

    // MARK: What comes

    private func take(_ input: AttachSocket.Input, from client: UInt64) {
        switch input {
        case .joined(let hello): begin(client, hello)
        case .said(let bytes): take(bytes, from: client)
        case .left:
            guard streams.removeValue(forKey: client) != nil else { return }
            ports.left(client, at: clock.now)
        case .surplus:
            if summary.surplusCount == 0 {
                tell("more than \(AttachSocket.mostClients) processes at a time: the others are not recorded")
                tap.note(.note("some processes are not recorded: there are too many at a time"), at: clock.now)
            }
            summary.surplusCount += 1
        }
    }

    private func begin(_ client: UInt64, _ hello: [UInt8]) {
        do throws(AttachedDamage) {
            let message = try AttachedMessage(parsing: hello[...])
            guard case .hello = message.kind else { throw AttachedDamage("another message instead of a hello") }
            streams[client] = AttachedMessages()
            // Only now: an older trace of that name is worth more than one of a command that could not be started.
            tap.appear()
            summary.processCount += 1
            take(message, from: client)
        } catch {
            dismiss(client, error)
        }
    }

    private func take(_ bytes: ArraySlice<UInt8>, from client: UInt64) {
        guard var stream = streams.removeValue(forKey: client) else { return }
        stream.append(bytes)
        do throws(AttachedDamage) {
            while let message = try stream.next() {
                if case .hello = message.kind { throw AttachedDamage("a second hello") }
                take(message, from: client)
            }
            streams[client] = stream
        } catch {
            ports.left(client, at: clock.now)
            dismiss(client, error)
        }
    }

    /// Times are what a process says: none lies before this recording, or later than now.
    private func take(_ message: AttachedMessage, from client: UInt64) {
        let now = clock.now
        let time = min(max(clock.instant(ofSystem: message.time), .zero), now)
        let began = min(max(clock.instant(ofSystem: message.began), .zero), time)
        ports.note(message, from: client, at: time, began: began)
    }

    /// What does not speak as the preload library does is heard no more.
    private func dismiss(_ client: UInt64, _ damage: AttachedDamage) {
        socket.dismiss(client)
        if summary.damageCount == 0 {
            tell("a process is not recorded any more: it reported \(damage)")
        }
        if summary.damageCount < Self.mostDamages {
            tap.note(.note("a process is not recorded from here on: it reported \(damage)"), at: clock.now)
        }
        summary.damageCount += 1
    }
}
