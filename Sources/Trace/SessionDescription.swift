/// What a recording is of: who made it, by which clock, and from what.
package struct SessionDescription: Hashable, Sendable {
    /// The version of the format it was read from; what is written is always `current`.
    package var formatVersion: FormatVersion
    /// The program that recorded: "solderless".
    package var program: String
    /// Its version.
    package var programVersion: String
    /// Which clock stamped the events.
    package var clock: Clock
    /// What the session's random choices grew from; nil when nothing was left to chance.
    package var seed: UInt64?
    /// What `Instant.zero` is in nanoseconds since 1970, UTC; 0 when nobody knows or it means nothing.
    package var epoch: Int64
    /// Which bytes the data records hold.
    package var records: Records
    /// Whatever else is known, in the order in which it is to be shown: chip, flash id, stub, time mode, command line.
    package var properties: [Property]

    package init(
        program: String, programVersion: String, clock: Clock, seed: UInt64? = nil, epoch: Int64 = 0,
        records: Records = .hostEnd, properties: [Property] = [], formatVersion: FormatVersion = .current
    ) {
        self.program = program
        self.programVersion = programVersion
        self.clock = clock
        self.seed = seed
        self.epoch = epoch
        self.records = records
        self.properties = properties
        self.formatVersion = formatVersion
    }

    /// The value of the first property of that name.
    package subscript(key: String) -> String? {
        properties.first { $0.key == key }?.value
    }

    /// Whether bytes are stamped when they crossed a wire, and took the time there that their rate says. An emulated line
    /// may be asked to take less (`--time`).
    package var hasWireTimes: Bool {
        (clock == .line || clock == .virtual) && (self["time"] ?? "wire") == "wire"
    }

    /// A name and what it stands for.
    package struct Property: Hashable, Sendable {
        /// At most 65,535 bytes of UTF-8.
        package var key: String
        package var value: String

        package init(_ key: String, _ value: String) {
            self.key = key
            self.value = value
        }

        /// Of an import whose recording had no times.
        package static let madeUpTimes = Property("times", "made up from the baud")
    }

    /// Which bytes a session's data records hold.
    package enum Records: UInt8, Hashable, Sendable, CaseIterable {
        /// What was sent at either end, as traces of format 1.0 have it.
        case sent
        /// What the host sent and what it received; differences say what the chip's end had instead (since 1.1).
        case hostEnd
    }

    /// Which clock stamped a session's events, and so what its times are worth.
    package enum Clock: UInt8, Hashable, Sendable, CaseIterable {
        /// When characters crossed the emulated line.
        case line
        /// When a program's reads and writes returned: up to an adapter's latency off the line.
        case host
        /// When USB transfers completed: in steps of the adapter's latency timer.
        case usb
        /// A simulation's own time; nobody waited for it.
        case virtual

        /// As files spell it.
        package var name: String {
            switch self {
            case .line: "line"
            case .host: "host"
            case .usb: "usb"
            case .virtual: "virtual"
            }
        }
    }
}

/// Version of the trace format. A reader of 1.4 reads 1.0 to 1.4 whole, 1.5 and later without what it does not know,
/// and says of 2.0 that it needs a newer program.
package struct FormatVersion: Hashable, Sendable, Comparable, CustomStringConvertible {
    package var major: UInt8
    package var minor: UInt8

    package init(_ major: UInt8, _ minor: UInt8) {
        self.major = major
        self.minor = minor
    }

    /// What this program writes.
    package static let current = FormatVersion(1, 2)

    package var description: String { "\(major).\(minor)" }

    package static func < (left: FormatVersion, right: FormatVersion) -> Bool {
        (left.major, left.minor) < (right.major, right.minor)
    }
}
