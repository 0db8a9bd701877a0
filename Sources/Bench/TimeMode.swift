package import Emulator
package import Line

/// How an emulated chip lives through real time.
package struct TimeMode: Hashable, Sendable {
    package enum Pace: String, Hashable, Sendable, CaseIterable {
        /// Characters leave at their baud, delays and flash times are kept: as on a bench.
        case wire
        /// No pacing; the loaders' own delays stay, and at least 1 ms before an answer, because real hosts need them.
        case brisk
        /// No waiting at all: for the reference flasher and for benchmarks.
        case fast
    }

    package var pace: Pace
    /// In `wire`: whether the line's clock never goes ahead of the wall's, however far the chip falls behind the host.
    package var isStrict: Bool
    /// Whether a chip erase takes as long as the flash would, and not at most 8.5 s.
    package var erasesForReal: Bool

    package init(_ pace: Pace, isStrict: Bool = false, erasesForReal: Bool = false) {
        self.pace = pace
        self.isStrict = isStrict
        self.erasesForReal = erasesForReal
    }

    /// How long things take in the chip.
    package var chipTiming: ChipTiming {
        var timing: ChipTiming =
            switch pace {
            case .wire: .wire
            case .brisk: .brisk
            case .fast: .fast
            }
        if erasesForReal { timing.flash.chipEraseLimit = nil }
        return timing
    }

    /// What the wire does with the host's characters.
    package var hostPacing: HostWire.Pacing { pace == .wire ? .paced : .unpaced }

    /// The line's clock, at its beginning.
    package var lineClock: LineClock { LineClock(goesAhead: pace == .wire && !isStrict) }

    /// Whether characters sent at one rate and sampled at another become garbage. Not in `fast`: there the chip
    /// answers a change of rate before any host has changed its own.
    package var comparesRates: Bool { pace != .fast }

    /// As the command line and traces call it.
    package var name: String { pace.rawValue + (isStrict ? ", strict" : "") }
}
