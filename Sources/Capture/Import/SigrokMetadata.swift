/// What a session says of its samples.
struct SigrokMetadata: Hashable {
    var captureFile = "logic-1"
    /// Bytes of a sample of all channels.
    var unitByteCount = 1
    /// Samples per second; nil where it does not say it.
    var sampleRate: UInt64?
    /// Names by their bit in a sample.
    var channels: [Int: String] = [:]

    init(_ text: [UInt8]) {
        for line in text.split(separator: 0x0A) {
            let parts = line.split(separator: 0x3D, maxSplits: 1)
            guard parts.count == 2 else { continue }
            let key = String(decoding: parts[0].filter { $0 != 0x20 }, as: UTF8.self)
            var value = LineScanner(parts[1].filter { $0 != 0x0D })
            value.skipBlanks()
            switch key {
            case "capturefile": captureFile = value.rest
            case "unitsize": unitByteCount = value.number() ?? 0
            case "samplerate": sampleRate = Self.rate(&value)
            default:
                guard key.hasPrefix("probe"), let number = Int(key.dropFirst(5)), (1...64).contains(number) else {
                    continue
                }
                channels[number - 1] = value.rest
            }
        }
    }

    /// `10 MHz`, `500 kHz`, `1200 Hz`.
    private static func rate(_ value: inout LineScanner) -> UInt64? {
        guard let billionths = value.billionths(), billionths > 0 else { return nil }
        value.skipBlanks()
        let unit = value.rest
        let units: [(String, Int64)] = [("GHz", 1), ("MHz", 1000), ("kHz", 1_000_000), ("Hz", 1_000_000_000)]
        let divisor = units.first { unit.hasPrefix($0.0) }?.1 ?? 1_000_000_000
        let rate = UInt64(billionths / divisor)
        return (1...1_000_000_000_000).contains(rate) ? rate : nil
    }
}
