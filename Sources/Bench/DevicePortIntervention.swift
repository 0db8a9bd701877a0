package import Line
package import Ports

/// What a person or a program does at the bench while the line runs.
extension DevicePort where Port: ~Copyable {
    /// Does something to the device now: what was due before has happened, and what follows from it follows at once.
    /// For what `run` asks between two turns, `shouldStop`.
    ///
    /// - Parameter change: is given the device and the moment on the line's clock.
    /// - Throws: `PortError` when the pseudo-terminal fails; the next turn would as well.
    package func intervene(_ change: (inout Device, Instant) -> Void) throws(PortError) {
        let now = moment
        try live(at: now)
        change(&device, now)
        try live(at: now)
        isDisturbed = true
    }

    /// From now on something else lies between client and device (`SerialLink.rewire`). As `intervene`.
    package func rewire(_ conditions: LineConditions) throws(PortError) {
        let now = moment
        try live(at: now)
        link.rewire(conditions, at: now)
        isDisturbed = true
    }

    /// Bytes that the client's end has received since the line's beginning.
    var receivedCount: Int { link.received }

    /// Whether somebody looks at the inputs.
    var hasScope: Bool {
        get { link.scope != nil }
        set {
            guard newValue != hasScope else { return }
            link.scope = newValue ? LineScope() : nil
        }
    }

    /// What an oscilloscope has shown since the last call.
    func takeWaves() -> [WaveCapture] { link.scope?.takeCaptures() ?? [] }

    /// Lets the device go on by itself, without a line.
    package func liveOn(for time: Duration) {
        device.advance(to: moment.advanced(by: time))
    }

    /// The next turn is due now: something is to be told.
    func disturb() { isDisturbed = true }

    /// Whether the device was touched since the last turn.
    func takeDisturbance() -> Bool {
        defer { isDisturbed = false }
        return isDisturbed
    }

    /// The rate that the client's port has now, in bits per second.
    package var portBaud: Int { terminal.clientBaud }

    /// How far the line's clock is ahead of the wall's.
    package var lead: Duration { link.wall(at: .zero).duration(to: .zero) }

    /// Something happened that the link itself does not know of.
    func happened(_ event: LineEvent) {
        tap?.happened(event)
        lesson?.happened(event)
        log.append(event)
    }
}
