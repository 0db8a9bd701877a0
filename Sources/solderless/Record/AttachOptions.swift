import ArgumentParser

/// How `record` records inside a program.
struct AttachOptions: ParsableArguments {
    @Flag(
        help: """
            Record inside the command after -- instead of in front of a port: a preload library in it reports what it \
            does with the port that it opens.
            """)
    var attach = false

    @Option(
        help: ArgumentHelp(
            "With --attach: the port to record, where the command opens several. (default: the first it opens)",
            valueName: "path"))
    var port: String?

    @Argument(parsing: .postTerminator, help: "With --attach: the command and its arguments, after --.")
    var command: [String] = []

    func validate() throws {
        guard attach else {
            if port != nil { throw ValidationError("--port needs --attach") }
            if !command.isEmpty { throw ValidationError("a command after -- needs --attach") }
            return
        }
        guard !command.isEmpty else { throw ValidationError("no command given; put it after --") }
        guard port != "" else { throw ValidationError("--port takes a path, which is empty here") }
    }
}
