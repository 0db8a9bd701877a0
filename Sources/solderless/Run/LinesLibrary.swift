import Bench
import Ports

/// What gives a command's port control lines: the preload library, and what it finds in its environment.
struct LinesLibrary {
    private let library: PreloadLibrary

    /// Nil where the command cannot have it; then it is said why, and the command runs as it always did.
    init?(for words: [[UInt8]]) {
        if let obstacle = PreloadObstacle.to(words) {
            let remedy = obstacle.remedy.map { "; \($0)" } ?? ""
            Console.log("solderless run: no control lines: \(obstacle.reason)\(remedy)")
            return nil
        }
        do throws(PortError) {
            library = try PreloadLibrary(.lines)
        } catch {
            Console.log("solderless run: no control lines: \(error)")
            return nil
        }
    }

    /// What the environment of a command has beside ours.
    func variables(for emulation: EmulationThread) -> [(name: String, value: String?)] {
        guard let socket = emulation.linesSocket, let device = Terminals.device(emulation.path) else { return [] }
        return library.variables(socket: socket, device: device)
    }
}
