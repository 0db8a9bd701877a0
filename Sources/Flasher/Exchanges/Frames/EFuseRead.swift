import Wire

/// The eFuse, asked for until two answers in a row are the same: a sum of eight bits alone is not enough to go by.
struct EFuseRead: Exchange {
    private var question: StubQuestion
    private var last: [UInt8]?

    init(_ settings: FlasherSettings, _ dialect: Dialect) {
        question = dialect.speaksFrames ? .efuse(settings) : .efuseDump(settings)
    }

    mutating func begin(_ port: inout HostPort) {
        port.chip.program = .stubBusy
        question.ask(&port)
    }

    mutating func receive(_ port: inout HostPort) -> Progress {
        guard let answer = question.answer(&port) else { return .waiting }
        port.chip.program = .stub
        guard answer.status == .success else { return again(because: "refused with “\(answer.status)”", &port) }
        if answer.data == last { return .done(.bytes(answer.data)) }
        let isFirst = last == nil
        last = answer.data
        if isFirst {
            question.ask(&port)
            return .waiting
        }
        return again(because: "two answers differ", &port)
    }

    mutating func timeout(_ port: inout HostPort) -> Progress {
        again(because: "no answer", &port)
    }

    private mutating func again(because reason: String, _ port: inout HostPort) -> Progress {
        if question.again(&port, because: reason) { return .waiting }
        return .failed(
            Fault(
                what: question.trouble + ".",
                remedy: "The vendor's stubs know EFUSE (08), the community stub EFUSE dump (99): does --dialect "
                    + "match the stub? \(Fault.powerCycle)"))
    }
}
