import Capture
import Foundation
import Line
import TestForms
import Testing
import Trace
import USBExport

/// A trace becomes a USB capture, and the capture a trace: the two rooms that do it share no table and no line.
@Suite("Traces as USB captures, and back")
struct USBRoundTripTests {
    private let folder = try! Folder()

    private static let traces =
        try! FileManager.default.contentsOfDirectory(atPath: packageFolder + "/traces").filter { $0.hasSuffix(".pcap") }
        .sorted()

    private static func events(_ name: String) throws -> [TraceEvent] {
        try TraceReader(opening: packageFolder + "/traces/\(name)").events()
    }

    /// Whole sessions of the repository through each adapter.
    @Test(arguments: USBExportKind.all)
    func sessions(kind: USBExportKind) throws {
        let names = byForm(
            short: ["write-64k.pcap", "good-bench-vendor-1.pcap", "unplugged-community-1.pcap"], long: Self.traces)
        for name in names { try kind.comesBack(Self.events(name), in: folder) }
    }

    /// All of them through one.
    @Test(arguments: traces)
    func allSessions(name: String) throws {
        try USBExportKind(.usbmon, .cp210x).comesBack(Self.events(name), in: folder)
    }

    /// The times of the trace, but for what is less than a microsecond.
    @Test(arguments: USBExportKind.all)
    func timesComeBack(kind: USBExportKind) throws {
        let events = try Self.events("good-bench-community-1.pcap")
        // Of each byte, as runs may be split: microseconds since the first.
        func times(_ events: [TraceEvent], _ direction: Direction) -> [Int64] {
            let times = events.flatMap { event -> [Int64] in
                guard case .data(direction, let run) = event.kind else { return [] }
                return run.map { _ in event.time.nanoseconds / 1000 }
            }
            return times.map { $0 - times[0] }
        }
        let back = try kind.imported(events, in: folder).events
        for direction in Direction.allCases {
            let (was, now) = (times(events, direction), times(back, direction))
            #expect(was.count == now.count && was.count > 100)
            #expect(zip(was, now).allSatisfy { abs($0 - $1) <= 1 })
        }
    }

    /// Everything that an adapter can say, in any order, at the same moment and long after.
    @Test(arguments: USBExportKind.all, byForm(short: 0..<6, long: 0..<200))
    func anything(kind: USBExportKind, seed: Int) throws {
        var random = SplitMix64(seed: UInt64(seed))
        try kind.comesBack(Self.anything(kind.adapter, &random), in: folder)
    }

    private static let rates: [UInt32] = [300, 9600, 74_880, 115_200, 230_400, 460_800, 921_600, 1_000_000, 2_000_000]

    /// - Returns: events of a port that is open from the beginning.
    private static func anything(_ adapter: USBExportKind.Adapter, _ random: inout SplitMix64) -> [TraceEvent] {
        var events: [TraceEvent] = []
        var now: Int64 = 0
        func add(_ kind: TraceEvent.Kind) { events.append(TraceEvent(Instant(nanoseconds: now), kind)) }
        add(.portOpened)
        add(.baud(.host, bitsPerSecond: 115_200))
        for _ in 0..<120 {
            // Of one moment, a few microseconds or more than an adapter's latency apart.
            now += [0, 3000, 1_000_000, 40_000_000][Int(random.next(below: 4))]
            let run = random.bytes(1 + Int(random.next(below: [4, 100, 5000][Int(random.next(below: 3))])))
            switch random.next(below: 12) {
            case 0: add(.baud(.host, bitsPerSecond: rates[Int(random.next(below: UInt64(rates.count)))]))
            case 1:
                let parity = FrameFormat.Parity.allCases[Int(random.next(below: 5))]
                let format = FrameFormat(
                    dataBits: 7 + UInt8(random.next(below: 2)), parity: parity,
                    stopBits: random.next(below: 2) == 0 ? .one : .two)
                add(.frameFormat(.host, format))
            case 2, 3: add(.controlLines(ControlLines(rawValue: UInt8(random.next(below: 64)))))
            case 4: add(.breakSent)
            case 5: add(.flushed(Queues.allCases[Int(random.next(below: 3))]))
            case 6:
                // The character that it is said of follows.
                add(.receiveError(.chipToHost, ReceiveError.allCases[Int(random.next(below: 4))], count: 1))
                add(.data(.chipToHost, run))
            case 7:
                add(.portClosed)
                add(.portOpened)
            case 8, 9: add(.data(.hostToChip, run))
            default: add(.data(.chipToHost, run))
            }
        }
        return events
    }

    /// Of a rate that an adapter cannot make, what it makes comes back: within the 2 % of a nominal rate, that.
    @Test(arguments: [(691_200, 705_882), (1_200_000, 1_200_000), (31_250, 31_250), (128_000, 128_000)])
    func otherRates(asked: UInt32, made: UInt32) throws {
        for kind in [USBExportKind(.usbmon, .ch340), USBExportKind(.usbpcap, .ch340Vendor)] {
            let events: [TraceEvent.Kind] = [.baud(.host, bitsPerSecond: asked), .data(.hostToChip, [0x55])]
            let back = try kind.imported(events.map { TraceEvent(.zero, $0) }, in: folder).events
            #expect(back.contains { $0.kind == .baud(.host, bitsPerSecond: made) })
        }
    }
}
