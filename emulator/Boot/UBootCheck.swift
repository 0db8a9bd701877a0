import Images

/// uboot's check and copy of the application (ECR6600 facts §2). That the secure boot line comes between header and
/// body is an assumption.
enum UBootCheck {
    /// - Returns: why the application cannot be started; nil when it can.
    static func run(_ column: UBootDescription, _ processor: inout Processor) -> UBootFailure? {
        let failure = forced(&processor) ?? found(column, &processor)
        // Anything but these has been read through to its end. That the forced ones are found at once is an assumption.
        if failure?.isFoundAtOnce != true { processor.delay(processor.timing.applicationLoad) }
        return failure
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

    private static func found(_ column: UBootDescription, _ processor: inout Processor) -> UBootFailure? {
        let check = BootCheck(processor.flashView)
        var failure: UBootFailure?
        do throws(BootObstacle) {
            _ = try check.application(check.partitionTable())
        } catch {
            processor.report(.note("uboot does not start the application: \(error)"))
            switch error {
            case .applicationBody(let stored, let computed): failure = .body(header: stored, computed: computed)
            // The facts say nothing of a body that is longer than the flash; what it hashes to is made up.
            case .applicationBodyBeyondFlash: failure = .body(header: 0, computed: 0)
            default: return .header
            }
        }
        guard processor.efuse.control.demandsSignature else { return failure }
        processor.send(column.secureLine)
        return processor.settings.signature == .bad ? .signature : failure
    }
}
