/// Why an event cannot be written, or a record cannot be read as events.
package struct TraceError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What kind of trouble it is; more may come.
    package struct Code: Hashable, Sendable {
        private let name: String

        /// A record ends before what it must contain.
        package static let tooShort = Code(name: "tooShort")
        /// A value that means nothing.
        package static let malformed = Code(name: "malformed")
        /// Written by a program with a later major version of the format.
        package static let tooNew = Code(name: "tooNew")
        /// An event too long for one record.
        package static let tooLong = Code(name: "tooLong")
        /// A time that the file format cannot express.
        package static let timeOutOfRange = Code(name: "timeOutOfRange")
    }

    package var code: Code
    /// Offset of the trouble in the record, header included; nil when writing.
    package var offset: Int?
    /// What happened, and what to do about it.
    package var message: String

    package init(_ code: Code, at offset: Int? = nil, _ message: String) {
        self.code = code
        self.offset = offset
        self.message = message
    }

    package var description: String {
        guard let offset else { return message }
        return "at byte \(offset) of the record: \(message)"
    }
}
