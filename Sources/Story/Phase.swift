package import Wire

/// Something that happened beside the bytes: a modem line, a change of baud, a fault.
package struct Mark: Hashable, Sendable {
    /// Nanoseconds, on the clock of the events.
    package var stamp: Int64
    /// What happened, in a few words.
    package var text: String
    /// A word to sort by: `baud`, `modem`, `fault`, `note`.
    package var kind: String
    /// What a host should know of it.
    package var pitfall: Pitfall?

    package init(stamp: Int64, text: String, kind: String) {
        self.stamp = stamp
        self.text = text
        self.kind = kind
    }
}

/// A chapter of a session: what the host was about, from its first byte to the last that belongs to it.
package struct Phase: Hashable, Sendable {
    /// What a host can be about; the raw value is what tables and JSON print.
    package enum Kind: String, Hashable, Sendable {
        case stubCheck = "stub check"
        case sync, upload, identify, baud, erase, read, write, verify, reboot, command
    }

    /// What the host was about.
    package var kind: Kind
    /// Nanoseconds.
    package var start: Int64
    /// Nanoseconds; never before `start`.
    package var end: Int64
    /// Bytes of flash, RAM or eFuse that it is about; not those of frames. Repetitions count once.
    package var byteCount = 0
    /// Blocks, frames and commands sent again.
    package var retries = 0
    /// Sync words of a sync, commands of any other.
    package var requests = 0
    /// Whether the chip said anything.
    package var isAnswered = false
    /// What went wrong last; empty when nothing did.
    package var trouble = ""
    /// What is particular: the new rate, the flash id, the address.
    package var detail = ""

    /// Whether its last event was an EOT: another one then is a repetition.
    var lastWasEOT = false
    /// Whether the last was a NAK: what follows was asked for.
    var lastWasNAK = false

    package init(_ kind: Kind, at stamp: Int64) {
        self.kind = kind
        start = stamp
        end = stamp
    }

    /// Nanoseconds.
    package var duration: Int64 { end - start }

    /// Bytes per second; nil without bytes or time.
    package var bytesPerSecond: Int64? {
        guard byteCount > 0, duration > 0 else { return nil }
        let (scaled, overflow) = Int64(byteCount).multipliedReportingOverflow(by: 1_000_000_000)
        return overflow ? Int64(byteCount) / max(1, duration / 1_000_000_000) : scaled / duration
    }

    /// One line for the table.
    package var note: String {
        var parts: [String] = []
        if kind == .sync { parts.append(requests == 1 ? "1 word" : "\(requests) words") }
        if !detail.isEmpty { parts.append(detail) }
        if retries > 0 { parts.append(retries == 1 ? "1 retry" : "\(retries) retries") }
        if !trouble.isEmpty { parts.append(trouble) }
        if lastWasEOT { parts.append("EOT not acknowledged") }
        if !isAnswered { parts.append("no answer") }
        return parts.joined(separator: ", ")
    }
}
