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

    @Argument(
        parsing: .captureForPassthrough,
        help: ArgumentHelp("What solderless-workbench takes: solderless workbench --help.", valueName: "option"))
    var options: [String] = []

    private static let program = "solderless-workbench"

    func run() throws {
        let words = [try path()] + options
        // Nothing of ours is open: what is here becomes the workbench.
        var pointers = words.map { word in word.systemName.withUnsafeBufferPointer { strdup($0.baseAddress!) } } + [nil]
        execv(words[0].systemName, &pointers)
        throw Failure(.environment, "\(words[0]) cannot be started (\(String(cString: strerror(errno))))")
    }

    /// - Throws: `Failure`, which says how to build it.
    private func path() throws -> String {
        let here = linkTarget(of: "/proc/self/exe").map { folderAndName(of: $0).folder } ?? "."
        let path = "\(here)/\(Self.program)"
        guard access(path.systemName, X_OK) == 0 else {
            if options.contains("--help") || options.contains("-h") { throw CleanExit.helpRequest(self) }
            throw Failure(
                .environment,
                "\(Self.program) is not beside this program, in \(here). Build it: swift build -c release "
                    + "--product \(Self.program)"
            )
        }
        return path
    }
}
