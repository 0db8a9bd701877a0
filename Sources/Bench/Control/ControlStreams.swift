/// What is told only to those who ask for it: it is much.
package struct ControlStreams: OptionSet, Hashable, Sendable {
    package let rawValue: UInt8

    package init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    /// The session, line by line, as `show` tells it.
    package static let story = ControlStreams(rawValue: 1)
    /// What an oscilloscope at the inputs shows.
    package static let waves = ControlStreams(rawValue: 2)
    /// What is done to the flash.
    package static let flash = ControlStreams(rawValue: 4)

    package static let all: ControlStreams = [.story, .waves, .flash]

    private static let named: [(name: String, stream: ControlStreams)] = [
        ("story", .story), ("waves", .waves), ("flash", .flash),
    ]

    /// As the protocol spells one of them; nil for another name.
    init?(name: String) {
        guard let stream = Self.named.first(where: { $0.name == name })?.stream else { return nil }
        self = stream
    }

    /// As the protocol spells them.
    var names: [String] { Self.named.filter { contains($0.stream) }.map(\.name) }
}
