import Line
package import Wire
package import Words

extension SessionEvent {
    /// One event, for a line of JSON. Times in nanoseconds as stamped.
    package var json: JSONValue { .report(members) }

    /// The same as part of a report.
    package var members: [JSONValue.Member] {
        [
            .init("direction", .string(direction.name)),
            .init("offset", .integer(Int64(offset))), .init("bytes", .integer(Int64(byteCount))),
            .init("start", .integer(start)), .init("end", .integer(end)), .init("kind", .string(kind.name)),
            .init("text", .string(description)),
        ] + Self.members(of: pitfall)
    }
}

extension SessionEvent {
    /// `"pitfall": {"name": …, "text": …}`, or nothing.
    static func members(of pitfall: Pitfall?) -> [JSONValue.Member] {
        guard let pitfall else { return [] }
        return [
            .init(
                "pitfall",
                .object([.init("name", .string(pitfall.name)), .init("text", .string(pitfall.description))]))
        ]
    }
}

extension Timeline {
    /// The phases; times in nanoseconds as stamped.
    package var json: JSONValue {
        .report([.init("phases", .array(phases.map(\.json)))])
    }
}

extension Phase {
    var json: JSONValue {
        .object([
            .init("phase", .string(kind.rawValue)), .init("start", .integer(start)),
            .init("duration", .integer(duration)), .init("bytes", .integer(Int64(byteCount))),
            .init("bytesPerSecond", bytesPerSecond.map { .integer($0) } ?? .null),
            .init("requests", .integer(Int64(requests))), .init("retries", .integer(Int64(retries))),
            .init("answered", .bool(isAnswered)), .init("note", .string(note)),
        ])
    }
}

extension Statistics {
    /// The numbers of the session with its phases.
    package func json(_ timeline: Timeline) -> JSONValue {
        let events = eventCounts.sorted { $0.key < $1.key }.map {
            JSONValue.Member($0.key, .integer(Int64($0.value)))
        }
        return .report([
            .init("duration", .integer(lastStamp - (firstStamp ?? lastStamp))),
            .init("hostToChipBytes", .integer(Int64(hostByteCount))),
            .init("chipToHostBytes", .integer(Int64(chipByteCount))),
            .init("retries", .integer(Int64(retries))),
            .init(
                "retriesByCause",
                .object(
                    RetryCause.allCases.map { .init($0.rawValue, .integer(Int64(retriesByCause[$0] ?? 0))) })),
            .init("noiseBytes", .integer(Int64(noiseByteCount))),
            .init(
                "longestSilence",
                .object([
                    .init("duration", .integer(longestSilence.duration)),
                    .init("start", .integer(longestSilence.start)),
                ])),
            .init("answerLatency", latencies.json), .init("events", .object(events)),
            .init("phases", .array(timeline.phases.map(\.json))),
        ])
    }
}

extension LatencyHistogram {
    var json: JSONValue {
        guard let median else { return .null }
        return .object([
            .init("count", .integer(Int64(count))), .init("minimum", .integer(minimum)),
            .init("median", .integer(median)), .init("maximum", .integer(maximum)),
            .init(
                "histogram",
                .array(
                    intervals.map {
                        .object([
                            .init("from", .integer($0.from)), .init("to", .integer($0.to)),
                            .init("count", .integer(Int64($0.count))),
                        ])
                    })),
        ])
    }
}

extension Mark {
    /// One mark, for a line of JSON.
    package var json: JSONValue { .report(members) }

    /// The same as part of a report.
    package var members: [JSONValue.Member] {
        [.init("start", .integer(stamp)), .init("kind", .string(kind)), .init("text", .string(text))]
            + SessionEvent.members(of: pitfall)
    }
}

extension SessionEvent {
    /// The event with its bytes in hexadecimal, if they are given.
    package func json(hexadecimal bytes: [UInt8]?) -> JSONValue {
        guard let bytes, case .object(let members) = json else { return json }
        return .object(members + [.init("hex", .string(hexBytes(bytes)))])
    }
}
