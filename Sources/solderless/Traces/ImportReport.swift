import Capture
import Line
import Trace
import Words

extension ImportSummary {
    /// For a program (docs/json.md). - Parameters: the files, as they were given.
    func json(recordings: [String], trace: String) -> JSONValue {
        .report([
            .init("recording", .string(recordings[0])),
            .init("recordings", .array(recordings.map { .string($0) })), .init("kind", .string(kind)),
            .init("trace", .string(trace)),
            .init("clock", .string(clock.name)),
            .init(
                "properties",
                .array(
                    properties.map { .object([.init("key", .string($0.key)), .init("value", .string($0.value))]) })),
            .init("bytes", Self.json(byteCount)), .init("lost", Self.json(lostByteCount)),
            .init("bauds", .array(bauds.map { .integer(Int64($0)) })),
            .init("baudCount", .integer(Int64(baudCount))),
            .init("receiveErrorCount", .integer(Int64(receiveErrorCount))),
            .init("outOfOrderCount", .integer(Int64(outOfOrderCount))),
            .init("assumptions", .array(assumptions.map { .string($0) })),
            .init("problems", .array(problems.map { .string($0) })),
            .init("problemCount", .integer(Int64(problemCount))),
        ])
    }

    private static func json(_ counts: Pair<Int>) -> JSONValue {
        .object([
            .init("hostToChip", .integer(Int64(counts.hostToChip))),
            .init("chipToHost", .integer(Int64(counts.chipToHost))),
        ])
    }
}
