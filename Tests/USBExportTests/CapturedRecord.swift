import Line
import Trace
import USBExport

/// A record of a USBPcap file, read by its offsets in trace formats §B.5 and by nothing else.
struct CapturedRecord: Equatable {
    var microseconds: Int
    var identity: [UInt8]
    var isCompletion: Bool
    var device: Int
    var endpoint: UInt8
    /// 1 interrupt, 2 control, 3 bulk.
    var transfer: UInt8
    var data: [UInt8]

    var isRequest: Bool { transfer == 2 && !isCompletion }

    /// All records of a file. A record that does not end where the next begins stops it.
    static func all(in file: [UInt8]) -> [CapturedRecord] {
        func number(_ place: Int, _ count: Int) -> Int {
            file[place..<place + count].reversed().reduce(0) { $0 << 8 | Int($1) }
        }
        var records: [CapturedRecord] = []
        var place = 24
        while place + 16 <= file.count {
            let length = number(place + 8, 4)
            let start = place + 16
            let head = number(start, 2)
            precondition(head + number(start + 23, 4) == length && start + length <= file.count)
            records.append(
                CapturedRecord(
                    microseconds: number(place, 4) * 1_000_000 + number(place + 4, 4),
                    identity: Array(file[start + 2..<start + 10]), isCompletion: file[start + 16] & 1 == 1,
                    device: number(start + 19, 2), endpoint: file[start + 21], transfer: file[start + 22],
                    data: Array(file[start + head..<start + length])))
            place = start + length
        }
        precondition(place == file.count)
        return records
    }
}

/// What an adapter makes of events, one each millisecond from the second second on.
struct Exported {
    let file: [UInt8]
    let summary: USBExportSummary
    /// Of USBPcap only.
    let records: [CapturedRecord]

    init(_ adapter: USBExportKind.Adapter, _ events: [TraceEvent.Kind], as form: CaptureForm = .usbpcap) {
        var exporter = USBExporter(USBExportKind(form, adapter))
        for (index, event) in events.enumerated() {
            exporter.note(TraceEvent(Instant(nanoseconds: 1_000_000_000 + Int64(index) * 1_000_000), event))
        }
        exporter.finish()
        var bytes: [UInt8] = []
        exporter.takeBytes { bytes += $0 }
        file = bytes
        summary = exporter.summary
        records = form == .usbpcap ? CapturedRecord.all(in: bytes) : []
    }

    /// The requests that the events became, in hexadecimal: setup packet, and what the host sends with it. What is said
    /// when the adapter is plugged in is not among them.
    static func requests(_ adapter: USBExportKind.Adapter, _ events: TraceEvent.Kind...) -> [String] {
        let plugged = Exported(adapter, []).records.count { $0.isRequest }
        return Exported(adapter, events).records.filter(\.isRequest).dropFirst(plugged).map { hex($0.data) }
    }

    /// What completed on an endpoint, in hexadecimal.
    func completed(_ endpoint: UInt8) -> [String] {
        records.filter { $0.endpoint == endpoint && $0.isCompletion }.map { hex($0.data) }
    }
}

func hex(_ bytes: [UInt8]) -> String {
    bytes.map { (($0 < 16 ? "0" : "") + String($0, radix: 16)).uppercased() }.joined(separator: " ")
}
