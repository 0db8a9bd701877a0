import ArgumentParser
import Check
import Emulator
import Words

/// Which places of a run of a flasher are cut, and how.
struct CheckCutOptions: ParsableArguments {
    @Flag(help: "With --suite cuts: pull the USB plug, in place of the power.") var plug = false

    @Flag(help: "With --suite cuts: leave an erase or a page that is under way half done, by chance: an assumption.")
    var torn = false

    @Flag(help: "With --suite cuts: only the first and the last place of each stretch, and one in its middle.")
    var quick = false

    @Option(
        help: ArgumentHelp(
            "With --suite cuts: cut the command that is given again as well, at the edges of its stretches, once for each "
                + "flash that first cuts have left. Needs --quick: 1 or 2 cuts a run.", valueName: "cuts"))
    var depth = 1

    @Option(
        help: ArgumentHelp(
            "With --suite cuts: only this cut, by its number or by what the report calls it: 17, block-ack:3; two of them "
                + "with a point between.", valueName: "place"), transform: Choice.init(parsing:))
    var cut: Choice?

    @Option(
        help: ArgumentHelp(
            "With --suite cuts: only the K-th of N shares of the places, for several machines.", valueName: "K/N"),
        transform: CutOptions.Share.init(parsing:))
    var shard: CutOptions.Share?

    /// One cut, or one after another.
    enum Choice: Hashable {
        case number(Int)
        case points([CutPoint])

        init(parsing text: String) throws {
            if let number = Int(text) {
                guard number > 0 else { throw ValidationError("places are counted from 1") }
                self = .number(number)
            } else {
                let parts = text.split(separator: ".", omittingEmptySubsequences: false)
                guard parts.count <= 2 else { throw ValidationError("two cuts are the most") }
                self = .points(try parts.map { try CheckCutOptions.point(String($0)) })
            }
        }
    }

    static func point(_ text: String) throws -> CutPoint {
        guard let point = CutPoint(text) else {
            throw ValidationError(
                "\(quotedExcerpt(text)) is no place: it is a number, or a name from the report: block-ack:3, "
                    + "data-frame:2+1024 (a multiple of 1024 bytes), erase:4")
        }
        return point
    }

    /// - Throws: `ValidationError`, unless they go with the suite.
    func check(with suite: CheckSuite?) throws {
        guard suite == .cuts else {
            let given = [
                (plug, "--plug"), (torn, "--torn"), (quick, "--quick"), (depth != 1, "--depth"), (cut != nil, "--cut"),
                (shard != nil, "--shard"),
            ]
            if let (_, option) = given.first(where: \.0) { throw ValidationError("\(option) needs --suite cuts") }
            return
        }
        guard (1...2).contains(depth) else { throw ValidationError("--depth takes 1 or 2, not \(depth)") }
        guard depth == 1 || quick else {
            throw ValidationError("--depth 2 needs --quick: two cuts at every place would take days")
        }
        guard !plug || !torn else {
            throw ValidationError("--torn is for the power: with --plug the chip keeps it, and ends what it has begun")
        }
        guard cut == nil || !quick && shard == nil && depth == 1 else {
            throw ValidationError("--cut is one cut: leave out --quick, --shard and --depth")
        }
    }

    /// The places of a run that are meant. - Parameter isFirst: whether nothing was cut before.
    func chosen(of places: [CutPlace], isFirst: Bool) -> [CutPlace] {
        let places = quick ? places.edges : places
        guard isFirst, let shard else { return places }
        return places.filter(shard.has)
    }

    /// - Parameter earlier: the cuts that came before.
    func cutCase(at place: CutPlace, after earlier: [CutPoint] = []) -> CutCase? {
        place.point.map {
            CutCase(
                at: earlier + [$0], pullsPlug: plug, tears: torn, words: place.words, stretch: place.stretch)
        }
    }

    /// The options that make the same cut again.
    static func words(for cut: CutCase) -> [String] {
        ["--suite", "cuts", "--cut", cut.path] + (cut.pullsPlug ? ["--plug"] : cut.tears ? ["--torn"] : [])
    }
}
