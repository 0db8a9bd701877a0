import ArgumentParser

struct CtlCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ctl",
        abstract: "Control a running emulation: its power, its wires, faults; reset, watch, stop.",
        discussion: """
            It controls the emulation that --port names, or else SOLDERLESS_CONTROL (run sets it for its command), or \
            else the only one that is running. docs/control.md describes the protocol, for programs.
            """,
        subcommands: [
            CtlPowerCommand.self, CtlResetCommand.self, CtlPlugCommand.self, CtlUnplugCommand.self,
            CtlAdapterCommand.self, CtlFaultCommand.self, CtlStatusCommand.self, CtlEventsCommand.self,
            CtlStopCommand.self, CtlListCommand.self,
        ])

    @OptionGroup var target: CtlTarget
}
