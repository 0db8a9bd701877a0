import Words

/// What is wrong with a file of ours that somebody wrote: where, and what to do about it.
package struct FileProblem: Error, Hashable, Sendable, CustomStringConvertible {
    /// As the user named it, or the name of an embedded file.
    package var file: String
    /// The first is 1; 0 when it is the file as a whole.
    package var line: Int
    /// The key with those it lies under, `flash.size`; empty for the file as a whole.
    package var key: String
    /// What is wrong and what would be right, without a full stop.
    package var message: String

    package init(file: String, line: Int, key: String, message: String) {
        self.file = file
        self.line = line
        self.key = key
        self.message = message
    }

    /// `tnce.yaml:12: flash.size: "2 MBB" has no unit of size; did you mean "MB"?`
    package var description: String {
        let file = printable(file)
        return (line > 0 ? "\(file):\(line): " : "\(file): ") + complaint
    }

    /// The same without the place in a file: `flash.size: "2 MBB" has no unit of size; did you mean "MB"?`
    package var complaint: String { key.isEmpty ? message : "\(excerpt(key)): \(message)" }
}
