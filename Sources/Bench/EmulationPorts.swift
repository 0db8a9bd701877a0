import Logging
import Ports

/// What others reach an emulation by.
extension Emulation {
    /// - Throws: `PortError`, which names the options that help.
    static func terminal(_ link: String?) throws(PortError) -> PseudoTerminal {
        do throws(PortError) {
            return try PseudoTerminal(link: link)
        } catch {
            var error = error
            if link != nil, error.code == .busy || error.code == .linkTaken {
                error.remedy += "; or make none: --no-link"
            }
            throw error
        }
    }

    /// If the socket was not asked for explicitly, the emulation does without it.
    static func server(_ choice: EmulationPlan.Control, _ log: Logger) throws(PortError) -> ControlServer? {
        // What killed emulations have left in the runtime folder goes now.
        if choice != .none { ControlFolder.removeThoseOfTheDead() }
        switch choice {
        case .none: return nil
        case .required(let path): return try ControlServer(path: path)
        case .wanted(let path):
            do {
                return try ControlServer(path: try path ?? ControlFolder.socketWithoutLink())
            } catch {
                log.warning("no control socket, so `solderless ctl` cannot reach this emulation: \(error)")
                return nil
            }
        }
    }
}
