import ArgumentParser
import Bench
import Emulator
import Files
import Images
import Ports
import Scenarios
import Wire

/// What `emulate` and `run` take.
struct EmulationOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Symbolic link to the port. (default: ecr6600 in the runtime folder; of run: none)", valueName: "path"))
    var link: String?

    @Flag(help: "Make no link; the port then has no name but /dev/pts/N.")
    var noLink = false

    @Option(
        help: ArgumentHelp(
            "Path of the control socket for solderless ctl, at most 107 bytes. (default: the link's path with .ctl "
                + "appended, or a file named after the process id in the runtime folder)", valueName: "path"))
    var control: String?

    @Flag(help: "Make no control socket; solderless ctl cannot reach the emulation.")
    var noControl = false

    @Option(
        help: ArgumentHelp(
            "File that holds the flash. It is read at the start and written back whole whenever the flash has been "
                + "idle for a moment, and at the end. A new one begins as a made-up plug: partition table, uboot, "
                + "application, a MAC. (default: the made-up plug, which is not kept)",
            valueName: "file"))
    var flash: String?

    @Option(
        help: ArgumentHelp(
            "Start with the contents of this file and never write to it; what the host writes is not kept.",
            valueName: "file"))
    var flashFrom: String?

    @Flag(help: "A new flash is an erased one; in a file that is too short, what follows is erased.")
    var erased = false

    @Option(
        help: ArgumentHelp(
            "The flash's id as six hex digits, size code first. (default: \(FlashID.gd25q16e), or the board's)",
            valueName: "id"))
    var flashId: FlashID?

    @Option(help: ArgumentHelp("File with the 128 bytes of eFuse. (default: generated)", valueName: "file"))
    var efuse: String?

    @Option(help: ArgumentHelp("File with the mask ROM that command 98 reads. (default: zeros)", valueName: "file"))
    var rom: String?

    @Option(
        help: """
            The stub that runs if the upload is not recognised; auto means community. (default: auto, or the board's)
            """)
    var stub: StubChoice?

    @Option(
        help: """
            What runs once the chip has power: the mask ROM (rom waits for an upload, flash boots from flash, sdio \
            and spi-slave ignore the UART), uboot, a stub or the application. off: the chip has no power until you \
            switch it on, and then starts as the board's straps select. (default: rom, or what the board's straps \
            select)
            """)
    var start: StartChoice?

    @Option(
        help: ArgumentHelp(
            "The uboot that starts the application; auto takes the version found in the flash, else 1.4.0. "
                + "(default: auto, or the board's)")
    )
    var uboot: UBootChoice?

    @OptionGroup var boot: BootOptions

    @OptionGroup var bench: ScenarioOptions

    @Option(
        help: ArgumentHelp("Switch the power on this long after the host's first byte.", valueName: "seconds"))
    var powerAfter: Double?

    @Option(
        help: ArgumentHelp(
            "How long the supply takes to rise to 3.3 V; the chip starts above 2.5 V. (default: 0, or the "
                + "scenario's)", valueName: "seconds"))
    var powerRamp: Double?

    @Option(
        help: ArgumentHelp(
            "wire: real time, as on a bench (but see --strict); brisk: no pacing of bytes, but the loaders' own "
                + "delays; fast: no waiting at all.")
    )
    var time = TimeMode.Pace.wire

    @Flag(
        help: """
            With --time wire: the line's clock never runs ahead of the wall clock. By default it does when more than \
            5 KB of the host's bytes wait to cross, because a pseudo-terminal accepts a write at once that a real \
            port would hold back.
            """)
    var strict = false

    @Flag(
        help: ArgumentHelp(
            "Let a chip erase take as long as on the real flash. By default it takes at most 8.5 s, because "
                + "hosts give up after 10."))
    var realErase = false

    @Option(
        help: ArgumentHelp(
            "Depth of the UART's FIFOs: 16 or 32; sources differ. (default: 32, or the chip file's)",
            valueName: "characters"))
    var fifo: Int?

    @Flag(help: "The mask ROM does not acknowledge each 1024 bytes with 00. Whether a real one does is unknown.")
    var noPieceAcks = false

    @Flag(
        help: """
            Stub 1.3.11 finds the factory data that it wants on a flash of manufacturer EB. Without it the stub \
            prints "ft error!" every second and takes no command.
            """)
    var factoryData = false

    @Flag(
        help: """
            RUN without a valid uboot in the flash returns to the stub, which prints "stub err!" every 2 s; by \
            default the mask ROM enters UART boot. What a real chip does is unknown.
            """)
    var runReturns = false

    @Option(help: "What the chip does where its behaviour is undefined: silent or reset. (default: silent)")
    var undefined: ChipSettings.Undefined?

    @Option(help: ArgumentHelp("Write a trace (pcap) of everything on the line.", valueName: "file"))
    var trace: String?

    @Flag(help: "Replace the trace if it exists.")
    var overwrite = false

    @Option(
        help: """
            Seed of everything random, as in `simulate`: generated flash contents, noise, faults, the AES key that \
            command 08 creates.
            """)
    var seed: UInt64 = 1

    mutating func validate() throws {
        if let fifo, fifo != 16, fifo != 32 { throw ValidationError("--fifo is 16 or 32, not \(fifo)") }
        if let powerAfter {
            guard (0...86_400).contains(powerAfter) else {
                throw ValidationError("--power-after takes 0 to 86400 seconds, not \(powerAfter)")
            }
            guard start != .off else { throw ValidationError("--power-after contradicts --start off") }
        }
        if let powerRamp, !(0...60).contains(powerRamp) {
            throw ValidationError("--power-ramp takes 0 to 60 seconds, not \(powerRamp)")
        }
        guard !strict || time == .wire else { throw ValidationError("--strict needs --time wire") }
        guard !realErase || time == .wire else { throw ValidationError("--real-erase needs --time wire") }
        guard flash == nil || flashFrom == nil else {
            throw ValidationError(
                "--flash contradicts --flash-from: copy the file first to keep what is written to the copy")
        }
        for (option, path) in [("--flash", flash), ("--flash-from", flashFrom)] where path?.isEmpty == true {
            throw ValidationError("\(option) takes a path, which is empty here")
        }
        if let trace { try checkApart("--trace", trace) }
        for (option, path) in [("--link", link), ("--control", control)] where path?.isEmpty == true {
            throw ValidationError("\(option) takes a path, which is empty here")
        }
        guard link == nil || !noLink else { throw ValidationError("--link contradicts --no-link") }
        guard control == nil || !noControl else { throw ValidationError("--control contradicts --no-control") }
    }

    /// What is written must not be what is read. - Throws: `ValidationError`.
    func checkApart(_ option: String, _ path: String, from others: [(option: String, file: String)] = []) throws {
        let files = [("--flash", flash), ("--flash-from", flashFrom), ("--efuse", efuse), ("--rom", rom)]
        for (other, file) in files + others.map({ ($0.option, Optional($0.file)) }) {
            guard let file, place(of: file) == place(of: path) else { continue }
            throw ValidationError("\(option) and \(other) name the same file, \(file)")
        }
    }

    /// What these options ask for otherwise than scenario and board have it. - Throws: `FileError`, `FileProblem`.
    private func overrides(_ parts: FlashParts) throws -> Overrides {
        var overrides = try boot.overrides(parts: parts)
        overrides.start = start?.start
        overrides.flashID = flashId
        overrides.stub = stub.map(\.version)
        overrides.uboot = uboot.map(\.version)
        overrides.fifoDepth = fifo
        overrides.undefined = undefined
        overrides.powerRamp = powerRamp.map { .seconds($0) }
        if noPieceAcks { overrides.romAcknowledgesPieces = false }
        if factoryData { overrides.hasFactoryData = true }
        if runReturns { overrides.flashBootReturns = true }
        if start == .off {
            overrides.power = .off
        } else if let powerAfter {
            overrides.power = .afterFirstCharacter(.seconds(powerAfter))
        }
        return overrides
    }

    /// - Parameter linksByDefault: whether the port gets a link when none is named.
    /// - Throws: `Failure`, `FaultError`, `FileError`, `PortError` and `FileProblem`.
    func plan(linksByDefault: Bool) throws -> EmulationPlan {
        let parts = try boot.readFlashParts()
        let setup = try Setup(
            bench.read(parts: parts) ?? Scenario(name: "none"), seed: seed, overrides: overrides(parts))
        let scenario = setup.scenario
        var plan = EmulationPlan(
            setup, time: TimeMode(time, isStrict: strict, erasesForReal: realErase))
        plan.link = try link ?? (noLink || !linksByDefault ? nil : PseudoTerminal.defaultLink(name: "ecr6600"))
        plan.control = controlSocket(besideLink: plan.link)
        if bench.isAsked {
            plan.scenario = scenario.name
            if let advice = scenario.advice { Console.log(advice) }
        }
        plan.flashTimes = parts[scenario.flashID]?.times
        plan.flashPath = flash
        plan.flashSource = flashFrom
        plan.flashRest = erased ? .erased : .madeUp
        if let efuse { plan.efuse = EFuse(try FileStore.read(path: efuse, limit: EFuse.byteCount)) }
        if let rom { plan.rom = try FileStore.read(path: rom, limit: MemoryMap.romByteCount) }
        plan.tracePath = trace
        plan.replacesTrace = overwrite
        plan.programVersion = Solderless.version
        plan.commandLine = CommandLineWords.all.filter { $0 != DetachOptions.mark }.joined(separator: " ")
        return plan
    }

    /// The control socket. If the user did not ask for it and it cannot be made, the emulation runs without it.
    private func controlSocket(besideLink link: String?) -> EmulationPlan.Control {
        if noControl { return .none }
        if let control { return .required(control) }
        return .wanted(link.map(ControlFolder.socket(besideLink:)))
    }

    /// What is emulated, in a line.
    func summary(of plan: EmulationPlan) -> String {
        let (chip, flashID) = (plan.setup.chip, plan.setup.scenario.flashID)
        let size = flashID.byteCount.map { "\($0 >> 20) MB" } ?? "unknown size"
        let board =
            (plan.setup.scenario.board.map { " on \($0)" } ?? "") + (plan.scenario.map { ", scenario \($0)" } ?? "")
        let start = start == .off ? "off" : chip.start.name
        let power = powerAfter.map { ", power \($0) s after the first byte" } ?? ""
        return "ECR6600\(board), flash \(flashID) (\(size)), start \(start)\(power), "
            + "uboot \(chip.uboot?.rawValue ?? "auto"), stub \(chip.stub?.rawValue ?? "auto"), "
            + "FIFOs of \(chip.fifoDepth), time \(time.rawValue)\(strict ? " strict" : "")"
    }
}

/// `--stub`.
enum StubChoice: String, ExpressibleByArgument, CaseIterable {
    case auto
    case community
    case communityOfDecember2025 = "community-2025-12"
    case vendor131 = "vendor-1.3.1"
    case vendor134 = "vendor-1.3.4"
    case vendor1311 = "vendor-1.3.11"
    case vendor140 = "vendor-1.4.0"

    /// Nil for `auto`: what was uploaded decides.
    var version: StubImage.Version? { StubImage.Version(rawValue: rawValue) }
}

/// `--start`.
enum StartChoice: String, ExpressibleByArgument, CaseIterable {
    case off
    case rom
    case flash
    case sdio
    case spiSlave = "spi-slave"
    case uboot
    case stub
    case app

    /// nil for `off`: once it is switched on, it starts as the board's straps say.
    var start: ChipSettings.Start? { ChipSettings.Start.allCases.first { $0.name == rawValue } }
}

extension TimeMode.Pace: ExpressibleByArgument {}
extension ChipSettings.Undefined: ExpressibleByArgument {}

extension FlashID: ExpressibleByArgument {
    public init?(argument: String) {
        self.init(argument)
    }

    public var defaultValueDescription: String { description }
}
