import Wire

/// Does a stub wait for the rest of a download that a host before this one has not finished? A ROM or uboot says
/// nothing to the question, a stub that takes commands refuses it.
///
/// What is left is not known, but hosts write whole sectors: so it is used up sector by sector, with FF, as
/// `LeaveDownload` does it. Not more than 64 KB of it, which is as much as this host leaves behind when it is killed;
/// and not from the middle of a frame: there only a power cycle helps.
struct EndOldDownload: Exchange {
    private let settings: FlasherSettings
    private var question: StubQuestion
    private var leaving: LeaveDownload?

    init(_ settings: FlasherSettings) {
        self.settings = settings
        question = StubQuestion(
            LeaveDownload.probe, patience: settings.stubCheckTimeout, attempts: 1,
            strayTimeout: settings.stubCheckTimeout)
    }

    mutating func begin(_ port: inout HostPort) {
        question.ask(&port)
    }

    mutating func receive(_ port: inout HostPort) -> Progress {
        if leaving != nil { return judge(leaving!.receive(&port), &port) }
        guard let answer = question.answer(&port) else { return .waiting }
        guard answer.command == .flashDownload, answer.status != .address else {
            port.chip.program = .stub
            return .done(.stub)
        }
        port.retry("a stub waits for the rest of a download; filling it with FF")
        let sectors = stride(
            from: SectorPlan.sectorByteCount, through: FrameWrite.longestCommandByteCount,
            by: SectorPlan.sectorByteCount)
        leaving = LeaveDownload(settings, remaining: sectors.map { $0 - LeaveDownload.probeByteCount })
        leaving!.begin(isInFrame: false, &port)
        return .waiting
    }

    mutating func timeout(_ port: inout HostPort) -> Progress {
        guard leaving != nil else { return .done(.noStub) }
        return judge(leaving!.timeout(&port), &port)
    }

    private func judge(_ progress: Progress, _ port: inout HostPort) -> Progress {
        switch progress {
        case .waiting: return .waiting
        case .done: return .done(.stub)
        case .failed:
            port.retry("the download cannot be ended: switch the power off and on")
            port.chip.program = .unknown
            return .done(.noStub)
        }
    }
}
