package import Line
package import Wire

/// Where a step of a session begins.
package struct StepBeginning: Hashable, Sendable {
    package var step: Step
    package var direction: Direction
    /// In everything that went in its direction.
    package var offset: Int

    private init(_ step: Step, _ direction: Direction, _ offset: Int) {
        self.step = step
        self.direction = direction
        self.offset = offset
    }

    /// As the eager reader tells them, each stretch in its run.
    /// - Returns: nil where the stretches are not the run.
    package static func told(of runs: [GoldenSession.Run], atMost limit: Int = .max) -> [StepBeginning]? {
        var tracker = StepTracker()
        var offsets = Pair(0)
        var beginnings: [StepBeginning] = []
        for run in runs {
            var rest = run.bytes[...]
            while !rest.isEmpty {
                let part = Array(rest.prefix(limit))
                rest = rest.dropFirst(part.count)
                var stretches: [StepTracker.Stretch] = []
                tracker.feed(part.span, run.direction, into: &stretches)
                guard stretches.flatMap({ Array($0.range) }) == Array(part.indices) else { return nil }
                for stretch in stretches where stretch.isBeginning {
                    guard let step = stretch.step else { continue }
                    beginnings.append(
                        StepBeginning(step, run.direction, offsets[run.direction] + stretch.range.lowerBound))
                }
                offsets[run.direction] += part.count
            }
        }
        return sorted(beginnings)
    }

    /// What the strict reader's events are as steps; a payload is as many pieces as its bytes make.
    package static func named(in runs: [GoldenSession.Run]) -> [StepBeginning] {
        var beginnings: [StepBeginning] = []
        var hasEnd = false
        var isDataLast = false
        for event in GoldenSession.events(of: runs) {
            var step: Step?
            switch event.kind {
            case .syncWord: step = .sync
            case .syncAnswer: step = .syncAnswer
            case .downloadHeader: step = .header
            case .headerAnswer: step = .headerAnswer
            case .payload(let done, _):
                let first = (done - event.byteCount + 1023) / 1024
                for piece in first..<((done + 1023) / 1024) {
                    let offset = event.offset + piece * 1024 - (done - event.byteCount)
                    beginnings.append(StepBeginning(.piece, event.direction, offset))
                }
            case .pieceAnswer: step = .pieceAnswer
            case .request(let request):
                isDataLast = isData(request, event.pitfall)
                step = isDataLast ? .dataFrame : request.command == .baud ? .baud : .command
            case .answer(let answer):
                let isOfData = isDataLast && [.ramDownload, .flashDownload, .unknown].contains(answer.command)
                step = isOfData ? .dataAnswer : answer.command == .baud ? .baudAnswer : .answer
            case .uploadFrame: step = .uploadFrame
            case .xmodemBlock: (step, hasEnd) = (.block, false)
            case .xmodemReady: step = .ready
            case .xmodemEOT: (step, hasEnd) = (.eot, true)
            case .xmodemACK: step = hasEnd ? .eotAck : .blockAck
            case .xmodemNAK: step = .blockNak
            case .xmodemCancel: step = .cancel
            case .amtWord, .amtAnswer, .filler, .xmodemCancelMark, .text, .noise, .cutOff: break
            }
            if let step { beginnings.append(StepBeginning(step, event.direction, event.offset)) }
        }
        return sorted(beginnings)
    }

    /// Whether a stub takes a frame for data, whatever its host means by it (ECR6600 facts §4.3).
    private static func isData(_ request: StubRequestSummary, _ pitfall: Pitfall?) -> Bool {
        if case .startReadAsData = pitfall { return true }
        if case .data = request.body { return true }
        return false
    }

    private static func sorted(_ beginnings: [StepBeginning]) -> [StepBeginning] {
        beginnings.sorted { ($0.direction.rawValue, $0.offset) < ($1.direction.rawValue, $1.offset) }
    }
}
