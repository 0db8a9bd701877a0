package import Bench
package import Words

/// What the page asks of a lesson.
package enum LessonRequest: Hashable, Sendable {
    case start(String)
    case hint
    /// From 0.
    case answer(Int)
    case leave
}

/// Whoever gives lessons on a bench. All of it is called on the emulation's thread, in the order of what happens there.
package protocol LessonDesk: AnyObject, Sendable {
    /// All lessons, for `welcome`.
    var list: JSONValue { get }
    /// The one that is being taken; null for none.
    var current: JSONValue { get }
    /// Carries a request out. - Returns: what the answer has beside the usual. - Throws: `ControlRefusal`.
    func carryOut(_ request: LessonRequest, _ emulation: Emulation) throws -> [JSONValue.Member]
    /// Is told what happened. It must not wait.
    func hear(_ events: [ControlEvent])
}
