import Wire

/// A last question when a job has failed and nobody knows whether the stub is still there: at the rate of the moment,
/// and then at boot baud, where a chip that has started anew would be.
///
/// What it finds is for the diagnosis: a stub that is still there has met a bad line; one that is gone has lost its power.
struct LastLook: Exchange {
    private var question: StubQuestion

    init(_ settings: FlasherSettings, _ dialect: Dialect) {
        question = .isAnybodyThere(settings, dialect)
    }

    mutating func begin(_ port: inout HostPort) {
        question.ask(&port)
    }

    mutating func receive(_ port: inout HostPort) -> Progress {
        guard question.answer(&port) != nil else { return .waiting }
        port.chip.program = .stub
        return .done(.stub)
    }

    mutating func timeout(_ port: inout HostPort) -> Progress {
        guard port.baud != BootProtocol.baud else { return .done(.noStub) }
        port.baud = BootProtocol.baud
        question.ask(&port)
        return .waiting
    }
}
