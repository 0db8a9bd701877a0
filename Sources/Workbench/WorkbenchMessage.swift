import Bench
import Words

/// What a page asks for: the control socket's requests (docs/control.md), and what only the workbench has (docs/workbench.md).
struct WorkbenchMessage: Hashable, Sendable {
    enum Request: Hashable, Sendable {
        case control(ControlRequest)
        case startFlasher(FlasherOrder)
        case stopFlasher
        case lesson(LessonRequest)
    }

    var request: Request
    /// Comes back with the answer; a string or a whole number.
    var id: JSONValue?

    /// - Throws: `ControlRefusal`, with the sender's id as far as it was found.
    init(_ text: String) throws(ControlRefusal) {
        let line = Array(text.utf8)
        let json = try? JSONReader.value(of: line)
        let id = json?["id"]
        do throws(ControlRefusal) {
            switch json?["verb"]?.string {
            case "flasher": request = try Self.flasher(json!)
            case "lesson": request = .lesson(try Self.lesson(json!))
            default:
                let call = try ControlCall(line: line)
                request = .control(call.request)
            }
        } catch {
            throw error.answering(id)
        }
        guard id == nil || id?.string != nil || id?.integer != nil else {
            throw ControlRefusal(.badArgument, "id is a string or a whole number")
        }
        self.id = id
    }

    private static func flasher(_ json: JSONValue) throws(ControlRefusal) -> Request {
        switch json["do"]?.string {
        case "start":
            try check(json, ["program", "task"])
            return .startFlasher(
                FlasherOrder(
                    program: try ControlCall.choice(json, "program", of: "flasher"),
                    task: try ControlCall.choice(json, "task", of: "flasher")))
        case "stop":
            try check(json, [])
            return .stopFlasher
        default: throw ControlRefusal(.badArgument, "flasher needs \"do\": \"start\" or \"stop\"")
        }
    }

    private static func lesson(_ json: JSONValue) throws(ControlRefusal) -> LessonRequest {
        switch json["do"]?.string {
        case "start":
            try check(json, ["name"])
            guard let name = json["name"]?.string else {
                throw ControlRefusal(.badArgument, "lesson needs the \"name\" of the one to start")
            }
            return .start(name)
        case "hint":
            try check(json, [])
            return .hint
        case "answer":
            try check(json, ["choice"])
            guard let choice = json["choice"]?.integer, (0..<100).contains(choice) else {
                throw ControlRefusal(.badArgument, "choice is the number of an answer, from 0")
            }
            return .answer(Int(choice))
        case "leave":
            try check(json, [])
            return .leave
        default:
            throw ControlRefusal(.badArgument, "lesson needs \"do\": \"start\", \"hint\", \"answer\" or \"leave\"")
        }
    }

    /// A key that nothing is made of is a typing error, and must not become another request.
    private static func check(_ json: JSONValue, _ more: [String]) throws(ControlRefusal) {
        guard json["version"] == nil || json["version"] == .integer(ControlRequest.version) else {
            throw ControlRefusal(.unsupportedVersion, "this program speaks version \(ControlRequest.version)")
        }
        guard case .object(let members) = json else { return }
        let taken = ["version", "id", "verb", "do"] + more
        if let odd = members.first(where: { !taken.contains($0.key) }) {
            throw ControlRefusal(
                .badArgument, "this takes no \(quotedExcerpt(odd.key)); it takes \(taken.joined(separator: ", "))")
        }
    }
}
