package import Line
package import Words

/// Why a request was not carried out.
package struct ControlRefusal: Error, Hashable, Sendable {
    /// For programs. More may come: keep a default when switching.
    package enum Code: String, Hashable, Sendable, CaseIterable {
        case notJSON = "not-json"
        case unsupportedVersion = "unsupported-version"
        case unknownVerb = "unknown-verb"
        case badArgument = "bad-argument"
        /// The connection ends with this answer.
        case lineTooLong = "line-too-long"
        /// The connection ends with this answer.
        case tooManyClients = "too-many-clients"
        /// The port failed; the emulation is about to end.
        case failed
    }

    package var code: Code
    /// For a person.
    package var message: String
    /// Verbs that there are, where one was asked for that there is not.
    package var known: [String]
    package var id: JSONValue?

    package init(_ code: Code, _ message: String, known: [String] = []) {
        self.code = code
        self.message = message
        self.known = known
    }

    package func answering(_ id: JSONValue?) -> ControlRefusal {
        var refusal = self
        if id?.string != nil || id?.integer != nil { refusal.id = id }
        return refusal
    }

    package var json: JSONValue {
        var error = [JSONValue.Member("code", .string(code.rawValue)), .init("message", .string(message))]
        if !known.isEmpty { error.append(.init("known", .array(known.map { .string($0) }))) }
        return ControlAnswer.envelope(id, isGood: false, [.init("error", .object(error))])
    }
}

/// That a request was carried out, and what there is to say of it.
package struct ControlAnswer: Hashable, Sendable {
    /// On the line's clock: when it was.
    package var moment: Instant
    package var members: [JSONValue.Member]

    package init(at moment: Instant, _ members: [JSONValue.Member] = []) {
        self.moment = moment
        self.members = members
    }

    package func json(to id: JSONValue?) -> JSONValue {
        Self.envelope(id, isGood: true, [.init("atNanoseconds", .integer(moment.nanoseconds))] + members)
    }

    static func envelope(_ id: JSONValue?, isGood: Bool, _ members: [JSONValue.Member]) -> JSONValue {
        var head = [JSONValue.Member("version", .integer(ControlRequest.version))]
        if let id { head.append(.init("id", id)) }
        return .object(head + [.init("ok", .bool(isGood))] + members)
    }
}
