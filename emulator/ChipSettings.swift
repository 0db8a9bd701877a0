package import Images
package import Line

/// What kind of chip it is and how it behaves where the facts leave a choice. Every default is documented here; none of
/// them is a claim about real parts.
package struct ChipSettings: Hashable, Sendable {
    /// Where the chip is once it has power.
    package enum Start: Hashable, Sendable {
        /// In the mask ROM, in the mode that the straps select.
        case straps(BootMode)
        /// In uboot, on the way to the application, whatever the flash holds in uboot's place.
        case uboot
        /// In the stub: one has been uploaded already.
        case stub
        /// In the application.
        case app
    }

    /// What happens where the chip's behaviour is undefined (bodies longer than the buffer, impossible baud rates, ranges
    /// that wrap at 32 bits).
    package enum Undefined: String, Hashable, Sendable, CaseIterable {
        /// It says nothing any more until power is cycled.
        case silent
        /// It starts again as after power-on.
        case reset
    }

    /// What a signature is worth.
    package enum Signature: String, Hashable, Sendable, CaseIterable {
        case good
        case bad
    }

    /// What uboot's check of the application comes back with (facts §2, "other return codes").
    package enum UBootError: String, Hashable, Sendable, CaseIterable {
        /// What the flash deserves.
        case none
        /// Code 4, which 1.3.x prints as `partition err`.
        case partition
        /// A code without its own text, which 1.3.x prints as `uboot err`.
        case other
    }

    /// Whether an update over the air is pending when uboot starts (facts §2, "OTA pending").
    package enum Update: String, Hashable, Sendable, CaseIterable {
        case none
        /// It is, and runs to its end.
        case pending
        /// It is, and 1.4.0 gets no heap for it; 1.3.x, which knows no such error, runs it to its end.
        case heapError = "heap-error"
    }

    /// Whether uboot provisions flash encryption (facts §2, last row).
    package enum Provisioning: String, Hashable, Sendable, CaseIterable {
        case none
        /// It does, to the end.
        case run
        /// It would, and misses the 1.8 V that programming the eFuse needs (facts §8).
        case without1V8 = "no-1v8"
    }

    /// What becomes of flash encryption, whose cipher is not known.
    package enum Encryption: String, Hashable, Sendable, CaseIterable {
        /// Everything is stored as it is written, whatever the eFuse says.
        case none
        /// An XOR takes its place: `EncryptionStandIn`.
        case standIn = "stand-in"
    }

    package var start = Start.rom
    /// How long the supply takes to rise from 0 to 3.3 V, in a straight line: a bench supply's matter, so 0 unless
    /// told.
    package var powerRamp = Duration.zero
    /// What is soldered to it; the mask ROM's baud rate comes from it (facts §3).
    package var crystal = Crystal.mhz40
    /// Whether eFuse bit 19 has a say in what the straps mean.
    package var bootSelection = BootSelection.straps
    /// How long the mask ROM waits for a sync word in UART boot before it runs the flash. The vendor says that it does
    /// not wait for ever, and not how long (facts §1.2); nil, the default, is for ever.
    package var romTimeout: Duration?
    /// How long the mask ROM looks for a sync word before it runs the flash in flash boot. It can; for how long is
    /// unknown (facts §1.2). The default is not at all.
    package var romWindow = Duration.zero
    /// Which uboot runs when one does; nil takes the one that the flash asks for, or else 1.4.0, and says so.
    package var uboot: UBootVersion?
    /// What secure boot makes of the application's signature. No key is known, so it is not computed.
    package var signature = Signature.good
    /// What uboot's check comes back with, whatever the flash holds. Whether a real one can come back with these codes
    /// is unclear (facts §2), so nothing but this setting leads to them.
    package var ubootError = UBootError.none
    /// Whether each start of uboot finds an update pending. What makes one pending is unknown, so nothing but this
    /// setting does; `UBootUpdate` names the other assumptions.
    package var update = Update.none
    /// Whether each start of uboot provisions flash encryption. What makes it do so is unknown, so nothing but this
    /// setting does; `UBootProvisioning` names the other assumptions.
    package var provisioning = Provisioning.none
    /// What the application says while it starts; nil for nothing.
    package var applicationLog: ApplicationLog?
    /// Applications that say something else, told by what stands in the flash when they start.
    package var firmwareLogs: [FirmwareLog] = []
    /// Whether writes are stored encrypted where the eFuse asks for it.
    package var encryption = Encryption.none
    /// Which stub runs when an upload does not say; nil lets the emulator take the community stub and say so.
    package var stub: StubImage.Version?
    /// Uploads that are told by size and SHA-256. The facts' list, whose images nobody here has: tests add their own.
    package var knownStubs = KnownStub.all
    /// Receive and transmit FIFO: 32 (SDK) or 16 (a stub's header), facts §1.3.
    package var fifoDepth = 32
    /// Whether the mask ROM answers 00 for every 1024 bytes of payload: likely by analogy with uboot, facts §3.
    package var romAcknowledgesPieces = true
    package var undefined = Undefined.silent
    /// Whether stub 1.3.11 finds the factory data that it looks for on a flash of manufacturer EB (facts §4); it was
    /// run with a blank memory only, and did not.
    package var hasFactoryData = false
    /// Whether ROM `flash_boot` comes back to the stub that RUN left when the flash holds no valid uboot, so that the
    /// stub complains every 2 s (facts §4.2); else the mask ROM falls into UART boot (facts §1.2).
    package var flashBootReturns = false
    /// Which of the host's control lines pull RESET_B low while they are asserted: what the board wires there. Without
    /// any, and on a port that has no such lines, RESET_B is high.
    package var resetLines: ControlLines = []
    /// Decides the chip's random numbers: the AES key that command 08 makes.
    package var seed: UInt64 = 1
    package var timing = ChipTiming.wire

    package init() {}

    /// From the switch to the end of power-on reset: above 2.5 V of 3.3 V (facts §1.1, §8).
    var resetRelease: Duration { powerRamp * 25 / 33 }
}

extension ChipSettings.Start: CaseIterable {
    /// In the mask ROM's UART boot mode.
    package static let rom = Self.straps(.uart)
    /// In the mask ROM's flash boot mode: a power-on as a device in use knows it.
    package static let flash = Self.straps(.flash)

    package static let allCases = BootMode.allCases.map(Self.straps) + [.uboot, .stub, .app]

    /// As options and traces spell it.
    package var name: String {
        switch self {
        case .straps(.uart): "rom"
        case .straps(let mode): mode.rawValue
        case .uboot: "uboot"
        case .stub: "stub"
        case .app: "app"
        }
    }
}

/// The chip's crystal, in hertz. eFuse word 0x20 should say the same (bit 16), and need not.
package enum Crystal: Int, Hashable, Sendable, CaseIterable {
    case mhz26 = 26_000_000
    case mhz40 = 40_000_000
}

/// How long things take in the chip.
package struct ChipTiming: Hashable, Sendable {
    /// Whether characters take their time on the wire.
    package var pacesCharacters: Bool
    /// From the moment at which the supply passes 2.5 V to the processor's first instruction, and from the release of
    /// RESET_B, for which nothing else is known. It is the sum of `powerUpSteps`.
    package var powerUp: Duration
    /// From the processor's start to uboot's, through the mask ROM: unknown, an assumption.
    package var romToUBoot: Duration
    /// uboot's check and copy of the application: unknown, an assumption.
    package var applicationLoad: Duration
    /// A tenth of an update over the air: unknown, an assumption.
    package var updateTenth: Duration
    /// A tenth of what the provisioning of encryption counts: unknown, an assumption.
    package var provisioningTenth: Duration
    /// uboot's sync window, as measured: 99.996 ms (facts §1.3).
    package var ubootWindow: Duration
    /// How long 1.3.x listens after each line of an error: 1000 ms (facts §1.3, §2).
    package var ubootErrorWindow: Duration
    /// From the stub's entry to its parser: 1–2 ms (facts §4).
    package var stubStart: Duration
    /// The least time before a stub answers a command. No real UART and USB adapter answers faster than about 1 ms, and
    /// a host was found that relies on it (facts §13.3).
    package var answerLatency: Duration
    /// A stub's own pause after BAUD: 50 ms (facts §4.2).
    package var baudPause: Duration
    /// A stub's own pause after RUN: 10 ms (facts §4.2).
    package var runPause: Duration
    /// The community stub's pause between the answer to 91 and its first `C`: 100 ms (facts §10, §13.2).
    package var xmodemPause: Duration
    /// SHA-256 over 1 KB: unknown, an assumption.
    package var hashPerKilobyte: Duration
    package var flash: FlashTimings

    /// What happens in the chip between power-on reset and the processor's start: the hardware guide's chain with a
    /// 40 MHz crystal (facts §1.1).
    package static let powerUpSteps: [Duration] = [
        .microseconds(5), .microseconds(210), .microseconds(210), .microseconds(240), .microseconds(60),
        .microseconds(240), .microseconds(60), .milliseconds(3),
    ]

    /// As on a bench: every character and every delay takes its time.
    package static let wire = ChipTiming(
        pacesCharacters: true, powerUp: powerUpSteps.reduce(.zero, +), romToUBoot: .milliseconds(20),
        applicationLoad: .milliseconds(300), updateTenth: .milliseconds(200), provisioningTenth: .milliseconds(100),
        ubootWindow: .microseconds(99_996), ubootErrorWindow: .milliseconds(1000), stubStart: .microseconds(1500),
        answerLatency: .milliseconds(1), baudPause: .milliseconds(50), runPause: .milliseconds(10),
        xmodemPause: .milliseconds(100), hashPerKilobyte: .microseconds(100), flash: .typical)

    /// Characters and flash need no time; the loaders' own delays stay, because hosts rely on them.
    package static let brisk: ChipTiming = {
        var timing = wire
        timing.pacesCharacters = false
        timing.hashPerKilobyte = .zero
        timing.flash = .instant
        return timing
    }()

    /// Nothing takes time, except uboot's windows, which would otherwise be none, and what an application waits before
    /// each line of its log.
    package static let fast: ChipTiming = {
        var timing = brisk
        for delay: WritableKeyPath<ChipTiming, Duration> in [
            \.powerUp, \.romToUBoot, \.applicationLoad, \.updateTenth, \.provisioningTenth, \.stubStart,
            \.answerLatency, \.baudPause, \.runPause,
            \.xmodemPause,
        ] {
            timing[keyPath: delay] = .zero
        }
        return timing
    }()
}
