import Digests
import Line

/// Two wires as an analyser sees them, written by the book and by nothing of the importers': bits one after the other.
struct Waveform {
    /// Picoseconds in a bit.
    let bit: Int64
    /// When the levels change, in order; both are high before.
    private(set) var edges: [(time: Int64, direction: Direction, isHigh: Bool)] = []
    private(set) var end: Int64 = 0

    init(baud: Int64) {
        bit = 1_000_000_000_000 / baud
    }

    /// Bytes back to back as 8N1, two bits after what was sent last or at `time`.
    mutating func send(_ bytes: [UInt8], _ direction: Direction, at time: Int64? = nil) {
        var start = time ?? end + 2 * bit
        for byte in bytes {
            send(bits: [false] + (0..<8).map { byte >> $0 & 1 == 1 } + [true], direction, at: start)
            start += 10 * bit
        }
    }

    /// Levels of a bit each; the wire is high afterwards.
    mutating func send(bits: [Bool], _ direction: Direction, at time: Int64) {
        var isHigh = true
        for (index, bit) in (bits + [true]).enumerated() where bit != isHigh {
            isHigh = bit
            edges.append((time + Int64(index) * self.bit, direction, bit))
        }
        end = max(end, time + Int64(bits.count) * self.bit)
    }

    /// As a dump of value changes.
    func vcd(unit: (name: String, picoseconds: Int64), names: (String, String) = ("TX", "RX")) -> [UInt8] {
        var text = """
            $date today $end
            $timescale \(unit.name) $end
            $scope module logic $end
            $var wire 1 ! \(names.0) $end
            $var wire 1 " \(names.1) [0] $end
            $var wire 8 # other $end
            $upscope $end
            $enddefinitions $end
            #0
            $dumpvars 1! 1" bxxxxxxxx # $end

            """
        for edge in edges.sorted(by: { $0.time < $1.time }) {
            text +=
                "#\(edge.time / unit.picoseconds) \(edge.isHigh ? 1 : 0)\(edge.direction == .hostToChip ? "!" : "\"")\n"
        }
        return text.bytes
    }

    /// As samples of three channels: the chip's wire is bit 0, the host's bit `hostBit`.
    func samples(rate: Int64, unitByteCount: Int = 1, hostBit: Int = 2) -> [UInt8] {
        var samples: [UInt8] = []
        var levels = (host: true, chip: true)
        var count: Int64 = 0
        func append(until time: Int64) {
            let index = (time / 1000 * rate + 999_999_999) / 1_000_000_000
            var unit = [UInt8](repeating: 0, count: unitByteCount)
            if levels.chip { unit[0] |= 1 }
            if levels.host { unit[hostBit / 8] |= 1 << UInt8(hostBit % 8) }
            if unitByteCount == 1 {
                samples += [UInt8](repeating: unit[0], count: Int(max(0, index - count)))
            } else {
                for _ in 0..<max(0, index - count) { samples += unit }
            }
            count = max(count, index)
        }
        for edge in edges.sorted(by: { $0.time < $1.time }) {
            append(until: edge.time)
            if edge.direction == .hostToChip { levels.host = edge.isHigh } else { levels.chip = edge.isHigh }
        }
        append(until: end + 3 * bit)
        return samples
    }
}

/// A zip file, written for tests.
struct ZipFile {
    private(set) var bytes: [UInt8] = []
    private var directory: [UInt8] = []
    private var count = 0

    /// How a member is written.
    enum Style: CaseIterable {
        case stored
        case deflated
        /// Deflated by a program that did not know the length before: sum and lengths follow.
        case streamed
    }

    mutating func add(_ name: String, _ contents: [UInt8], _ style: Style = .stored) {
        let packed = style == .stored ? contents : RawDeflate.compress(contents, level: 6)
        let sum = Self.number(CRC32.of(contents))
        let lengths = Self.number(UInt32(packed.count)) + Self.number(UInt32(contents.count))
        let head: [UInt8] = [20, 0, style == .streamed ? 8 : 0, 0, style == .stored ? 0 : 8, 0, 0, 0, 0, 0]
        let name = Array(name.utf8)
        let offset = bytes.count
        bytes += [0x50, 0x4B, 3, 4] + head
        bytes += style == .streamed ? [UInt8](repeating: 0, count: 12) : sum + lengths
        bytes += [UInt8(name.count), 0, 0, 0] + name + packed
        if style == .streamed { bytes += [0x50, 0x4B, 7, 8] + sum + lengths }
        directory += [0x50, 0x4B, 1, 2, 20, 0] + head + sum + lengths + [UInt8(name.count), 0, 0, 0, 0, 0]
        directory += [0, 0, 0, 0, 0, 0, 0, 0] + Self.number(UInt32(offset)) + name
        count += 1
    }

    var file: [UInt8] {
        let counts: [UInt8] = [0, 0, 0, 0, UInt8(count), 0, UInt8(count), 0]
        return bytes + directory + [0x50, 0x4B, 5, 6] + counts + Self.number(UInt32(directory.count))
            + Self.number(UInt32(bytes.count)) + [0, 0]
    }

    private static func number(_ value: UInt32) -> [UInt8] {
        (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * UInt32($0))) }
    }
}

extension ZipFile {
    /// A session of sigrok with these samples, in chunks.
    init(
        samples: [UInt8], rate: String, unitByteCount: Int = 1, probes: [Int: String] = [1: "RX", 2: "clock", 3: "TX"],
        chunk: Int = 4_000_000, style: Style = .deflated
    ) {
        var metadata =
            "[global]\nsigrok version=0.5.2\n\n[device 1]\ncapturefile=logic-1\ntotal probes=\(probes.count)\n"
        metadata += "samplerate=\(rate)\ntotal analog=0\n"
        for (number, name) in probes.sorted(by: { $0.key < $1.key }) { metadata += "probe\(number)=\(name)\n" }
        metadata += "unitsize=\(unitByteCount)\n"
        add("version", [0x32], .stored)
        add("metadata", Array(metadata.utf8), style)
        var start = 0
        var number = 1
        while start < samples.count {
            let end = min(samples.count, start + chunk)
            add("logic-1-\(number)", Array(samples[start..<end]), style)
            (start, number) = (end, number + 1)
        }
    }
}
