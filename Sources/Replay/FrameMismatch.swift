import Line

extension FrameMatcher {
    /// What is to be said to a message.
    struct Answer {
        var replies: [Speech.Reply] = []
        /// The cue that it follows; nil for a message that counts for nothing.
        var cue: Int?
        var fate = Cue.Fate.arrived
        /// Whether the chip has something to say to it.
        var isAnswered = false
        /// When the delays of the replies began; nil for with the message.
        var since: Instant?
    }

    /// What a message is not.
    struct Mismatch: Error {
        /// The cue that should have been followed; nil after the last.
        var cue: Int?
        /// What stands at the place: the recorded message, and the first byte of it that differs.
        var expected: ReplayedMessage?
        /// Offset in the host's recorded stream; that of its end after the last cue.
        var recordedOffset: Int
        /// Of the first byte that differs, in the message.
        var offset: Int
        /// The recorded bytes from there on.
        var expectedBytes: [UInt8] = []
        /// Whether the first byte that differs is still to be found: the message has another name than what is expected.
        var isWhole = false

        /// With the first byte in which what came, as far as is known, differs from what is expected.
        func looking(at bytes: [UInt8]) -> Mismatch {
            guard isWhole else { return self }
            var found = self
            let same = zip(expectedBytes, bytes).prefix { $0 == $1 }.count
            found.offset += same
            found.recordedOffset += same
            found.expectedBytes = Array(expectedBytes.dropFirst(same))
            return found
        }
    }
}
