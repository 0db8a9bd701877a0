package import Capture
package import Line
package import Trace

/// A recording inside a program: what is to be recorded, and where to.
package struct AttachedPlan: Sendable {
    /// The trace.
    package var tracePath: String
    /// Whether a file of that name may be replaced.
    package var replacesTrace: Bool
    /// The port that is meant, where the program opens several; nil for the first.
    package var port: String?
    package var commandLine: String
    package var programVersion: String

    package init(
        tracePath: String, replacesTrace: Bool, port: String?, commandLine: String, programVersion: String
    ) {
        self.tracePath = tracePath
        self.replacesTrace = replacesTrace
        self.port = port
        self.commandLine = commandLine
        self.programVersion = programVersion
    }
}

/// What a recording inside a program has come to.
package struct AttachedSummary: Sendable {
    /// Every port that was opened, the first one first.
    package internal(set) var ports: [AttachedPorts.Port] = []
    package internal(set) var recorded: TerminalDevice?
    /// Rates that were set, each once, the first of them.
    package internal(set) var bauds: [UInt32] = []
    /// Bytes that were not reported: the recorder fell behind.
    package internal(set) var lost = Pair(0)
    /// Other events that were not reported.
    package internal(set) var lostOthers = 0
    /// Processes that had the preload library.
    package internal(set) var processCount = 0
    /// Processes that were too many.
    package internal(set) var surplusCount = 0
    /// Processes that reported what makes no sense.
    package internal(set) var damageCount = 0
    /// Processes that had the recorded port open when recording ended.
    package internal(set) var stillHolding: [UInt32] = []
    /// Why the trace is not complete, if so.
    package internal(set) var traceFailure: CaptureError?

    /// The recorded port.
    package var port: AttachedPorts.Port? { ports.first { $0.device == recorded } }
}
