import Images

/// uboot's check and copy of the application (ECR6600 facts §2): its header, its body, and with secure boot its signature.
enum UBootCheck {
    /// - Returns: why the application cannot be started; nil when it can.
    static func run(_ column: UBootDescription, _ processor: inout Processor) -> UBootFailure? {
        let failure = forced(&processor) ?? found(&processor)
        // Anything but these has been read through to its end. That the forced ones are found at once is an assumption.
        if failure?.isFoundAtOnce != true { processor.delay(processor.timing.applicationLoad) }
        // Only an application whose sums are both right gets as far as its signature.
        guard failure == nil, processor.efuse.control.demandsSignature else { return failure }
        processor.send(column.secureLine)
        return processor.settings.signature == .bad ? .signature : nil
    }

    /// What the settings want it to come back with, whatever the flash holds.
    private static func forced(_ processor: inout Processor) -> UBootFailure? {
        let failure: UBootFailure
        switch processor.settings.ubootError {
        case .none: return nil
        case .partition: failure = .partition
        case .other: failure = .other
        }
        processor.report(.note("uboot's check of the application is made to fail (--uboot-error)"))
        return failure
    }

    private static func found(_ processor: inout Processor) -> UBootFailure? {
        let check = BootCheck(processor.flashView)
        do throws(BootObstacle) {
            _ = try check.application(check.partitionTable())
            return nil
        } catch {
            processor.report(.note("uboot does not start the application: \(error)"))
            switch error {
            case .applicationBody(let stored, let computed): return .body(header: stored, computed: computed)
            // The facts say nothing of a body that is longer than the flash; what it hashes to is made up.
            case .applicationBodyBeyondFlash: return .body(header: 0, computed: 0)
            default: return .header
            }
        }
    }
}
