import Wire

/// One thing said and answered between host and chip, with its retries. A job is a queue of them.
protocol Exchange {
    /// Says the first thing and sets the first deadline.
    mutating func begin(_ port: inout HostPort)
    /// Looks at `port.input`, takes from it what it understands.
    mutating func receive(_ port: inout HostPort) -> Progress
    /// `port.deadline` has passed; it is nil again when this is called.
    mutating func timeout(_ port: inout HostPort) -> Progress
    /// The user wants to stop. Brings the stub into a known state as far as that can be done; the answer says whether
    /// that takes time, in which case `receive` and `timeout` go on being called until the exchange is over.
    mutating func abandon(_ port: inout HostPort) -> Bool
}

extension Exchange {
    mutating func abandon(_ port: inout HostPort) -> Bool { false }
}

/// How far an exchange has come.
enum Progress {
    case waiting
    case done(Finding)
    case failed(Fault)
}

/// What an exchange has found out.
enum Finding {
    case nothing
    case noStub
    /// A stub answers; what it is has still to be asked.
    case stub
    case flash(FlashID)
    /// What a stub without FLASH ID (90) was found to be.
    case framesStub(flashByteCount: Int, StubTraits)
    case bytes([UInt8])
    case digest([UInt8])
    /// A change of baud came to nothing, and both ends are where they were.
    case baudKept
    /// Nothing on the other side understood the header: not a loader that was synchronised.
    case falseSync
}

/// Why an exchange failed. The state of the chip is kept in `HostPort.chip`.
struct Fault {
    var what: String
    var remedy: String
}

extension Fault {
    /// For a compressed transfer that was not even begun.
    static let withoutCompression = "A stub may not know compressed transfers: leave compression out. "
    /// What to do when only a restart of the chip helps and the flash is whole.
    static let powerCycle = "Switch the chip's power off and on again and repeat the command."
}
