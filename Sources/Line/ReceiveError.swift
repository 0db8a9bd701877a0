/// What a receiver says is wrong with what it receives; numbered as in the trace format.
package enum ReceiveError: UInt8, Hashable, Sendable, CaseIterable {
    /// No stop bit where one should be: a wrong baud, noise.
    case framing
    /// A parity bit that does not fit.
    case parity
    /// A character came before the last one was taken.
    case overrun
    /// The wire was low for longer than a character.
    case `break`

    /// As files spell it.
    package var name: String {
        switch self {
        case .framing: "framing error"
        case .parity: "parity error"
        case .overrun: "overrun"
        case .break: "break"
        }
    }
}
