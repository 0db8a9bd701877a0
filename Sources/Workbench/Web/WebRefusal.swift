import Words

/// Why a request is not answered as it was meant.
struct WebRefusal: Error, Hashable, Sendable {
    var status: WebStatus
    /// For a person.
    var message: String
    /// Methods that there are, where another one was used.
    var allowed: [String] = []

    init(_ status: WebStatus, _ message: String, allowed: [String] = []) {
        self.status = status
        self.message = message
        self.allowed = allowed
    }

    var answer: WebAnswer {
        var answer = WebAnswer.json(.object([.init("error", .object([.init("message", .string(message))]))]), status)
        if !allowed.isEmpty { answer.fields.append(("Allow", allowed.joined(separator: ", "))) }
        answer.endsConnection = true
        return answer
    }
}
