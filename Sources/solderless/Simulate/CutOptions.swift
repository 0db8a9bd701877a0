import ArgumentParser
import Check
import Simulation

/// Which places of a run are cut, and how.
struct CutOptions: ParsableArguments {
    @Flag(
        help: """
            Cut the power at every place of the run (each step of the protocol, each operation of the flash, each 1,024 \
            bytes of a message), then give the command again. One seed: 1, or that of --seeds.
            """)
    var cuts = false

    @Flag(help: "Leave an erase or a page that is under way half done, by chance: an assumption.")
    var torn = false

    @Flag(help: "Pull the host's USB plug at each place, in place of the power.") var plug = false

    @Option(help: ArgumentHelp("Cut the command that is given again as well: 1 or 2 cuts a run.", valueName: "cuts"))
    var depth = 1

    @Option(
        name: .customLong("cut"),
        help: ArgumentHelp("Only this cut, by its number; of two cuts, 17.203.", valueName: "number"),
        transform: Self.path)
    var path: [Int]?

    @Flag(help: "Only the first and the last place of each stretch, and one in its middle.") var quick = false

    @Option(
        help: ArgumentHelp("Only the K-th of N shares of the places, for several machines.", valueName: "K/N"),
        transform: Share.init(parsing:))
    var shard: Share?

    /// Every N-th place, beginning with the K-th.
    struct Share {
        var number: Int
        var count: Int

        init(parsing text: String) throws {
            let parts = text.split(separator: "/", omittingEmptySubsequences: false).map { Int($0) }
            guard parts.count == 2, let number = parts[0], let count = parts[1], (1...1000).contains(count),
                (1...count).contains(number)
            else { throw ValidationError("it is written 2/8: the second of eight shares") }
            (self.number, self.count) = (number, count)
        }

        func has(_ place: CutPlace) -> Bool { (place.number - 1) % count == number - 1 }
    }

    mutating func validate() throws {
        guard cuts else {
            let given = [
                (torn, "--torn"), (plug, "--plug"), (depth != 1, "--depth"), (path != nil, "--cut"), (quick, "--quick"),
                (shard != nil, "--shard"),
            ]
            if let (_, option) = given.first(where: \.0) { throw ValidationError("\(option) needs --cuts") }
            return
        }
        guard (1...2).contains(depth) else { throw ValidationError("--depth takes 1 or 2, not \(depth)") }
        guard !torn || !plug else {
            throw ValidationError("--torn is for the power: with --plug the chip keeps it, and ends what it has begun")
        }
        guard path == nil || !quick && shard == nil && depth == 1 else {
            throw ValidationError("--cut is one cut: leave out --quick, --shard and --depth")
        }
    }

    private static func path(_ text: String) throws -> [Int] {
        let numbers = text.split(separator: ".", omittingEmptySubsequences: false).map { Int($0) ?? 0 }
        guard (1...2).contains(numbers.count), numbers.allSatisfy({ $0 > 0 }) else {
            throw ValidationError("it is a number from 1, or two with a point between them: 17, 17.203")
        }
        return numbers
    }

    /// The places of a run that are meant. - Parameter isFirst: whether nothing was cut before.
    func chosen(of places: [CutPlace], isFirst: Bool) -> [CutPlace] {
        let places = quick ? places.edges : places
        guard isFirst, let shard else { return places }
        return places.filter(shard.has)
    }

    /// For a command that repeats a cut.
    func words(repeating path: [Int]) -> String {
        "--cuts\(torn ? " --torn" : plug ? " --plug" : "") --cut \(path.map(String.init).joined(separator: "."))"
    }
}
