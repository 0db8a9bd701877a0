import ArgumentParser
import Files
import Words

#if canImport(Glibc)
    import Glibc
#endif

/// Starts the workbench in this process's place: a program of its own, so that nobody who wants none waits for its build.
struct WorkbenchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "workbench",
        abstract: "A bench in the browser: wires, power, the chip, and what crosses the line.",
        discussion: """
            Starts solderless-workbench, a program beside this one, with the same arguments; it serves a page on 127.0.0.1 \
            and prints its address. No browser is started. docs/workbench.md has more.
            """)

    @Option(help: ArgumentHelp("The page's port on 127.0.0.1; 0 for any that is free.", valueName: "number"))
    var port: UInt16 = 8660

    @Option(help: "The board. (default: tnce-plug)")
    var board: String?

    @Option(
        help: ArgumentHelp(
            "Begin with a bench that has something wrong with it: one of `solderless scenarios`, or a file.",
            valueName: "name|file"))
    var scenario: String?

    @Option(help: "Seed of everything random.")
    var seed: UInt64 = 1

    @Flag(help: "Begin with all wires plugged where they belong. (default: all loose)")
    var wired = false

    @Option(
        help: ArgumentHelp(
            "Symbolic link to the emulated port. (default: ecr6600 in the runtime folder)", valueName: "path"))
    var link: String?

    @Flag(help: "Make no link; the emulated port then has no name but /dev/pts/N.")
    var noLink = false

    private static let program = "solderless-workbench"

    func run() throws {
        let program = try Self.path()
        let words = [program, "--port", "\(port)", "--seed", "\(seed)"] + options
        // Nothing of ours is open: what is here becomes the workbench.
        var pointers = words.map { word in word.systemName.withUnsafeBufferPointer { strdup($0.baseAddress!) } } + [nil]
        execv(program.systemName, &pointers)
        throw Failure(.environment, "\(program) cannot be started (\(String(cString: strerror(errno))))")
    }

    private var options: [String] {
        let named = [("--board", board), ("--scenario", scenario), ("--link", link)]
        return named.flatMap { name, value in value.map { [name, $0] } ?? [] }
            + [("--wired", wired), ("--no-link", noLink)].filter(\.1).map(\.0)
    }

    /// - Throws: `Failure`, which says how to build it.
    private static func path() throws -> String {
        let here = linkTarget(of: "/proc/self/exe").map { folderAndName(of: $0).folder } ?? "."
        let path = "\(here)/\(program)"
        guard access(path.systemName, X_OK) == 0 else {
            throw Failure(
                .environment,
                "\(program) is not beside this program, in \(here). Build it: swift build -c release --product \(program)"
            )
        }
        return path
    }
}
