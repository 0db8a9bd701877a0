/// How one end of a line samples what the other sends.
package struct ReceiverClock: Hashable, Sendable {
    /// Bits per second as this end truly runs.
    package var rate: BitRate
    /// Ticks in a bit: 8, 10 or 18 on the chip (ECR6600 facts §4.3). Most adapters have 16.
    package var oversampling: Int

    package init(rate: BitRate, oversampling: Int = 16) {
        self.rate = rate
        self.oversampling = oversampling
    }
}
