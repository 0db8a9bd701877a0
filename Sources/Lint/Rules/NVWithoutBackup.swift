import Trace
import Wire
import Words

/// The MAC and the calibration lie in NV partitions at the end of the flash (ECR6600 facts §6): erased without a copy, they
/// are gone (§12).
struct NVWithoutBackup: LintRule {
    static let summary = RuleSummary(
        "nv-without-backup", .warning, "NV erased that this session has not read before",
        remedy:
            "Read the whole flash from 0 first and keep the file; or leave the NV partitions alone, from 0x1F7000 on "
            + "in 2 MB and from 0x3FA000 on in 4 MB.")

    /// What has been read to its end.
    private var read = ReadRanges()
    /// A transfer by XMODEM of the flash that has not ended.
    private var reading: Range<UInt64>?
    private var hasUnknownSize = false

    init() {}

    /// Where the vendor's layouts have their NV partitions (§6).
    private static func nv(in byteCount: Int) -> Range<UInt64>? {
        switch byteCount {
        case 2 << 20: 0x1F_7000..<0x20_0000
        case 4 << 20: 0x3F_A000..<0x40_0000
        default: nil
        }
    }

    mutating func take(_ message: LintedMessage, _ known: KnownSession, _ findings: inout RuleFindings) {
        switch message.event.kind {
        case .uploadFrame(_, let done, let total, let sum):
            guard sum != .wrong, done >= total, let range = known.request?.range else { return }
            read.add(range)
        case .answer(let answer) where answer.status == .success && answer.command == known.request?.command:
            noteAnswer(answer, message, known, &findings)
        case .xmodemEOT where !message.isOfHost:
            if let range = reading { read.add(range) }
            reading = nil
        case .xmodemCancel: reading = nil
        default: break
        }
    }

    private mutating func noteAnswer(
        _ answer: StubAnswerSummary, _ message: LintedMessage, _ known: KnownSession, _ findings: inout RuleFindings
    ) {
        switch answer.command {
        case .xmodemRead, .xmodemReadCompressed: reading = known.request?.range
        case .chipErase:
            // Of a flash whose size is not known, a megabyte passes for a back-up.
            let nv = known.flashByteCount.map { Self.nv(in: $0) ?? 0..<UInt64($0) } ?? 0..<(1 << 20)
            if !read.contains(nv) {
                findings.add(
                    known.place(of: message),
                    "the whole flash was erased, the MAC in nv_amt with it, and this trace has no back-up of that")
            }
        case .erase, .flashDownload, .xmodemWrite, .xmodemWriteCompressed:
            guard message.event.pitfall == nil, let range = known.request?.range else { return }
            guard let nv = known.flashByteCount.flatMap({ Self.nv(in: $0) }) else {
                hasUnknownSize = hasUnknownSize || known.flashByteCount == nil
                return
            }
            let hit = range.clamped(to: nv)
            guard !hit.isEmpty, !read.contains(hit) else { return }
            findings.add(
                known.place(of: message),
                "\(hex(hit.lowerBound)) +\(hit.count) was erased, where the vendor's layouts have NV, and this trace has "
                    + "no back-up of it")
        default: break
        }
    }

    mutating func take(_ event: TraceEvent, _ known: KnownSession, _ findings: inout RuleFindings) {
        switch event.kind {
        case .session: read = ReadRanges()
        case .power: reading = nil
        default: break
        }
    }

    func unjudged(_ known: KnownSession) -> String? {
        hasUnknownSize ? "nothing tells how large the flash is" : nil
    }
}
