package import Emulator
package import Line

/// A moment of a run at which the power can go, or the plug.
package struct CutPlace: Hashable, Sendable {
    /// What there is to be cut.
    package enum Kind: String, Hashable, Sendable, CaseIterable {
        /// A message has just crossed whole, and nothing has come of it.
        case step
        /// The flash is in the middle of an erase or of a page.
        case flash
        /// A multiple of 1,024 bytes of a message has crossed.
        case bytes
    }

    /// From 1, in the order of time.
    package var number: Int
    package var kind: Kind
    /// On the line's clock, which begins with the run.
    package var moment: Instant
    /// What the host is about; places of a stretch follow each other.
    package var stretch: String
    /// In words: "after ERASE 0x8000 +24576", "while erasing 0x9000".
    package var words: String
    /// What it is called in any run of the same host; nil where a run is always the same and the moment will do.
    package var point: CutPoint?

    package init(
        number: Int, kind: Kind, moment: Instant, stretch: String, words: String, point: CutPoint? = nil
    ) {
        self.number = number
        self.kind = kind
        self.moment = moment
        self.stretch = stretch
        self.words = words
        self.point = point
    }
}

extension [CutPlace] {
    /// The first and the last of each stretch, and one in its middle.
    package var edges: [CutPlace] {
        var chosen: [CutPlace] = []
        var rest = self[...]
        while let first = rest.first {
            let stretch = rest.prefix { $0.stretch == first.stretch }
            rest = rest.dropFirst(stretch.count)
            let places = Set([
                stretch.startIndex, (stretch.startIndex + stretch.endIndex - 1) / 2, stretch.endIndex - 1,
            ])
            chosen += places.sorted().map { stretch[$0] }
        }
        return chosen
    }
}
