/// Why bytes are not what they were taken for: where, what was expected, what was found.
package struct WireError: Error, Hashable, Sendable, CustomStringConvertible {
    /// Offset of the offending byte in what was parsed.
    package var offset: Int
    /// What should have stood there.
    package var expected: String
    /// What stood there.
    package var found: String

    package init(at offset: Int, expected: String, found: String) {
        self.offset = offset
        self.expected = expected
        self.found = found
    }

    package var description: String {
        "at offset \(offset) (0x\(String(offset, radix: 16))): expected \(expected), found \(found)"
    }
}
