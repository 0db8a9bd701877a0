import ArgumentParser
import Story
import Words

/// Which of a trace's events are shown.
struct EventSelection: ParsableArguments {
    @Option(help: ArgumentHelp("From this time on, as shown.", valueName: "seconds")) var from: Double?
    @Option(help: ArgumentHelp("Up to this time.", valueName: "seconds")) var to: Double?
    @Option(
        help: ArgumentHelp(
            "Only events of this kind, as --json names them: request, xmodem-block, text, differs. Repeatable.",
            valueName: "kind"))
    var kind: [String] = []
    @Option(help: ArgumentHelp("Only events with this in their text, in capitals or not.", valueName: "text"))
    var grep: String?

    var isAsked: Bool { from != nil || to != nil || !kind.isEmpty || grep != nil }

    mutating func validate() throws {
        for (option, time) in [("--from", from), ("--to", to)] {
            guard let time else { continue }
            guard (0...3_155_760_000).contains(time) else {
                throw ValidationError("\(option) takes 0 to 3155760000 seconds, not \(time)")
            }
        }
        if let from, let to, from > to { throw ValidationError("--from \(from) is after --to \(to)") }
        for kind in kind where !StoryFilter.allKinds.contains(kind) {
            throw ValidationError(
                "there is no kind \(quotedExcerpt(kind))\(Nearest.advice(for: kind, among: StoryFilter.allKinds))")
        }
    }

    var filter: StoryFilter {
        var filter = StoryFilter()
        filter.from = from.map { Int64($0 * 1e9) }
        filter.to = to.map { Int64(($0 * 1e9).rounded(.up)) }
        filter.kinds = Set(kind)
        filter.text = grep ?? ""
        return filter
    }
}
