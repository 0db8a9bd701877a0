import ArgumentParser

struct CtlCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ctl",
        abstract: "Control a running emulation: switch the power, reset, watch, stop.",
        discussion: """
            It controls the emulation that --port names, or else SOLDERLESS_CONTROL (run sets it for its command), or \
            else the only one that is running. docs/control.md describes the protocol, for programs.
            """,
        subcommands: [
            CtlPowerCommand.self, CtlResetCommand.self, CtlStatusCommand.self, CtlEventsCommand.self,
            CtlStopCommand.self, CtlListCommand.self,
        ])

    @OptionGroup var target: CtlTarget
}
