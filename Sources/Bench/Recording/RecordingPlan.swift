package import Line
import Trace

/// What to record, and how: everything that `record` can be asked for.
package struct RecordingPlan {
    /// The real port.
    package var device: String
    /// Symbolic link to the port that the flasher opens; nil for none.
    package var link: String?
    package var tracePath: String
    package var replacesTrace = false
    /// The size at which the recording ends, in bytes; nil for no limit.
    package var mostTraceBytes: Int?
    /// What goes wrong between the port and the flasher: faults of the wires and of the protocol.
    package var faults: [LabelledFault] = []
    /// Decides what a fault leaves to chance.
    package var lineSeed: UInt64 = 1
    /// What that was made of, and where the faults come from; nil for none.
    package var seed: UInt64?
    package var scenario: String?
    package var programVersion = ""
    package var commandLine = ""

    package init(device: String, tracePath: String) {
        self.device = device
        self.tracePath = tracePath
    }
}

extension RecordingPlan {
    /// What lies between the port and the flasher. Levels and rates are the real bench's own.
    var conditions: LineConditions {
        var conditions = LineConditions.perfect
        conditions.faults = faults
        conditions.seed = lineSeed
        return conditions
    }

    /// - Parameter port: the one that the flasher opens.
    func session(port: String, epoch: Int64) -> SessionDescription {
        SessionDescription(
            program: "solderless", programVersion: programVersion, clock: .host, seed: seed, epoch: epoch,
            properties: [.init("device", device), .init("port", port)]
                + (scenario.map { [.init("scenario", $0)] } ?? []) + [.init("command", commandLine)])
    }
}
