import Words

/// The last of what happened, for a tab that comes later: the story, power, programs; neither waves nor operations of the flash,
/// whose outcome such a tab is told.
struct Backlog {
    static let capacity = 200
    private var events: [String] = []

    mutating func add(_ text: String) {
        if events.count == Self.capacity { events.removeFirst() }
        events.append(text)
    }

    /// An array of JSON.
    var json: String { "[" + events.joined(separator: ",") + "]" }
}
