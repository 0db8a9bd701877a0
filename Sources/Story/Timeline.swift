import Line
package import Wire
import Words

/// A session told in chapters. It is fed events in their order and keeps one value a phase, never the events.
package struct Timeline: Sendable {
    /// In the order in which they began; a repeated EOT may stretch one beyond the start of the next.
    package private(set) var phases: [Phase] = []
    private var lastRequest: StubRequestSummary?
    private var isAnswered = true
    private var hasUploaded = false

    package init() {}

    /// Takes the next event.
    package mutating func add(_ event: SessionEvent) {
        if let kind = kind(beginning: event), phases.last?.kind != kind || begins(anew: event) {
            phases.append(Phase(kind, at: event.start))
        }
        note(event)
    }

    /// Whether the event opens a phase of the kind that is open already: another rate is another chapter.
    private func begins(anew event: SessionEvent) -> Bool {
        guard case .request(let request) = event.kind else { return false }
        return request.command == .baud && request != lastRequest
    }

    /// The phase that an event belongs to by itself; nil when it goes on with what is open.
    private func kind(beginning event: SessionEvent) -> Phase.Kind? {
        switch event.kind {
        case .syncWord, .syncAnswer, .amtWord: .sync
        case .downloadHeader, .payload, .filler: .upload
        case .request(let request): kind(of: request.command)
        default: nil
        }
    }

    private func kind(of command: StubCommand) -> Phase.Kind {
        switch command {
        case .syn: hasUploaded ? .identify : .stubCheck
        case .flashID: hasUploaded ? .identify : .stubCheck
        case .baud: .baud
        case .erase, .chipErase: .erase
        case .flashUpload, .xmodemRead, .xmodemReadCompressed, .xmodemReadMemory, .efuseDump: .read
        case .ramDownload, .flashDownload, .xmodemWrite, .xmodemWriteCompressed, .macToNV: .write
        case .sha256: .verify
        case .run: .reboot
        default: .command
        }
    }

    private mutating func note(_ event: SessionEvent) {
        switch event.kind {
        case .noise, .text, .cutOff: return
        default: break
        }
        guard let index = index(ofPhaseOf: event) else { return }
        var phase = phases[index]
        defer { phases[index] = phase }
        phase.end = max(phase.end, event.end)
        if event.direction == .chipToHost { phase.isAnswered = true }
        switch event.kind {
        case .syncWord: phase.requests += 1
        case .payload:
            phase.byteCount += event.byteCount
            hasUploaded = true
        case .headerAnswer(false): phase.trouble = "header refused"
        case .filler, .xmodemNAK: phase.retries += 1
        case .request(let request): note(request, &phase)
        case .answer(let answer): note(answer, &phase)
        case .uploadFrame(let count, _, _, let sum):
            phase.byteCount += count
            if sum == .wrong { phase.trouble = "wrong sum" }
        case .xmodemBlock(let block):
            if !block.isIntact { phase.trouble = "wrong CRC" }
            if !block.isRepeated { phase.byteCount += block.dataByteCount }
            // What a NAK asked for has been counted with it.
            if block.isRepeated, !phase.lastWasNAK { phase.retries += 1 }
        case .xmodemEOT:
            if phase.lastWasEOT { phase.retries += 1 }
        case .xmodemCancel: phase.trouble = "cancelled"
        default: break
        }
        switch event.kind {
        case .xmodemACK, .xmodemNAK, .xmodemBlock, .xmodemEOT:
            phase.lastWasEOT = event.kind == .xmodemEOT
            phase.lastWasNAK = event.kind == .xmodemNAK
        default: break
        }
        if case .answer = event.kind { isAnswered = true }
        if let pitfall = event.pitfall { phase.trouble = pitfall.summary }
    }

    /// A chip that repeats its EOT still tells of the transfer, whatever the host has asked since.
    private func index(ofPhaseOf event: SessionEvent) -> Int? {
        switch event.kind {
        case .xmodemReady, .xmodemACK, .xmodemNAK, .xmodemEOT, .xmodemCancel, .xmodemCancelMark, .xmodemBlock:
            phases.lastIndex { $0.kind == .read || $0.kind == .write } ?? phases.indices.last
        default: phases.indices.last
        }
    }

    private mutating func note(_ request: StubRequestSummary, _ phase: inout Phase) {
        if request == lastRequest, !isAnswered, phase.requests > 0 { phase.retries += 1 }
        lastRequest = request
        isAnswered = false
        phase.requests += 1
        switch request.body {
        case .range(let address, let length), .compressedRange(let address, let length, _):
            if phase.detail.isEmpty { phase.detail = "from \(hex(address))" }
            if phase.kind == .erase || phase.kind == .verify { phase.byteCount += Int(length) }
        case .baud(let baud): phase.detail = "\(baud)"
        case .data(let count, let again), .lateData(let count, let again, _, _):
            if again { phase.retries += 1 } else { phase.byteCount += count }
        default: break
        }
    }

    private func note(_ answer: StubAnswerSummary, _ phase: inout Phase) {
        if answer.status != .success { phase.trouble = "status \(answer.status.rawValue), \(answer.status)" }
        if answer.command == .flashID, answer.data.count >= 3 {
            phase.detail = answer.description.replacingPrefix("FLASH ID ")
        }
        if answer.command == .efuseDump || answer.command == .efuse { phase.byteCount += answer.data.count }
    }
}

extension String {
    fileprivate func replacingPrefix(_ prefix: String) -> String {
        hasPrefix(prefix) ? String(dropFirst(prefix.count)) : self
    }
}
