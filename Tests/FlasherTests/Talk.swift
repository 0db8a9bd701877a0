import Line

@testable import Flasher

/// One exchange against a chip that says what a script says: for each run of the host the bytes that come back, or
/// nothing, in which case the host's patience runs out.
struct Talk {
    var port = HostPort()
    /// Everything the host sent, run by run.
    private(set) var heard: [[UInt8]] = []
    /// The exchange's last word; `.waiting` when the script came to its end first.
    private(set) var progress = Progress.waiting

    /// - Parameters:
    ///   - isEarly: which answers come before the host's run has left.
    ///   - script: what comes back for each run, in order.
    init<Said: Exchange>(
        _ exchange: Said, isEarly: (Int) -> Bool = { _ in false }, _ script: [[UInt8]]
    ) {
        var exchange = exchange
        exchange.begin(&port)
        var next = 0
        while case .waiting = progress {
            var run: [UInt8] = []
            while port.transmit(into: &run) != nil {}
            guard run.isEmpty else {
                heard.append(run)
                guard next < script.count else { return }
                let answer = script[next]
                next += 1
                guard !answer.isEmpty else { continue }
                if !isEarly(next - 1) { port.now = port.now.advanced(by: port.wireTime(run.count)) }
                port.arrive(answer.span)
                progress = exchange.receive(&port)
                continue
            }
            guard let deadline = port.deadline else { return }
            port.now = deadline
            port.deadline = nil
            progress = exchange.timeout(&port)
        }
    }

    var isDone: Bool { if case .done = progress { true } else { false } }

    var fault: Fault? { if case .failed(let fault) = progress { fault } else { nil } }

    var bytes: [UInt8]? {
        if case .done(.bytes(let bytes)) = progress { bytes } else { nil }
    }
}
