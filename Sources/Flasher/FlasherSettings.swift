/// How patient the host is, and how fast it goes after the stub runs. The defaults come from the hosts of ECR6600
/// facts §11 and from the stub's own timeouts in §10; every one of them is reckoned from the moment at which the last
/// byte sent has left at the port's baud.
package struct FlasherSettings: Hashable, Sendable {
    /// Bits per second for everything after the stub has been identified. 921600 is 1.4 % off at the chip (§4.3).
    package var workingBaud = 921_600
    /// Deflate level of XMODEM transfers, 1…10 for the stub's (96), 10 being 9 for the host's own (97); nil for none
    /// (§10, §11.2: 2). Frames are never compressed.
    package var compression: Int?
    /// Whether RUN follows a write that was verified, as RDTool does it (§11.3).
    package var runAfterwards = false

    /// Quiet before the first question to a stub that may be there (§11.2: 10 ms).
    package var stubCheckPause = Duration.milliseconds(10)
    /// Wait for its answer (§11.2: 200 ms).
    package var stubCheckTimeout = Duration.milliseconds(200)

    /// From one sync word to the next (§11.2: 50 ms).
    package var syncInterval = Duration.milliseconds(50)
    /// How long to go on; the user switches the power on in this time.
    package var syncWindow = Duration.seconds(30)

    /// Wait for the answer to the 12-byte header. Neither ROM nor uboot is in a hurry (§1.4), so the host need not be:
    /// a header that was in fact accepted must not be followed by filling bytes.
    package var headerTimeout = Duration.milliseconds(250)
    /// Wait after each zero byte that fills up a header the chip has only read a part of.
    package var fillingInterval = Duration.milliseconds(50)
    /// Headers sent before giving up (§11.1: 10).
    package var headerAttempts = 10
    /// Wait for the acknowledgements of the payload's pieces, if there are any (§3: the ROM's are not proven).
    package var pieceTimeout = Duration.milliseconds(200)
    /// Pause between payload and first command (§11.1: 10 ms).
    package var stubStartPause = Duration.milliseconds(10)

    /// Wait for the answer to a command that takes the stub no time.
    package var answerTimeout = Duration.seconds(1)
    /// Questions for the flash id after an upload, 200 ms apart: a stub may take some time to start (§13.1).
    package var identifyAttempts = 15
    /// Quiet before each question for the flash's size (§11.1 asks at once): longer than a USB adapter holds back a byte
    /// that is alone. An assumption.
    package var sizeProbeQuiet = Duration.milliseconds(30)
    /// Times a command is sent before giving up.
    package var commandAttempts = 3
    /// How long stray bytes instead of an answer are listened to before the command is sent again.
    package var strayTimeout = Duration.milliseconds(800)

    /// Quiet before BAUD, the one command whose damage strands the stub: at a rate that nobody knows. Whatever the last
    /// answer did to the line's levels is over then. An assumption.
    package var baudQuiet = Duration.milliseconds(100)
    /// From BAUD to the host's own change of rate (§11.2: 10 ms).
    package var baudSwitchDelay = Duration.milliseconds(10)
    /// Wait at the new rate; the stub answers 50 ms after it has switched (§4.2).
    package var baudTimeout = Duration.milliseconds(500)

    /// Added for each 4 KB sector that is erased: ten times what is typical (§5).
    package var sectorEraseTimeout = Duration.milliseconds(400)
    /// Wait for the end of a chip erase; typical is 5–10 s for 2 MB (§5).
    package var chipEraseTimeout = Duration.seconds(120)
    /// Wait for a SHA-256 (§11.2: 30 s).
    package var hashTimeout = Duration.seconds(30)

    /// From one `C` of the host to the next until data come (§11.2: 250 ms).
    package var readyInterval = Duration.milliseconds(250)
    /// So long without data is a lost connection, both ways (§11.2: 10 s).
    package var dataTimeout = Duration.seconds(10)
    /// So long a pause inside a block ends the block; below the 300 ms after which the stub repeats it (§10).
    package var blockQuiet = Duration.milliseconds(100)
    /// Wait for the stub's first `C` of a write: it erases meanwhile (§11.2: 60 s).
    package var firstReadyTimeout = Duration.seconds(60)
    /// Wait for the answer to a block; the stub itself gives up on a missing byte after 2 s (§10).
    package var blockTimeout = Duration.seconds(3)
    /// Wait for the answer to a block of 97, which may inflate to 1 MB that has to be programmed (§11.2: 15 s).
    package var compressedBlockTimeout = Duration.seconds(15)
    /// A `C` that comes earlier than this after a block had left before the block came; the stub's own limit is 333 ms.
    package var lateReady = Duration.milliseconds(200)
    /// Quiet after a NAK before the block goes out again: one NAK is a wrong sum, many are lost bytes.
    package var nakQuiet = Duration.milliseconds(30)
    /// Quiet after which a stub that had lost its way is taken to wait for a header again; above its 2 s.
    package var settleTimeout = Duration.milliseconds(2500)
    /// Wait for the answer to EOT: above two of the stub's 333 ms, so a stub still in its receiver has sent a `C`.
    package var endTimeout = Duration.milliseconds(700)
    /// Times one block is sent or asked for (§10: 10).
    package var blockAttempts = 10
    /// Times one transfer is taken up again at the place it had reached.
    package var resumes = 10
    /// Times a range is transferred in all, if its SHA-256 is wrong afterwards.
    package var passes = 2
    /// How long an interrupted transfer may take to leave the stub in a known state, beside 64 KB on the wire.
    package var abandonTimeout = Duration.seconds(5)

    package init() {}

    /// What a host of this dialect begins with.
    ///
    /// RDTool's download baud is 2000000, and it starts the firmware after a download (§11.3). How often it sends the sync
    /// word and for how long is not known: those are the other dialects' values.
    package static func usual(for dialect: Dialect) -> FlasherSettings {
        var settings = FlasherSettings()
        if dialect == .rdtool {
            settings.workingBaud = 2_000_000
            settings.runAfterwards = true
        }
        return settings
    }
}
