import Line
import Trace

/// Samples of all channels of a sigrok session, one after the other, of which two wires are looked at.
struct SigrokSamples {
    private var decoder: WireDecoder
    private let unit: Int
    private let rate: UInt64
    /// The byte of a sample and the bit in it; a mask of 0 where there is no such wire.
    private let host: (byte: Int, mask: UInt8)
    private let chip: (byte: Int, mask: UInt8)
    private var levels: (host: UInt8, chip: UInt8)?
    /// Samples taken so far.
    private var count: UInt64 = 0
    /// The beginning of a sample that was cut by the pieces.
    private var rest: [UInt8] = []
    private let path: String

    init(
        _ metadata: SigrokMetadata, _ options: ImportOptions, _ path: String, _ sink: ImportSink
    ) throws(CaptureError) {
        func bad(_ message: String) -> CaptureError {
            CaptureError(.damaged, path: path, message, advice: "save it again with sigrok-cli or PulseView")
        }
        guard (1...8).contains(metadata.unitByteCount) else {
            throw bad("has samples of \(metadata.unitByteCount) bytes; it can be 1 to 8")
        }
        guard let rate = metadata.sampleRate else { throw bad("does not say its sample rate") }
        let bits = metadata.channels.keys.filter { $0 < 8 * metadata.unitByteCount }.sorted()
        var roles = WireRoles(options, path: path)
        let places = try roles.places(in: bits.map { metadata.channels[$0] ?? "" }, direction: options.direction)
        if let assumption = roles.assumption { sink.assume(assumption) }
        func place(_ index: Int?) -> (byte: Int, mask: UInt8) {
            index.map { (bits[$0] / 8, 1 << UInt8(bits[$0] % 8)) } ?? (0, 0)
        }
        host = place(places.hostToChip)
        chip = place(places.chipToHost)
        unit = metadata.unitByteCount
        self.rate = rate
        self.path = path
        decoder = WireDecoder(sink, options, properties: [.init("sample rate", "\(rate) Hz")])
    }

    mutating func take(_ piece: [UInt8]) throws(CaptureError) {
        var start = 0
        if !rest.isEmpty {
            while rest.count < unit, start < piece.count {
                rest.append(piece[start])
                start += 1
            }
            guard rest.count == unit else { return }
            try look(rest[host.byte] & host.mask, rest[chip.byte] & chip.mask)
            rest = []
        }
        var index = start
        while index + unit <= piece.count {
            let host = piece[index + self.host.byte] & self.host.mask
            let chip = piece[index + self.chip.byte] & self.chip.mask
            if let levels, levels.host == host, levels.chip == chip {
                count += 1
            } else {
                try look(host, chip)
            }
            index += unit
        }
        rest = Array(piece[index...])
    }

    private mutating func look(_ hostLevel: UInt8, _ chipLevel: UInt8) throws(CaptureError) {
        let time = try picoseconds()
        if host.mask != 0, levels?.host != hostLevel {
            try decoder.level(.hostToChip, isHigh: hostLevel != 0, at: time)
        }
        if chip.mask != 0, levels?.chip != chipLevel {
            try decoder.level(.chipToHost, isHigh: chipLevel != 0, at: time)
        }
        levels = (hostLevel, chipLevel)
        count += 1
    }

    private func picoseconds() throws(CaptureError) -> Int64 {
        guard count / rate < 4_000_000 else {
            throw CaptureError(.damaged, path: path, "is longer than 46 days", advice: "is its sample rate right?")
        }
        return Int64(rate.dividingFullWidth(count.multipliedFullWidth(by: 1_000_000_000_000)).quotient)
    }

    mutating func end() throws(CaptureError) {
        try decoder.end(at: try picoseconds())
    }
}
