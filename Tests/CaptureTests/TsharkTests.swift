import Capture
import Line
import TestForms
import Testing
import Trace

/// Our traces in the eyes of a reader that nobody here wrote.
@Suite("tshark reads our traces", .whereTsharkIs)
struct TsharkTests {
    @Test func itListsTheEventsOfATrace() throws {
        let folder = try Folder()
        let path = folder["session.pcap"]
        let session = SessionDescription(
            program: "solderless", programVersion: "0.1.0", clock: .line, epoch: 1_700_000_000_000_000_000)
        let writer = try TraceWriter(creating: path, session: session)
        let moment = Instant(nanoseconds: 123_456_789)
        try writer.write(TraceEvent(moment, .controlLines([.requestToSend, .dataTerminalReady])))
        try writer.write(TraceEvent(moment, .data(.hostToChip, [0x63, 0x6E, 0x79, 0x73])))
        try writer.write(TraceEvent(moment, .controlLines([])))
        try writer.write(TraceEvent(moment, .data(.chipToHost, [0x01])))
        try writer.write(TraceEvent(moment, .lost(.chipToHost, count: 3, reason: "unpowered")))
        try writer.close()
        let fields = ["rtacser.eventtype", "rtacser.rts", "rtacser.dtr", "rtacser.cts", "rtacser.footer"]
        #expect(
            try rows(of: path, fields) == [
                "0x00,0,0,0,0x0000", "0x00,1,1,0,0x0000", "0x01,1,1,0,0x0000", "0x00,0,0,0,0x0000",
                "0x02,0,0,0,0x0000", "0x05,0,0,0,0x0000",
            ])
        let data = try rows(
            of: path, ["frame.time_epoch", "rtacser.timestamp", "data.data"], filter: "rtacser.eventtype in {1,2}")
        #expect(
            data == [
                "1700000000.123456789,1700000000.123456000,636e7973",
                "1700000000.123456789,1700000000.123456000,01",
            ])
    }

    @Test func itFindsNothingWrongInTheTracesOfTheRepository() throws {
        for name in JSONLinesImporterTests.names {
            let path = packageFolder + "/traces/\(name).pcap"
            var count = 0
            try TraceReader(opening: path).forEachRecord { _, _ in count += 1 }
            #expect(try rows(of: path, ["frame.number"]).count == count)
            #expect(try rows(of: path, ["frame.number"], filter: "_ws.malformed || _ws.expert").isEmpty)
        }
    }

    func rows(of path: String, _ fields: [String], filter: String = "frame") throws -> [String] {
        try Tshark.lines(
            ["-r", path, "-Y", filter, "-T", "fields", "-E", "separator=,"] + fields.flatMap { ["-e", $0] })
    }
}
