import Capture
import Line
import TestForms
import Testing
import Trace
import USBExport

/// What can be said of a session through one adapter, in its order: what must come back when its capture is imported.
enum Happening: Equatable {
    case bytes(Direction, [UInt8])
    case baud(UInt32)
    case format(FrameFormat)
    case outputs(ControlLines)
    case inputs(ControlLines)
    case breakSent
    case flushed(Queues)
    case error(ReceiveError)
    case opened
    case closed

    /// - Parameter adapter: what it cannot say is left out.
    static func all(in events: [TraceEvent], by adapter: USBExportKind.Adapter) -> [Happening] {
        var happenings: [Happening] = []
        var baud: UInt32?
        var format = FrameFormat.eightNone1
        var lines: ControlLines = []
        func add(_ happening: Happening) {
            if case .bytes(let direction, let more) = happening, case .bytes(direction, let bytes)? = happenings.last {
                happenings[happenings.count - 1] = .bytes(direction, bytes + more)
            } else if case .error = happening, happenings.last == happening {
                // How many there were is not said by all.
            } else {
                happenings.append(happening)
            }
        }
        for event in events {
            switch event.kind {
            case .data(let direction, let bytes) where !bytes.isEmpty: add(.bytes(direction, bytes))
            case .baud(.host, let rate) where rate != baud:
                baud = rate
                add(.baud(rate))
            case .frameFormat(.host, let new) where new != format:
                format = new
                add(.format(new))
            case .controlLines(let new):
                let changed = new.symmetricDifference(lines)
                lines = new
                let outputs: ControlLines = [.dataTerminalReady, .requestToSend]
                if !changed.isDisjoint(with: outputs) { add(.outputs(new.intersection(outputs))) }
                if !changed.isDisjoint(with: adapter.inputs) { add(.inputs(new.intersection(adapter.inputs))) }
            case .breakSent: add(.breakSent)
            case .flushed(let queues) where adapter.flushes:
                if queues != .output { add(.flushed(.input)) }
                if queues != .input { add(.flushed(.output)) }
            case .receiveError(.chipToHost, let error, _) where adapter.reportsErrors: add(.error(error))
            case .portOpened where adapter == .cp210x: add(.opened)
            case .portClosed where adapter == .cp210x: add(.closed)
            default: break
            }
        }
        return happenings
    }
}

extension USBExportKind.Adapter {
    var inputs: ControlLines {
        self == .cdcACM
            ? [.dataSetReady, .carrierDetect, .ring] : [.clearToSend, .dataSetReady, .carrierDetect, .ring]
    }

    var flushes: Bool { [.cp210x, .ftdi, .ftdiHighSpeed].contains(self) }

    var reportsErrors: Bool { ![.ch340, .ch340Factor, .ch340Vendor].contains(self) }
}

extension USBExportKind {
    /// The events of an imported capture of these, and what the import said.
    func imported(_ events: [TraceEvent], in folder: Folder) throws -> (events: [TraceEvent], summary: ImportSummary) {
        var exporter = USBExporter(self)
        for event in events { exporter.note(event) }
        exporter.finish()
        try exporter.takeBytes { try folder.write($0, to: "capture.pcap") }
        let summary = try importRecording(from: folder["capture.pcap"], to: folder["back.pcap"], replacing: true)
        return (try TraceReader(opening: folder["back.pcap"]).events(), summary)
    }

    /// Sees that a session comes back from its capture as it was.
    func comesBack(
        _ events: [TraceEvent], in folder: Folder, sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let (back, summary) = try imported(events, in: folder)
        #expect(summary.problems.isEmpty && summary.outOfOrderCount == 0, sourceLocation: sourceLocation)
        #expect(summary.lostByteCount == Pair(0) && summary.assumptions.isEmpty, sourceLocation: sourceLocation)
        let was = Happening.all(in: events, by: adapter)
        let now = Happening.all(in: back, by: adapter)
        if was == now { return }
        let place = zip(was, now).prefix { $0 == $1 }.count
        func excerpt(_ happenings: [Happening]) -> String {
            happenings[max(0, place - 1)..<min(happenings.count, place + 2)].map { "\($0)".prefix(120) }
                .joined(separator: "; ")
        }
        Issue.record(
            "\(name): \(was.count) happenings, \(now.count) came back; at \(place): \(excerpt(was)) became \(excerpt(now))",
            sourceLocation: sourceLocation)
    }
}
