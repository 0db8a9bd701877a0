package import Line
package import Scenarios
package import Words

/// What a client of a control socket asks for (`docs/control.md`): one line of JSON.
package enum ControlRequest: Hashable, Sendable {
    case power(on: Bool)
    /// Off for so long on the line's clock, then on.
    case cyclePower(off: Duration)
    case reset
    case status
    /// Everything that happens from now on, as it happens; and what is told only to those who ask for it.
    case events(ControlStreams)
    case stop
    /// A wire of the adapter or the supply is put onto a pad, or pulled off (nil).
    case plug(Hookup.Wire, Hookup.Pad?)
    /// The adapter's switch.
    case adapter(Millivolts)
    /// A fault of the line begins, or ends.
    case fault(String, isOn: Bool)

    /// The version of the protocol.
    package static let version: Int64 = 1
    /// How long a cycle is off where nothing else is said.
    package static let usualCycle = Duration.seconds(1)
    /// How long it may be off.
    package static let cycleRange = Duration.zero...Duration.seconds(86_400)
}

/// A request with what its sender calls it.
package struct ControlCall: Hashable, Sendable {
    package var request: ControlRequest
    /// Comes back with the answer; a string or a number.
    package var id: JSONValue?

    package init(_ request: ControlRequest, id: JSONValue? = nil) {
        self.request = request
        self.id = id
    }

    /// As it is sent.
    package var json: JSONValue {
        var members = [
            JSONValue.Member("version", .integer(ControlRequest.version)),
            .init("verb", .string(request.verb.rawValue)),
        ]
        if let id { members.append(.init("id", id)) }
        switch request {
        case .power(let isOn): members.append(.init("to", .string(isOn ? "on" : "off")))
        case .cyclePower(let off):
            members.append(.init("to", .string("cycle")))
            members.append(.init("forNanoseconds", .integer(off.wholeNanoseconds)))
        case .events(let streams):
            if !streams.isEmpty { members.append(.init("also", .array(streams.names.map { .string($0) }))) }
        case .plug(let wire, let pad):
            members.append(.init("wire", .string(wire.rawValue)))
            if let pad { members.append(.init("to", .string(pad.rawValue))) }
        case .adapter(let level): members.append(.init("millivolts", .integer(Int64(level))))
        case .fault(let name, let isOn):
            members += [.init("fault", .string(name)), .init("is", .string(isOn ? "on" : "off"))]
        case .reset, .status, .stop: break
        }
        return .object(members)
    }

    /// Parses a line from a client. - Throws: `ControlRefusal`, which carries the sender's id as far as it was
    /// found.
    package init(line: [UInt8]) throws(ControlRefusal) {
        let json: JSONValue
        do {
            json = try JSONReader.value(of: line)
        } catch {
            throw ControlRefusal(.notJSON, "this line is not JSON: \(error)")
        }
        guard case .object(let members) = json else {
            throw ControlRefusal(.notJSON, "a request is an object, like {\"verb\":\"status\"}")
        }
        let id = json["id"]
        do {
            self.init(try Self.request(json, members.map(\.key)), id: id)
        } catch {
            throw error.answering(id)
        }
        guard id == nil || id?.string != nil || id?.integer != nil else {
            throw ControlRefusal(.badArgument, "id is a string or a whole number")
        }
    }

    private static func request(_ json: JSONValue, _ keys: [String]) throws(ControlRefusal) -> ControlRequest {
        if let version = json["version"], version != .integer(ControlRequest.version) {
            throw ControlRefusal(
                .unsupportedVersion,
                "this program speaks version \(ControlRequest.version), not \(excerpt(version.description))")
        }
        guard let name = json["verb"]?.string else {
            throw ControlRefusal(.unknownVerb, "the verb is missing", known: ControlVerb.names)
        }
        guard let verb = ControlVerb(rawValue: name) else {
            throw ControlRefusal(
                .unknownVerb,
                "unknown verb \(quotedExcerpt(name)); known are \(ControlVerb.names.joined(separator: ", "))",
                known: ControlVerb.names)
        }
        let taken = ["version", "id", "verb"] + verb.keys
        if let odd = keys.first(where: { !taken.contains($0) }) {
            throw ControlRefusal(
                .badArgument, "\(name) takes no \(quotedExcerpt(odd)); it takes \(taken.joined(separator: ", "))")
        }
        switch verb {
        case .power: return try power(json)
        case .reset: return .reset
        case .status: return .status
        case .events: return .events(try streams(json))
        case .stop: return .stop
        case .plug:
            return .plug(
                try choice(json, "wire", of: verb.rawValue), try choice(json, "to", of: verb.rawValue) as Hookup.Pad)
        case .unplug: return .plug(try choice(json, "wire", of: verb.rawValue), nil)
        case .adapter:
            guard let level = json["millivolts"]?.integer, Hookup.adapterLevels.contains(Int(clamping: level)) else {
                let known = Hookup.adapterLevels.map(String.init).joined(separator: ", ")
                throw ControlRefusal(.badArgument, "adapter needs \"millivolts\", one of \(known)")
            }
            return .adapter(Int(level))
        case .fault:
            guard let name = json["fault"]?.string, let position = json["is"]?.string,
                position == "on" || position == "off"
            else { throw ControlRefusal(.badArgument, "fault needs \"fault\", a name, and \"is\": \"on\" or \"off\"") }
            guard Hookup.faults.contains(where: { $0.name == name }) else {
                throw ControlRefusal(
                    .badArgument,
                    "no fault \(quotedExcerpt(name)) can be switched; known are "
                        + Hookup.faults.map(\.name).joined(separator: ", "))
            }
            return .fault(name, isOn: position == "on")
        }
    }

    private static func streams(_ json: JSONValue) throws(ControlRefusal) -> ControlStreams {
        guard let also = json["also"] else { return [] }
        var streams: ControlStreams = []
        for name in also.array ?? [.null] {
            guard let stream = name.string.flatMap(ControlStreams.init(name:)) else {
                throw ControlRefusal(
                    .badArgument, "\"also\" is a list of \(ControlStreams.all.names.joined(separator: ", "))")
            }
            streams.formUnion(stream)
        }
        return streams
    }

    /// A word of a fixed set.
    /// - Throws: `ControlRefusal`, which names the words that there are.
    package static func choice<Choice: RawRepresentable<String> & CaseIterable>(
        _ json: JSONValue, _ key: String, of verb: String
    ) throws(ControlRefusal) -> Choice {
        guard let choice = json[key]?.string.flatMap(Choice.init(rawValue:)) else {
            let known = Choice.allCases.map(\.rawValue).joined(separator: ", ")
            throw ControlRefusal(.badArgument, "\(verb) needs \"\(key)\", one of \(known)")
        }
        return choice
    }

    private static func power(_ json: JSONValue) throws(ControlRefusal) -> ControlRequest {
        let duration = json["forNanoseconds"]
        switch json["to"]?.string {
        case "on", "off":
            guard duration == nil else { throw ControlRefusal(.badArgument, "forNanoseconds needs cycle") }
            return .power(on: json["to"]?.string == "on")
        case "cycle":
            guard let duration else { return .cyclePower(off: ControlRequest.usualCycle) }
            let range = ControlRequest.cycleRange
            guard let nanoseconds = duration.integer, range.contains(.nanoseconds(nanoseconds)) else {
                throw ControlRefusal(
                    .badArgument,
                    "forNanoseconds is a whole number from \(range.lowerBound.wholeNanoseconds) to "
                        + "\(range.upperBound.wholeNanoseconds)"
                )
            }
            return .cyclePower(off: .nanoseconds(nanoseconds))
        default: throw ControlRefusal(.badArgument, "power needs \"to\": \"on\", \"off\" or \"cycle\"")
        }
    }
}

/// The verbs of the protocol. A new one is a case here and in `ControlRequest`.
enum ControlVerb: String, CaseIterable {
    case adapter
    case events
    case fault
    case plug
    case power
    case reset
    case status
    case stop
    case unplug

    /// What a request may have besides version, id and verb.
    var keys: [String] {
        switch self {
        case .power: ["to", "forNanoseconds"]
        case .events: ["also"]
        case .plug: ["wire", "to"]
        case .unplug: ["wire"]
        case .adapter: ["millivolts"]
        case .fault: ["fault", "is"]
        case .reset, .status, .stop: []
        }
    }

    static var names: [String] { allCases.map(\.rawValue) }
}

extension ControlRequest {
    var verb: ControlVerb {
        switch self {
        case .power, .cyclePower: .power
        case .reset: .reset
        case .status: .status
        case .events: .events
        case .stop: .stop
        case .plug(_, nil): .unplug
        case .plug: .plug
        case .adapter: .adapter
        case .fault: .fault
        }
    }
}
