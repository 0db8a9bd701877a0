/// What a host's port can do to a line besides sending characters.
extension SerialLink {
    /// The host's port now asserts these control lines.
    package func setLines(
        _ lines: ControlLines, at now: Instant, of device: inout some Machine, _ listener: inout some LineListener
    ) {
        listener.happened(LineEvent(now, .controlLines(lines)))
        device.controlLines(lines, at: now)
    }

    /// The host's port sends a break: its wire is low for longer than a character, after what it has written.
    package mutating func sendBreak(at now: Instant, _ listener: inout some LineListener) {
        listener.happened(LineEvent(now, .breakSent))
        // A receiver takes it for a 0 without a stop bit; at this rate it outlasts a character of every rate in use.
        // After the event, also where characters take no time.
        write([0].span, at: now.advanced(by: .nanoseconds(1)), rate: BitRate(baud: 300))
    }
}
