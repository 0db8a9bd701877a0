package import Emulator
package import Line
package import Scenarios

/// What an onlooker of this process sees of an emulation, on the emulation's thread.
extension Emulation {
    /// What is plugged where now.
    package var shownHookup: Hookup { hookup }
    /// What is in the flash now.
    package var shownFlash: NORFlash { port.device.flash }
    /// On the line's clock: now.
    package var moment: Instant { port.moment }
}
