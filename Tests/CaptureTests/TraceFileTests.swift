import Capture
import Glibc
import Line
import TestForms
import Testing
import Trace

@Suite("Trace files")
struct TraceFileTests {
    static let session = SessionDescription(
        program: "solderless", programVersion: "0.1.0", clock: .line, seed: 7, epoch: 1_700_000_000_000_000_001,
        properties: [.init("chip", "ECR6600")])
    static let events: [TraceEvent] = [
        TraceEvent(.zero, .session(session)),
        TraceEvent(Instant(nanoseconds: 1), .portOpened),
        TraceEvent(Instant(nanoseconds: 2), .baud(.host, bitsPerSecond: 115_200)),
        TraceEvent(Instant(nanoseconds: 1_000_000_007), .data(.hostToChip, [0x63, 0x6E, 0x79, 0x73])),
        TraceEvent(Instant(nanoseconds: 1_000_000_009), .data(.chipToHost, [0x01])),
        TraceEvent(Instant(nanoseconds: 1_000_000_010), .lost(.chipToHost, count: 3, reason: "unpowered")),
    ]
    let folder = try! Folder()

    private func writeEvents(to path: String, replacing: Bool = false) throws {
        let writer = try TraceWriter(creating: path, session: Self.session, replacing: replacing)
        for event in Self.events.dropFirst() { try writer.write(event) }
        try writer.close()
    }

    @Test func whatIsWrittenIsRead() throws {
        let path = folder["a.pcap"]
        try writeEvents(to: path)
        let reader = TraceReader(opening: path)
        #expect(try reader.session() == Self.session)
        #expect(try reader.events() == Self.events)
        let summary = try reader.forEach { _ in }
        #expect(summary.recordCount == 6)
        #expect(summary.endsTruncated == nil)
        #expect(summary.skippedItemCount == 0)
        #expect(try folder.names() == ["a.pcap"])
        // Magic of nanosecond pcap in this machine's order, version 2.4, snapshot length, link type 250.
        let head = try contents(of: path).prefix(24)
        #expect(
            Array(head) == [
                0x4D, 0x3C, 0xB2, 0xA1, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 0, 250, 0, 0, 0,
            ])
    }

    @Test func theFileIsReadableFromItsFirstMoment() throws {
        let path = folder["live.pcap"]
        let writer = try TraceWriter(creating: path, session: Self.session)
        #expect(try TraceReader(opening: path).events() == [Self.events[0]])
        for index in 1..<Self.events.count {
            try writer.write(Self.events[index])
            try writer.flush()
            #expect(try TraceReader(opening: path).events() == Array(Self.events[...index]))
        }
    }

    /// A trace with a limit ends before it, whole, and says so in its last record.
    @Test func aLimitIsKept() throws {
        let path = folder["limited.pcap"]
        let writer = try TraceWriter(creating: path, session: Self.session, mostBytes: TraceWriter.leastLimit)
        let run = TraceEvent(Instant(nanoseconds: 5), .data(.hostToChip, [UInt8](repeating: 0x55, count: 1000)))
        var written = 0
        var failure: CaptureError?
        while failure == nil, written < 100 {
            do throws(CaptureError) {
                try writer.write(run)
                written += 1
            } catch {
                failure = error
            }
        }
        #expect(failure?.code == .full)
        #expect(written == 15, "16 KB hold so many of 1028 bytes, the session and the note")
        #expect(throws: CaptureError.self) { try writer.write(Self.events[1]) }
        try writer.close()
        let events = try TraceReader(opening: path).events()
        #expect(events.count == written + 2)
        guard case .note(let text) = try #require(events.last).kind else {
            Issue.record("the last is no note")
            return
        }
        #expect(text.contains("limit of 16 KB"))
        #expect(events.last?.time == run.time)
        let size = try contents(of: path).count
        #expect(size <= TraceWriter.leastLimit)
        #expect(size == writer.byteCount)
    }

    @Test func longRunsAreSplit() throws {
        let path = folder["long.pcap"]
        let run = (0..<200_000).map { UInt8(truncatingIfNeeded: $0 / 251) }
        let writer = try TraceWriter(creating: path, session: Self.session)
        try writer.write(TraceEvent(.zero, .data(.hostToChip, run)))
        try writer.close()
        var collected: [UInt8] = []
        var counts: [Int] = []
        try TraceReader(opening: path).forEachRecord { head, payload in
            guard head.rtac.event == .dataTransmitStart else { return }
            counts.append(payload.count)
            payload.withUnsafeBufferPointer { collected += $0 }
        }
        #expect(collected == run)
        #expect(counts == [65_535, 65_535, 65_535, 3_395])
    }

    @Test func anotherFileIsReplacedOnlyWhenAskedFor() throws {
        let path = folder["a.pcap"]
        try write([1, 2, 3], to: path)
        let error = #expect(throws: CaptureError.self) { try writeEvents(to: path) }
        #expect(error?.code == .exists)
        #expect(try contents(of: path) == [1, 2, 3])
        #expect(try folder.names() == ["a.pcap"])
        try writeEvents(to: path, replacing: true)
        #expect(try TraceReader(opening: path).events() == Self.events)
        #expect(try folder.names() == ["a.pcap"])
    }

    @Test func aFullDiskIsAnErrorAndStaysOne() throws {
        // Even the beginning does not fit here.
        let error = #expect(throws: CaptureError.self) {
            try TraceWriter(creating: "/dev/full", session: Self.session)
        }
        #expect(error?.code == .writeFailed)
        #expect(error?.errno == ENOSPC)
    }

    @Test func afterAFailureAReadablePrefixIsLeft() throws {
        let path = folder["full.pcap"]
        let writer = try TraceWriter(creating: path, session: Self.session)
        for event in Self.events[1..<4] { try writer.write(event) }
        try writer.flush()
        fillDisk(under: path)
        let failure = #expect(throws: CaptureError.self) {
            // More than the buffer holds: the failure must show without a flush as well.
            for _ in 0..<100 {
                try writer.write(TraceEvent(.zero, .data(.chipToHost, [UInt8](repeating: 0xA5, count: 1000))))
            }
        }
        #expect(failure?.code == .writeFailed)
        #expect(failure?.errno == ENOSPC)
        #expect(failure?.advice.contains("make room") == true)
        #expect(throws: CaptureError.self) { try writer.write(TraceEvent(.zero, .portClosed)) }
        #expect(throws: CaptureError.self) { try writer.flush() }
        #expect(throws: CaptureError.self) { try writer.close() }
        #expect(try TraceReader(opening: path).events() == Array(Self.events[..<4]))
    }

    @Test func aTruncatedEndIsReportedWithItsPlace() throws {
        let path = folder["a.pcap"]
        try writeEvents(to: path)
        let whole = try contents(of: path)
        var starts: [Int64] = []
        try TraceReader(opening: path).forEachRecord { head, _ in starts.append(head.offset) }
        for count in 24..<whole.count {
            let cut = folder["cut.pcap"]
            try write(Array(whole[..<count]), to: cut)
            var read: [TraceEvent] = []
            let summary = try TraceReader(opening: cut).forEach { read.append($0) }
            #expect(read == Array(Self.events[..<read.count]))
            let atBoundary = starts.contains(Int64(count))
            #expect(summary.endsTruncated == (atBoundary ? nil : starts.last { $0 < count }))
        }
    }

    @Test func microsecondFilesAndForeignOnesAreRead() throws {
        // By hand: microsecond magic, link type 250, one record of two bytes of data and three that are missing.
        let record: [UInt8] = [0, 0, 0, 9, 0, 0, 0, 5, 0x04, 0, 0, 0, 0xAB, 0xCD]
        let bytes: [UInt8] =
            [0xD4, 0xC3, 0xB2, 0xA1, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 0, 250, 0, 0, 0]
            + [9, 0, 0, 0, 5, 0, 0, 0, 14, 0, 0, 0, 17, 0, 0, 0] + record
            + [9, 0, 0, 0, 6, 0, 0, 0, 14, 0, 0, 0, 14, 0, 0, 0] + record
        let path = folder["foreign.pcap"]
        try write(bytes, to: path)
        let reader = TraceReader(opening: path)
        #expect(try reader.session() == nil)
        let data = TraceEvent.Kind.data(.chipToHost, [0xAB, 0xCD])
        let reason = "the capture kept only the beginning of the record"
        #expect(
            try reader.events() == [
                TraceEvent(.zero, data), TraceEvent(.zero, .lost(.chipToHost, count: 3, reason: reason)),
                TraceEvent(Instant(nanoseconds: 1000), data),
            ])
    }

    @Test func otherLinkTypesAreNamed() throws {
        let path = folder["usb.pcap"]
        try write(
            [0xD4, 0xC3, 0xB2, 0xA1, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 0, 249, 0, 0, 0], to: path)
        let error = #expect(throws: CaptureError.self) { try TraceReader(opening: path).session() }
        #expect(error?.code == .wrongLinkType)
        #expect(error?.message.contains("249 (USBPCAP)") == true)
    }

    @Test func randomBytesAreAClearError() throws {
        let path = folder["random"]
        var state: UInt64 = 3
        func random() -> UInt8 {
            state = state * 48271 % 0x7FFF_FFFF
            return UInt8(truncatingIfNeeded: state >> 8)
        }
        let head: [UInt8] = [0x4D, 0x3C, 0xB2, 0xA1, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 0, 250, 0, 0, 0]
        for round in 0..<400 {
            let noise = (0..<200).map { _ in random() }
            // Noise, noise behind a good header, and noise in a record.
            let record: [UInt8] = [9, 0, 0, 0, 5, 0, 0, 0, 200, 0, 0, 0, 200, 0, 0, 0]
            try write(round % 3 == 0 ? noise : head + (round % 3 == 1 ? [] : record) + noise, to: path)
            do {
                try TraceReader(opening: path).forEach { _ in }
            } catch let error as CaptureError {
                #expect([.notACapture, .damaged, .tooNew, .wrongLinkType].contains(error.code))
                #expect(error.description.hasPrefix(path))
            }
        }
        try write([], to: path)
        let error = #expect(throws: CaptureError.self) { try TraceReader(opening: path).session() }
        #expect(error?.code == .notACapture)
    }

    @Test func whatCannotBeOpenedSaysWhy() throws {
        let missing = #expect(throws: CaptureError.self) { try TraceReader(opening: folder["nothing"]).session() }
        #expect(missing?.errno == ENOENT)
        let nowhere = #expect(throws: CaptureError.self) { try writeEvents(to: folder["no/such/folder.pcap"]) }
        #expect(nowhere?.code == .inaccessible)
        let folderItself = #expect(throws: CaptureError.self) { try writeEvents(to: folder.path) }
        #expect(folderItself?.errno == EISDIR)
    }
}
