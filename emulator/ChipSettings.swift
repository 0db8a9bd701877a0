import Line
package import Wire

/// What kind of chip it is and how it behaves where the facts leave a choice. Every default is documented here; none of
/// them is a claim about real parts.
package struct ChipSettings: Hashable, Sendable {
    /// Where the chip is once it has power.
    package enum Start: String, Hashable, Sendable, CaseIterable {
        /// In the mask ROM's UART boot mode.
        case rom
        /// In uboot, on the way to the application, whatever the flash holds.
        case uboot
        /// In the stub, as if one had been uploaded already.
        case stub
        /// In the application.
        case app
    }

    /// What happens where the chip's behaviour is undefined (bodies longer than the buffer, impossible baud rates).
    package enum Undefined: String, Hashable, Sendable, CaseIterable {
        /// It says nothing any more until power is cycled.
        case silent
        /// It starts again as after power-on.
        case reset
    }

    package var start = Start.rom
    /// Which uboot runs when one does.
    package var uboot = UBootVersion.v140
    /// Which stub runs when an upload does not say; nil lets the emulator take the community stub and say so.
    package var stub: StubImage.Version?
    /// Receive and transmit FIFO: 32 (SDK) or 16 (a stub's header), facts §1.3.
    package var fifoDepth = 32
    /// Whether the mask ROM answers 00 for every 1024 bytes of payload: likely by analogy with uboot, facts §3.
    package var romAcknowledgesPieces = true
    package var undefined = Undefined.silent
    /// Whether stub 1.3.11 finds the factory data that it looks for on a flash of manufacturer EB (facts §4); it was run
    /// with a blank memory only, and did not.
    package var hasFactoryData = false
    /// Whether ROM `flash_boot` comes back to the stub that RUN left when the flash holds no valid uboot, so that the stub
    /// complains every 2 s (facts §4.2); else the mask ROM falls into UART boot (facts §1.2).
    package var flashBootReturns = false
    /// Decides the chip's random numbers: the AES key that command 08 makes.
    package var seed: UInt64 = 1
    package var timing = ChipTiming.wire

    package init() {}
}

/// How long things take in the chip.
package struct ChipTiming: Hashable, Sendable {
    /// Whether characters take their time on the wire.
    package var pacesCharacters: Bool
    /// From power to the processor's first instruction: about 4 ms (facts §1.1).
    package var powerUp: Duration
    /// From the processor's start to uboot's, through the mask ROM: unknown, ours.
    package var romToUBoot: Duration
    /// uboot's check and copy of the application: unknown, ours.
    package var applicationLoad: Duration
    /// uboot's sync window, as measured: 99.996 ms (facts §1.3).
    package var ubootWindow: Duration
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
    /// SHA-256 over 1 KB: unknown, ours.
    package var hashPerKilobyte: Duration
    package var flash: FlashTimings

    /// As on a bench: every character and every delay takes its time.
    package static let wire = ChipTiming(
        pacesCharacters: true, powerUp: .milliseconds(4), romToUBoot: .milliseconds(20),
        applicationLoad: .milliseconds(300), ubootWindow: .microseconds(99_996), stubStart: .microseconds(1500),
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

    /// Nothing takes time, except uboot's window, which would otherwise be no window.
    package static let fast: ChipTiming = {
        var timing = brisk
        for delay: WritableKeyPath<ChipTiming, Duration> in [
            \.powerUp, \.romToUBoot, \.applicationLoad, \.stubStart, \.answerLatency, \.baudPause, \.runPause,
            \.xmodemPause,
        ] {
            timing[keyPath: delay] = .zero
        }
        return timing
    }()
}
