/// A USB-UART adapter, as data.
///
/// What the makers say publicly is the rates (AN232B-05 for the FT232R, AN205 for the CP2102; the CH340's divisor is
/// the one that Linux programs), the packets and the latency timer. The levels are assumptions: an output that swings
/// nearly to its supply and an input that changes its mind in the middle.
package struct Adapter: Hashable, Sendable {
    package enum Kind: String, Hashable, Sendable, CaseIterable {
        case ft232r, ch340, cp2102
    }

    package var kind: Kind
    /// What its outputs swing to: 1800, 3300 or 5000 mV, by a jumper or a level shifter.
    package var level: Millivolts

    /// A rate that a driver gets wrong, in baud: an old one programs 857,143 or 1,000,000 for 921,600, by a divisor
    /// formula that later ones have mended.
    package struct WrongRate: Hashable, Sendable {
        package var asked: Int
        package var made: Int

        package init(asked: Int, made: Int) {
            self.asked = asked
            self.made = made
        }
    }

    /// They come before what the adapter would make of a rate; each is asked for once.
    package var wrongRates: [WrongRate] = []

    package init(_ kind: Kind, level: Millivolts = 3300) {
        self.kind = kind
        self.level = level
    }

    /// An assumption: 50 mV off either rail.
    package var driver: Driver { Driver(high: level - 50, low: 50) }

    /// An assumption: half of the supply, with as much noise as at the chip.
    package var input: Input {
        Input(
            guaranteedLow: level * 3 / 10, guaranteedHigh: level * 7 / 10, threshold: level / 2, noise: 20,
            supply: level)
    }

    /// Characters in a USB packet towards the host: 64 bytes at full speed, of which an FT232R keeps two for its
    /// status. For the CH340, which has packets of 32, see Linux's ch341.c.
    package var packetByteCount: Int {
        switch kind {
        case .ft232r: 62
        case .ch340: 32
        case .cp2102: 64
        }
    }

    /// How long a packet that is not full waits for more: an FT232R's latency timer is 16 ms unless a driver
    /// changes it (AN232B-04). The others have none that is documented: 1 ms, a USB frame, is an assumption.
    package var latency: Duration {
        kind == .ft232r ? .milliseconds(16) : .milliseconds(1)
    }

    /// The fastest rate it takes.
    package var fastestBaud: Int {
        switch kind {
        case .ft232r: 3_000_000
        case .ch340: 2_000_000
        case .cp2102: 1_000_000
        }
    }

    /// What it really does when it is asked for `baud`; nil when it refuses.
    package func rate(for baud: Int) -> BitRate? {
        if let wrong = wrongRates.first(where: { $0.asked == baud }) { return BitRate(baud: wrong.made) }
        guard baud >= 300, baud <= fastestBaud else { return nil }
        switch kind {
        case .ft232r: return Self.ft232rRate(baud)
        case .ch340: return Self.ch340Rate(baud)
        case .cp2102: return Self.cp2102Rate(baud)
        }
    }

    /// 3 MHz by whole eighths, the nearest; between 3 and 1.5 MHz only 2 MHz can be made (AN232B-05).
    private static func ft232rRate(_ baud: Int) -> BitRate {
        switch baud {
        case 2_500_001...: return BitRate(baud: 3_000_000)
        case 1_750_001...: return BitRate(baud: 2_000_000)
        default:
            let eighths = Int64((24_000_000 + baud / 2) / baud)
            return BitRate(millibaud: 24_000_000_000 / max(16, min(eighths, 16383 * 8)))
        }
    }

    /// 48 MHz by a prescaler and a divisor of 9 to 256; the prescaler is the smallest that fits. 691200 so becomes
    /// 48 MHz / (4 × 17), which is 705,882.
    private static func ch340Rate(_ baud: Int) -> BitRate {
        let clock: Int64 = 48_000_000
        var prescaler: Int64 = 4
        while clock / (prescaler * Int64(baud)) > 255 { prescaler *= 2 }
        let below = max(1, clock / (prescaler * Int64(baud)))
        let fast = clock * 1000 / (prescaler * below)
        let slow = clock * 1000 / (prescaler * (below + 1))
        let asked = Int64(baud) * 1000
        return BitRate(millibaud: fast - asked < asked - slow ? fast : slow)
    }

    /// Whole rates from a table: each takes what is asked for up to a bound (AN205, table 1).
    private static func cp2102Rate(_ baud: Int) -> BitRate {
        for (rate, bound) in cp2102Rates where baud <= bound { return BitRate(baud: rate) }
        return BitRate(baud: 921_600)
    }

    private static let cp2102Rates = [
        (300, 300), (600, 600), (1200, 1200), (1800, 1800), (2400, 2400), (4000, 4000), (4800, 4803), (7200, 7207),
        (9600, 9612), (14400, 14428), (16000, 16062), (19200, 19250), (28800, 28912), (38400, 38601), (51200, 51558),
        (56000, 56280), (57600, 58053), (64000, 64111), (76800, 77608), (115_200, 117_028), (128_000, 129_347),
        (153_600, 156_868), (230_400, 237_832), (250_000, 254_234), (256_000, 273_066), (460_800, 491_520),
        (500_000, 567_138), (576_000, 670_254),
    ]
}
