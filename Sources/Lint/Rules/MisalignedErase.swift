import Wire
import Words

/// From an address between two sectors nothing is erased, and the answer is success (ECR6600 facts §4.4).
struct MisalignedErase: LintRule {
    static let summary = RuleSummary(
        "misaligned-erase", .error, "Erase at an address that is no multiple of 4 KB: nothing is erased",
        remedy: "Erase and write from a multiple of 0x1000 on; read the sector first where its beginning has to stay.")

    init() {}

    mutating func take(_ message: LintedMessage, _ known: KnownSession, _ findings: inout RuleFindings) {
        guard case .erasedNothing(let address) = message.event.pitfall, let answer = message.answer else { return }
        findings.add(
            known.place(of: message), level: answer.command == .erase ? .error : .warning,
            "\(answer.command) at \(hex(address)) has erased nothing, and was answered with success")
    }
}
