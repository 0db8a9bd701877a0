import Bench
import Ports

/// What gives a command's port control lines: the preload library, and what it finds in its environment.
struct LinesLibrary {
    /// Why a command cannot have it: a clause without a full stop.
    struct Obstacle: Error, CustomStringConvertible {
        let description: String
    }

    private let library: PreloadLibrary

    /// - Parameter words: the program and its arguments.
    /// - Throws: `Obstacle`: the command then runs without control lines.
    init(for words: [[UInt8]]) throws(Obstacle) {
        if let obstacle = PreloadObstacle.to(words) {
            let remedy = obstacle.remedy.map { "; \($0)" } ?? ""
            throw Obstacle(description: "no control lines: \(obstacle.reason)\(remedy)")
        }
        do throws(PortError) {
            library = try PreloadLibrary(.lines)
        } catch {
            throw Obstacle(description: "no control lines: \(error)")
        }
    }

    /// What the environment of a command has beside ours.
    func variables(for emulation: EmulationThread) -> [(name: String, value: String?)] {
        guard let socket = emulation.linesSocket, let device = Terminals.device(emulation.path) else { return [] }
        return library.variables(socket: socket, device: device)
    }
}
