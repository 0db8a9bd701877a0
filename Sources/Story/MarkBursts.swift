/// Marks that come in bursts: a bad line has a difference for each message, and a few say it all.
struct MarkBursts: Sendable {
    private struct Burst: Sendable {
        var kind: String
        var toldCount = 0
        /// In nanoseconds, of the last mark.
        var last: Int64 = 0
        var held: (count: Int, start: Int64, mark: Mark)?
    }

    /// The kinds that come so.
    private var bursts = ["differs", "fault", Mark.lostKind].map { Burst(kind: $0) }

    /// So many of a burst are told whole.
    private static let mostTold = 3
    /// Marks further apart than this, in nanoseconds, are no burst; one that goes on has a line in each such time.
    private static let gap: Int64 = 1_000_000_000

    /// Takes a mark. - Returns: what is to be told at once: held ones before it, and the mark itself.
    mutating func take(_ mark: Mark) -> [Mark] {
        guard let index = bursts.firstIndex(where: { $0.kind == mark.kind }), mark.pitfall == nil else { return [mark] }
        var told: [Mark] = []
        if mark.stamp - bursts[index].last > Self.gap {
            told += sum(up: index)
            bursts[index].toldCount = 0
        }
        bursts[index].last = mark.stamp
        guard bursts[index].toldCount >= Self.mostTold else {
            bursts[index].toldCount += 1
            return told + [mark]
        }
        let (count, start) = bursts[index].held.map { ($0.count, $0.start) } ?? (0, mark.stamp)
        bursts[index].held = (count + 1, start, mark)
        return mark.stamp - start >= Self.gap ? sum(up: index) : told
    }

    /// What is held of every burst.
    mutating func takeAll() -> [Mark] {
        bursts.indices.flatMap { sum(up: $0) }.sorted { $0.stamp < $1.stamp }
    }

    private mutating func sum(up index: Int) -> [Mark] {
        guard let held = bursts[index].held else { return [] }
        var mark = held.mark
        bursts[index].held = nil
        if held.count > 1 { mark.text = "… \(held.count) more, the last: \(mark.text)" }
        return [mark]
    }
}
