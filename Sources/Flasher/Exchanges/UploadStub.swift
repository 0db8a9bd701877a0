import Line
import Wire

/// The 12-byte header, then the stub itself (ECR6600 facts §1.4, §11.1).
///
/// The loader reads headers in twelves and never finds its place again by itself. If sync words were still under way,
/// it has read a part of the next twelve already. So after an FF or silence the host sends zero bytes one at a time
/// until the FF comes that ends such a twelve; the next header is then read whole.
/// (The tool of §11.1 sends eight zeros instead, which never helps if the remainder is not a multiple of four.)
///
/// uboot acknowledges each 1024 bytes, the ROM perhaps does not (§3): none at all is taken for that, some but not all
/// for lost bytes, and then nothing more is sent, since anything sent would complete the image and start it.
struct UploadStub: Exchange {
    private enum State { case header, filling, payload, pausing }

    private let settings: FlasherSettings
    private let stub: [UInt8]
    private var state = State.header
    private var headers = 0
    private var fillings = 0
    private var fillingRounds = 0
    private var pieces = 0

    init(_ settings: FlasherSettings, stub: [UInt8]) {
        self.settings = settings
        self.stub = stub
    }

    mutating func begin(_ port: inout HostPort) {
        port.log(RDToolLog.stub)
        sendHeader(&port)
    }

    mutating func receive(_ port: inout HostPort) -> Progress {
        switch state {
        case .header: return readHeaderAnswer(&port)
        case .filling: return readFillingAnswer(&port)
        case .payload: return countPieces(&port)
        case .pausing:
            port.discardInput()
            return .waiting
        }
    }

    mutating func timeout(_ port: inout HostPort) -> Progress {
        switch state {
        case .header: return fill(&port)
        case .filling:
            guard fillings < DownloadHeader.byteCount else {
                // A chip that waited for a header would have answered by now.
                return headers < settings.headerAttempts && fillingRounds < 2
                    ? sendHeader(&port) : .done(.falseSync)
            }
            return sendFilling(&port)
        case .payload:
            guard pieces == 0 else {
                port.notice(.lostBlock)
                return .failed(lostBytes)
            }
            return .done(.unconfirmedUpload)
        case .pausing: return .done(.nothing)
        }
    }

    private var pieceCount: Int {
        (stub.count + BootProtocol.pieceByteCount - 1) / BootProtocol.pieceByteCount
    }

    @discardableResult
    private mutating func sendHeader(_ port: inout HostPort) -> Progress {
        port.discardInput()
        port.send(DownloadHeader(length: UInt32(stub.count)).bytes)
        port.wait(settings.headerTimeout, afterSending: DownloadHeader.byteCount)
        headers += 1
        state = .header
        return .waiting
    }

    private mutating func readHeaderAnswer(_ port: inout HostPort) -> Progress {
        while let byte = port.input.first {
            port.consume(1)
            switch BootProtocol.Answer(rawValue: byte) {
            case .accepted:
                port.discardInput()
                port.hasLoader = true
                port.report(.progress(.uploadStub, done: 0, total: stub.count))
                port.chip.program = .awaitsPayload
                port.send(stub)
                port.wait(settings.pieceTimeout, afterSending: stub.count)
                state = .payload
                return .waiting
            case .refused:
                return fill(&port)
            default: break  // the 01 of a sync word that was answered late
            }
        }
        return .waiting
    }

    private mutating func fill(_ port: inout HostPort) -> Progress {
        guard headers < settings.headerAttempts else { return .done(.falseSync) }
        port.retry("header \(headers) was not accepted; filling up to the next twelve bytes")
        fillings = 0
        fillingRounds += 1
        return sendFilling(&port)
    }

    private mutating func sendFilling(_ port: inout HostPort) -> Progress {
        port.discardInput()
        port.send(0)
        port.wait(settings.fillingInterval, afterSending: 1)
        fillings += 1
        state = .filling
        return .waiting
    }

    private mutating func readFillingAnswer(_ port: inout HostPort) -> Progress {
        while let byte = port.input.first {
            port.consume(1)
            switch BootProtocol.Answer(rawValue: byte) {
            case .refused:
                fillingRounds = 0
                return sendHeader(&port)
            case .accepted:
                // Either a damaged header was completed, or a good one was answered late: how long the loader thinks
                // the image is, and how much of it has come, is not known.
                port.chip.program = .awaitsPayload
                return .failed(
                    Fault(what: "the loader accepted a header that was damaged on the line.", remedy: Fault.powerCycle))
            default: break
            }
        }
        return .waiting
    }

    private mutating func countPieces(_ port: inout HostPort) -> Progress {
        // What a byte is does not matter: one was sent for each piece, and noise may have changed it.
        for piece in (pieces + 1)..<(pieces + 1 + port.input.count) where piece <= pieceCount {
            port.log(RDToolLog.downloaded(min(piece * BootProtocol.pieceByteCount, stub.count), of: stub.count))
        }
        pieces += port.input.count
        port.discardInput()
        let done = min(stub.count, pieces * BootProtocol.pieceByteCount)
        port.report(.progress(.uploadStub, done: done, total: stub.count))
        if pieces >= pieceCount {
            state = .pausing
            port.wait(settings.stubStartPause)
        } else if let deadline = port.deadline {
            // Later pieces still need their time on the wire; on a line without one they come at once.
            let next = port.now.advanced(by: settings.pieceTimeout + port.wireTime(BootProtocol.pieceByteCount))
            port.deadline = max(deadline, next)
        }
        return .waiting
    }

    private var lostBytes: Fault {
        Fault(
            what: """
                the loader acknowledged \(pieces) of \(pieceCount) pieces of the stub: bytes were lost on the way. \
                Nothing more is sent, since that would start a damaged stub.
                """,
            remedy: Fault.powerCycle)
    }
}
