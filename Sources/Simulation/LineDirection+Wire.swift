import Line
import Wire

extension LineDirection {
    /// As traces and the protocol have it.
    var traced: Direction { self == .hostToChip ? .hostToChip : .chipToHost }
}
