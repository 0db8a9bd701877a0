package import Line
package import Wire

/// A fault as a scenario writes it: a name and numbers, from which the fault itself is made for each run.
package struct FaultChoice: Hashable, Sendable {
    /// One of `FaultRegistry.summaries`.
    package var name: String
    /// The wire it is in; nil for both, or for what its nature says.
    package var direction: Direction?
    /// The step it is aimed at; nil for one that is aimed at nothing.
    package var aim: Aim?
    /// By the parameters' names, in their units; what is not given is the standard.
    package var values: [String: Int]

    package init(
        _ name: String, direction: Direction? = nil, aim: Aim? = nil, values: [String: Int] = [:]
    ) {
        self.name = name
        self.direction = direction
        self.aim = aim
        self.values = values
    }

    /// What a report calls it: its name, and what it is aimed at.
    package var label: String { aim.map { "\(name) at \($0.step.rawValue) \($0.count)" } ?? name }
}
