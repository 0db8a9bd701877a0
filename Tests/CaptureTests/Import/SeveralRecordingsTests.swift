import Capture
import Line
import TestForms
import Testing
import Trace
import USB

/// A session that lies in several recordings becomes one trace.
@Suite struct SeveralRecordingsTests {
    private let folder = try! Folder()

    private func imported(_ recordings: [[UInt8]], _ options: ImportOptions = ImportOptions()) throws
        -> (events: [TraceEvent], summary: ImportSummary)
    {
        let names = recordings.indices.map { "part\($0)" }
        for (name, recording) in zip(names, recordings) { try folder.write(recording, to: name) }
        let summary = try importRecordings(
            from: names.map { folder[$0] }, to: folder["t.pcap"], options, replacing: true)
        return (try Array(TraceReader(opening: folder["t.pcap"]).events().dropFirst()), summary)
    }

    private func refusal(_ recordings: [[UInt8]], _ options: ImportOptions = ImportOptions()) -> String {
        do {
            _ = try imported(recordings, options)
            return "none"
        } catch {
            return "\(error)"
        }
    }

    /// Wireshark cuts a capture where a file is full: between a request and its answer, in the middle of an embedded event.
    @Test(arguments: USBSession.allCases, USBCapture.Format.allCases)
    func aCaptureIsCutAnywhere(session: USBSession, format: USBCapture.Format) throws {
        var capture = USBCapture(format)
        session.write(into: &capture)
        var cuts = 0
        for index in 1..<capture.records.count {
            let (first, second) = capture.cut(at: index)
            // The first must say what its adapter is.
            guard (try? imported([first.pcap()])) != nil else { continue }
            cuts += 1
            let made = try imported([first.pcap(), second.pcap()])
            let notes = made.events.filter { $0.kind == .note("what follows is imported from part1") }
            #expect(notes.count == 1, "cut at record \(index)")
            #expect(made.events.filter { !notes.contains($0) }.joined == session.expected, "cut at record \(index)")
            #expect(made.summary.problems == [], "cut at record \(index)")
        }
        #expect(cuts > capture.records.count / 2, "of \(capture.records.count)")
    }

    private static func socat(_ second: Int, _ bytes: String) -> [UInt8] {
        "> 2013/05/01 12:00:0\(second).000000001  length=1 from=0 to=0\n \(bytes)\n".bytes
    }

    @Test func datesKeepTheirDistance() throws {
        let made = try imported([Self.socat(1, "41"), Self.socat(4, "42"), Self.socat(9, "43")])
        let data = made.events.filter { if case .data = $0.kind { true } else { false } }
        #expect(data.map { $0.time.nanoseconds / 1_000_000_000 } == [0, 3, 8])
        #expect(made.summary.byteCount.hostToChip == 3)
        #expect(made.summary.problems == [])
    }

    @Test func theOrderMatters() throws {
        let made = try imported([Self.socat(4, "42"), Self.socat(1, "41")])
        #expect(
            made.summary.problems == [
                "\(folder["part1"]): its beginning: it is dated before the end of the recording before: is the order right?"
            ])
        #expect(made.events.map(\.time) == made.events.map(\.time).sorted())
    }

    /// Lines without a date: the second file's time begins at 0 again.
    @Test func withoutDatesOneFollowsTheOther() throws {
        let made = try imported([
            "{\"t\": 0, \"dir\": \"host-to-chip\", \"hex\": \"41\"}\n{\"t\": 2, \"dir\": \"chip-to-host\", \"hex\": \"42\"}\n"
                .bytes,
            "{\"t\": 0, \"dir\": \"host-to-chip\", \"hex\": \"43\"}\n".bytes,
        ])
        let data = made.events.filter { if case .data = $0.kind { true } else { false } }
        #expect(data.map { $0.time.nanoseconds / 1_000_000_000 } == [0, 2, 2])
        #expect(
            made.summary.assumptions.contains(
                "part1 begins when the recording before it ends, for their times have no date in common"))
    }

    @Test func recordingsThatAreNotOneSession() throws {
        var capture = USBCapture(.usbmon64)
        USBSession.allCases[0].write(into: &capture)
        let usb = capture.pcap()
        #expect(refusal([usb, Self.socat(1, "41")]).contains("is of the kind socat, and \(folder["part0"]) is usbmon"))
        // All or nothing: the second cannot be read.
        #expect(refusal([Self.socat(1, "41"), "nothing".bytes]) != "none")
        #expect(throws: CaptureError.self) { try TraceReader(opening: folder["t.pcap"]).events() }
    }
}
