package import Words

/// Which lessons somebody has done.
package struct LessonProgress: Hashable, Sendable {
    /// By name; one may be of a lesson that this program no longer has.
    package private(set) var done: Set<String> = []

    /// Nobody has as many.
    private static let most = 1000
    /// The longest file that is one, in bytes.
    package static let mostBytes = 64 << 10

    package init() {}

    package mutating func finish(_ name: String) {
        if done.count < Self.most { done.insert(name) }
    }

    package func isDone(_ lesson: Lesson) -> Bool { done.contains(lesson.name) }

    /// The first lesson that is not done; nil when all are.
    package func next(of lessons: [Lesson]) -> Lesson? { lessons.first { !isDone($0) } }

    /// As it is kept in a file: `{"schema":1,"done":["pads","wiring"]}`.
    package var json: JSONValue {
        .report([.init("done", .array(done.sorted().map(JSONValue.string)))])
    }

    /// Reads it back. Whatever it has beside names is left out.
    /// - Throws: `JSONReader.Problem` for what is no progress.
    package init(parsing bytes: [UInt8]) throws(JSONReader.Problem) {
        guard bytes.count <= Self.mostBytes else {
            throw JSONReader.Problem(offset: Self.mostBytes, what: "more than a progress of lessons has")
        }
        guard case .object(let members) = try JSONReader.value(of: bytes),
            case .array(let names)? = members.first(where: { $0.key == "done" })?.value
        else { throw JSONReader.Problem(offset: 0, what: "no progress of lessons") }
        for case .string(let name) in names { finish(name) }
    }
}
