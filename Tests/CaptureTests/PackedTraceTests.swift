import Capture
import Digests
import Line
import TestForms
import Testing
import Trace

/// Traces packed with gzip: read as they are.
@Suite("Packed traces")
struct PackedTraceTests {
    private let folder = try! Folder()

    /// A trace of ours and its bytes: many records, so that it breaks off between some.
    private func trace(records: Int = 300) throws -> (events: [TraceEvent], bytes: [UInt8]) {
        let events = (0..<records).map { number in
            TraceEvent(
                Instant(nanoseconds: Int64(number) * 1_000_000),
                .data(.hostToChip, [UInt8](repeating: UInt8(truncatingIfNeeded: number), count: 64)))
        }
        let writer = try TraceWriter(
            creating: folder["plain.pcap"], session: TraceFileTests.session, replacing: true)
        for event in events { try writer.write(event) }
        try writer.close()
        return (try TraceReader(opening: folder["plain.pcap"]).events(), try folder.read("plain.pcap"))
    }

    private func read(_ name: String) -> (events: [TraceEvent], error: CaptureError?) {
        var events: [TraceEvent] = []
        do {
            try TraceReader(opening: folder[name]).forEach { events.append($0) }
            return (events, nil)
        } catch {
            return (events, error as? CaptureError)
        }
    }

    @Test func whatIsPackedIsRead() throws {
        let (events, bytes) = try trace()
        try folder.write(Gzip.pack(bytes), to: "packed.pcap.gz")
        let reader = TraceReader(opening: folder["packed.pcap.gz"])
        #expect(try reader.session() == TraceFileTests.session)
        #expect(try reader.events() == events)
        #expect(try reader.forEach { _ in }.endsTruncated == nil)
        // Whatever it is called, and in two members.
        try folder.write(Gzip.pack(Array(bytes[..<1000])) + Gzip.pack(Array(bytes[1000...])), to: "two")
        #expect(try TraceReader(opening: folder["two"]).events() == events)
    }

    @Test func everythingBeforeTheTroubleAndAClearError() throws {
        let (events, bytes) = try trace()
        let packed = Gzip.pack(bytes)
        let cuts: [(String, [UInt8], String)] = [
            ("cut", Array(packed.dropLast(packed.count / 4)), "break off at byte \(packed.count - packed.count / 4)"),
            ("sumless", Array(packed.dropLast(8)), "break off at byte \(packed.count - 8)"),
            ("wrong-sum", packed.dropLast(8) + [1, 2, 3, 4] + packed.suffix(4), "are damaged"),
        ]
        for (name, file, words) in cuts {
            try folder.write(file, to: name)
            let (found, error) = read(name)
            #expect(events.starts(with: found) && found.count > events.count / 4, "\(name): \(found.count)")
            #expect(error?.code == .damaged, "\(name)")
            #expect(error?.description.contains(words) == true, "\(error as Any)")
        }
        #expect(read("sumless").events == events)
        #expect(
            read("cut").error?.description
                == "\(folder["cut"]): the gzip data break off at byte \(packed.count - packed.count / 4), the end of the "
                + "file; what comes before it was read")
    }

    @Test func noTraceInIt() throws {
        try folder.write([0x1F], to: "one")
        try folder.write([0x1F, 0x8B, 8, 0], to: "head")
        try folder.write([0x1F] + [UInt8](repeating: 7, count: 99), to: "other")
        try folder.write(Gzip.pack(Array("no trace".utf8)), to: "text")
        for name in ["one", "head", "other", "text"] {
            let error = read(name).error
            #expect(error?.code == .notACapture, "\(name): \(error as Any)")
        }
        #expect(read("head").error?.message == "is gzip, and the gzip data break off at byte 4, the end of the file")
    }

    /// The packed trace of a broken-off one breaks off where that did.
    @Test func aBrokenOffTracePackedWhole() throws {
        let (_, bytes) = try trace()
        try folder.write(Gzip.pack(Array(bytes.dropLast(3))), to: "cut.gz")
        let reader = TraceReader(opening: folder["cut.gz"])
        #expect(try reader.forEach { _ in }.endsTruncated != nil)
    }
}
