import Line
import Ports
import Trace

/// The real port of a recording: what it says, what it is given, and that it comes and goes.
extension PortRecording {
    /// Takes what the port has said.
    func readPort() {
        var failure: PortError?
        do throws(PortError) { try port.read() } catch { failure = error }
        var (characters, flaws): ([UInt8], [MarkedInput.Flaw]) = ([], [])
        port.received { (characters, flaws) = ($0, $1) }
        if !characters.isEmpty { take(characters, flaws, at: clock.now) }
        if let failure { lose(failure) }
    }

    /// - Parameter flaws: what was wrong with some of them, which stands behind each.
    func take(_ characters: [UInt8], _ flaws: [MarkedInput.Flaw], at now: Instant) {
        rateWatch.activity(at: now)
        var taken = 0
        for flaw in flaws {
            device.say(characters.span.extracting(taken..<(flaw.offset + 1)), at: now)
            taken = flaw.offset + 1
            live(at: now)
            tap.note(.receiveError(.chipToHost, flaw.error, count: 1), at: now)
        }
        device.say(characters.span.extracting(taken..<characters.count), at: now)
    }

    /// Gives the port what it takes, each part at its rate, and then the flasher's own rate.
    func handOverToPort() {
        drainLook = nil
        guard port.isThere else { return loseUnsent("the port is gone") }
        do throws(PortError) {
            while let baud = device.nextBaud {
                guard try follow(baud) else { return }
                let taken = try port.write(device.next)
                guard taken > 0 else { return }
                device.took(taken)
            }
            if let clientBaud { _ = try follow(clientBaud) }
        } catch {
            lose(error)
            loseUnsent("the port is gone")
        }
    }

    /// - Returns: whether the port has that rate, or has refused it; not before all that was written has left it.
    func follow(_ baud: Int) throws(PortError) -> Bool {
        do throws(PortError) {
            guard try port.follow(baud) else {
                drainLook = clock.now.advanced(by: Self.drainInterval)
                return false
            }
        } catch {
            guard error.code == .unsupportedBaud else { throw error }
            // On the port itself the flasher would have been told.
            happened(.remark("\(error.path): \(error.happened), which the flasher has set"), at: clock.now)
        }
        device.baud = port.baud
        return true
    }

    func lose(_ error: PortError) {
        port.lose(at: clock.now)
        lossCount += 1
        let reason = error.code == .hungUp ? "is gone" : "fails: \(error)"
        say("the port \(plan.device) \(reason); recording goes on when it is back")
    }

    /// What the port can no more be given.
    func loseUnsent(_ reason: String) {
        let count = device.dropUnsent()
        guard count > 0 else { return }
        lostByteCount += count
        tap.note(.lost(.hostToChip, count: count, reason: reason), at: clock.now)
    }

    func lookAtStatus() {
        let now = clock.now
        let (overrun, lines) = port.status(at: now)
        if overrun > 0 { tap.note(.receiveError(.chipToHost, .overrun, count: overrun), at: now) }
        if let lines { happened(.controlLines(lines), at: now) }
    }
}
