import Words

/// Texts that a page names by number, from 1: each is written once, as long as it is remembered.
struct PageTexts: Sendable {
    private var numbers: [String: Int] = [:]
    private var rememberedByteCount = 0
    private var count = 0
    /// Those that have not been written.
    private(set) var pending: [String] = []
    private(set) var pendingByteCount = 0

    /// What is remembered, in texts and in bytes: a long trace says ever new things.
    private static let mostRemembered = 4096
    private static let mostRememberedBytes = 1 << 20
    /// A text is no longer than this, in characters; a trace may hold a note of any length.
    private static let longest = 4000

    /// 0 for the empty text.
    mutating func number(of text: String) -> Int {
        if text.isEmpty { return 0 }
        if let number = numbers[text] { return number }
        if numbers.count >= Self.mostRemembered || rememberedByteCount > Self.mostRememberedBytes {
            numbers.removeAll(keepingCapacity: true)
            rememberedByteCount = 0
        }
        let scalars = text.unicodeScalars
        let start = scalars.prefix(Self.longest)
        let safe = printable(String(start)) + (start.endIndex < scalars.endIndex ? "…" : "")
        count += 1
        numbers[text] = count
        rememberedByteCount += text.utf8.count
        pending.append(safe)
        pendingByteCount += safe.utf8.count
        return count
    }

    /// Those that have not been written, as JSON that may stand in a script element.
    mutating func takePending() -> String {
        defer { (pending, pendingByteCount) = ([], 0) }
        var json = ""
        // By scalars: one that joins the sign behind it to a character of its own would hide it.
        for scalar in JSONValue.array(pending.map { .string($0) }).description.unicodeScalars {
            if scalar == "<" { json += "\\u003C" } else { json.unicodeScalars.append(scalar) }
        }
        return json
    }
}
