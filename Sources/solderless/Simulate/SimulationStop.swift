import Synchronization

#if canImport(Glibc)
    import Glibc
#endif

/// ^C or SIGTERM while a simulation runs: no further run begins, and those that are done are told.
enum SimulationStop {
    /// The signal that came; nil when none did.
    static var signal: Int32? {
        let number = lastSignal.load(ordering: .relaxed)
        return number == 0 ? nil : number
    }

    /// From now on the first of them only asks; another one ends the process, as it would have anyway.
    static func listen() {
        // Made here, because making it is nothing for a signal's handler.
        lastSignal.store(0, ordering: .relaxed)
        var action = sigaction()
        action.__sigaction_handler.sa_handler = { lastSignal.store($0, ordering: .relaxed) }
        action.sa_flags = Int32(bitPattern: UInt32(SA_RESETHAND)) | SA_RESTART
        for number in [SIGINT, SIGTERM] { sigaction(number, &action, nil) }
    }

    /// From now on a signal ends the process.
    static func end() {
        for number in [SIGINT, SIGTERM] { Glibc.signal(number, SIG_DFL) }
    }
}

private let lastSignal = Atomic<Int32>(0)
