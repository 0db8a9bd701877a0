import Line

/// The firmware in the flash. It owns the UART now and does not listen to a flasher; what it says may be noise to one
/// that comes late.
struct Application: Loader {
    let name = "application"
    private let lines: [ApplicationLog.Line]
    private var spoken = 0

    /// - Parameter log: nil for one that says nothing.
    init(_ log: ApplicationLog?) {
        lines = log?.lines ?? []
    }

    mutating func resume(_ processor: inout Processor, _ cause: Wake) {
        switch cause {
        case .entered:
            // An assumption: the rate that uboot and the stubs set.
            processor.setRate(.boot)
            awaitNextLine(&processor)
        case .timer:
            processor.send(lines[spoken].characters)
            spoken += 1
            awaitNextLine(&processor)
        case .characters:
            break
        }
        processor.discardInput()
    }

    private func awaitNextLine(_ processor: inout Processor) {
        guard spoken < lines.count else { return }
        processor.timer = processor.now.advanced(by: lines[spoken].delay)
    }
}
