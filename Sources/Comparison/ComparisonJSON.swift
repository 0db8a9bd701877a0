import Line
import Story
import Wire
package import Words

/// A comparison for a program: one object at its end.
package struct ComparisonJSON: Sendable {
    private let names: (a: String, b: String)
    private let most: Int
    private let window: Int
    package private(set) var tally = ComparisonTally()
    private var fold = DifferenceFold()
    private var differences: [JSONValue] = []
    private var untoldCount = 0
    private var next: JSONValue = .null

    /// Of what both have next where they cannot be aligned.
    private static let mostNext = 5

    /// - Parameters: as those of `ComparisonText`.
    package init(a: String, b: String, most: Int, window: Int) {
        names = (a, b)
        self.most = most
        self.window = window
    }

    package mutating func take(_ finding: Finding) {
        tally.count(finding)
        for told in fold.take(finding) { take(told) }
    }

    private mutating func take(_ told: DifferenceFold.Told) {
        switch told {
        case .same: break
        case .difference(let difference):
            if differences.count < most { differences.append(difference.json) } else { untoldCount += difference.count }
        case .gaveUp(let a, let b):
            next = .object([
                .init("a", .array(a.prefix(Self.mostNext).map(\.json))),
                .init("b", .array(b.prefix(Self.mostNext).map(\.json))),
            ])
        }
    }

    /// Nothing more is found. - Returns: the report.
    package mutating func finish() -> JSONValue {
        for told in fold.finish() { take(told) }
        return .report([
            .init("a", .string(names.a)), .init("b", .string(names.b)),
            .init("outcome", .string(tally.outcome.rawValue)), .init("window", .integer(Int64(window))),
            .init(
                "steps",
                .object([
                    .init("same", .integer(Int64(tally.sameCount + tally.lateCount))),
                    .init("onlyInA", .integer(Int64(tally.onlyACount))),
                    .init("onlyInB", .integer(Int64(tally.onlyBCount))),
                    .init("changed", .integer(Int64(tally.changedCount))),
                    .init("late", .integer(Int64(tally.lateCount))),
                ])),
            .init("differences", .array(differences)), .init("untold", .integer(Int64(untoldCount))),
            .init("gaveUpAt", next),
        ])
    }
}

extension TraceStep {
    /// As `show --json` has it.
    fileprivate var json: JSONValue {
        switch what {
        case .bytes(let event): .object(event.members)
        case .port(let event, _): Mark(event).map { .object($0.members) } ?? .null
        }
    }
}

extension Difference {
    fileprivate var json: JSONValue {
        var members: [JSONValue.Member] = [
            .init("kind", .string(kind.name)), .init("count", .integer(Int64(count))),
            .init("a", a?.json ?? .null), .init("b", b?.json ?? .null),
        ]
        switch kind {
        case .only: break
        case .late(let place, let duration):
            members += [
                .init("byte", .integer(Int64(place))), .init("laterBy", .integer(duration.wholeNanosecondsClamped)),
            ]
        case .changed:
            guard let a, let b else { break }
            members += [
                .init("fields", .array(a.changedFields(to: b).map(\.json))),
                .init("bytes", a.bytes.isEmpty && b.bytes.isEmpty ? .null : ByteChanges(a.bytes, b.bytes).json),
            ]
        }
        return .object(members)
    }
}

extension Difference.Kind {
    fileprivate var name: String {
        switch self {
        case .only(.a): "only-in-a"
        case .only(.b): "only-in-b"
        case .changed: "changed"
        case .late: "late"
        }
    }
}

extension FieldChange {
    fileprivate var json: JSONValue {
        .object([
            .init("name", .string(name)), .init("a", a.map { .string($0) } ?? .null),
            .init("b", b.map { .string($0) } ?? .null),
        ])
    }
}

extension ByteChanges {
    fileprivate var json: JSONValue {
        .object([
            .init("offset", .integer(Int64(firstOffset))), .init("countA", .integer(Int64(countA))),
            .init("countB", .integer(Int64(countB))),
            .init(
                "rows",
                .array(
                    rows.map { row in
                        .object([
                            .init("offset", .integer(Int64(row.offset))), .init("a", .string(hexBytes(row.a))),
                            .init("b", .string(hexBytes(row.b))),
                        ])
                    })),
        ])
    }
}
