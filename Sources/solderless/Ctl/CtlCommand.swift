import ArgumentParser

struct CtlCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ctl",
        abstract: "Do something to a chip that emulate or run has: switch its power, reset it, look on, end it.",
        discussion: """
            Which one: --port, or the one that SOLDERLESS_CONTROL names (a command behind run has it in its \
            environment), or the only one there is.
            docs/control.md describes the protocol, for programs that want to do this themselves.
            """,
        subcommands: [
            CtlPowerCommand.self, CtlResetCommand.self, CtlStatusCommand.self, CtlEventsCommand.self,
            CtlStopCommand.self, CtlListCommand.self,
        ])

    @OptionGroup var target: CtlTarget
}
