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
    /// A stub was sent, and not one of its pieces acknowledged: the mask ROM may do so (ECR6600 facts §3), and noise does.
    case unconfirmedUpload
    /// Nothing on the other side understood the header: not a loader that was synchronised.
    case falseSync
}

/// Why an exchange failed. The state of the chip is kept in `HostPort.chip`.
struct Fault {
    /// What a fault is about.
    enum Kind {
        /// The bench: a diagnosis follows.
        case trouble(Observations.Trouble)
        /// The job itself, or the user who stopped it: there is nothing to diagnose.
        case job
    }

    var what: String
    var remedy: String
    var kind = Kind.trouble(.line)
}

extension Fault {
    /// For a compressed transfer that was not even begun.
    static let withoutCompression = "A stub may not know compressed transfers: leave compression out. "
    /// Nothing at all came back to the sync word.
    static func silence(for window: Duration) -> Fault {
        Fault(
            what: "the chip did not answer the sync word for \(tenths(window)) s.",
            remedy: "Nothing was changed: look at the bench, then repeat the command.")
    }

    /// Something came, but neither 01 nor FF.
    static let noise = Fault(
        what: "something came back, but not the answer to the sync word, which is 01.",
        remedy: "Nothing was changed: look at the bench, then repeat the command.")

    /// What to do when only a restart of the chip helps and the flash is whole.
    static let powerCycle = "Switch the chip's power off and on again and repeat the command."
}

/// A duration in seconds with one decimal: `0.5`, `30.0`.
private func tenths(_ duration: Duration) -> String {
    let tenths = duration / .milliseconds(100)
    return "\((tenths).rounded() / 10)"
}
