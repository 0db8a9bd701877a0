/// Reads one JSON value of text that somebody else wrote.
///
/// What is taken is RFC 8259 with two limits: numbers are whole and have 64 bits, and nothing is nested deeper than
/// `deepest`. A key that an object has twice is refused: two readers might each take another one.
package struct JSONReader {
    /// Why text is no JSON value, for a person who wrote it.
    package struct Problem: Error, Hashable, Sendable, CustomStringConvertible {
        /// The place, in bytes from 0.
        package var offset: Int
        package var what: String

        package init(offset: Int, what: String) {
            self.offset = offset
            self.what = what
        }

        package var description: String { "\(what) at byte \(offset)" }
    }

    /// How deep arrays and objects may lie in each other.
    package static let deepest = 16

    private let bytes: [UInt8]
    private var place = 0

    private init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// The value that `bytes` are, blanks around it left out.
    package static func value(of bytes: [UInt8]) throws(Problem) -> JSONValue {
        var reader = JSONReader(bytes)
        let value = try reader.value(depth: 0)
        reader.skipBlanks()
        guard reader.place == bytes.count else { throw reader.problem("something follows the value") }
        return value
    }

    /// The value that a text is.
    package static func value(of text: String) throws(Problem) -> JSONValue {
        try value(of: Array(text.utf8))
    }

    // MARK: Values

    private mutating func value(depth: Int) throws(Problem) -> JSONValue {
        skipBlanks()
        guard let byte = peek else { throw problem("the text ends where a value should be") }
        switch byte {
        case UInt8(ascii: "{"): return try object(depth: depth)
        case UInt8(ascii: "["): return try array(depth: depth)
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return .integer(try integer())
        default: return try word()
        }
    }

    private mutating func word() throws(Problem) -> JSONValue {
        for (word, value) in [("true", JSONValue.bool(true)), ("false", .bool(false)), ("null", .null)]
        where bytes[place...].starts(with: word.utf8) {
            place += word.utf8.count
            return value
        }
        throw problem("a JSON value is missing")
    }

    private mutating func integer() throws(Problem) -> Int64 {
        let start = place
        if peek == UInt8(ascii: "-") { place += 1 }
        let digits = bytes[place...].prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        place += digits.count
        guard !digits.isEmpty, digits.count == 1 || digits.first != UInt8(ascii: "0") else {
            throw problem("a number is malformed", at: start)
        }
        if let next = peek, [UInt8(ascii: "."), UInt8(ascii: "e"), UInt8(ascii: "E")].contains(next) {
            throw problem("a number is not whole", at: start)
        }
        guard let number = Int64(String(decoding: bytes[start..<place], as: UTF8.self)) else {
            throw problem("a number has more than 64 bits", at: start)
        }
        return number
    }

    private mutating func array(depth: Int) throws(Problem) -> JSONValue {
        try enter(depth)
        var values: [JSONValue] = []
        if take(UInt8(ascii: "]")) { return .array(values) }
        while true {
            values.append(try value(depth: depth + 1))
            if take(UInt8(ascii: "]")) { return .array(values) }
            guard take(UInt8(ascii: ",")) else { throw problem("a comma or ] is missing") }
        }
    }

    private mutating func object(depth: Int) throws(Problem) -> JSONValue {
        try enter(depth)
        var members: [JSONValue.Member] = []
        if take(UInt8(ascii: "}")) { return .object(members) }
        while true {
            skipBlanks()
            guard peek == UInt8(ascii: "\"") else { throw problem("a key in quotes is missing") }
            let start = place
            let key = try string()
            guard !members.contains(where: { $0.key == key }) else { throw problem("a key occurs twice", at: start) }
            guard take(UInt8(ascii: ":")) else { throw problem("a colon is missing") }
            members.append(JSONValue.Member(key, try value(depth: depth + 1)))
            if take(UInt8(ascii: "}")) { return .object(members) }
            guard take(UInt8(ascii: ",")) else { throw problem("a comma or } is missing") }
        }
    }

    // MARK: Strings

    private mutating func string() throws(Problem) -> String {
        let start = place
        place += 1
        var text: [UInt8] = []
        while let byte = peek {
            place += 1
            switch byte {
            case UInt8(ascii: "\""):
                guard let string = String(validating: text, as: UTF8.self) else {
                    throw problem("a string is not UTF-8", at: start)
                }
                return string
            case UInt8(ascii: "\\"): text += try escaped()
            case ..<0x20: throw problem("a string contains a control character", at: place - 1)
            default: text.append(byte)
            }
        }
        throw problem("a string has no end", at: start)
    }

    private mutating func escaped() throws(Problem) -> [UInt8] {
        guard let byte = peek else { throw problem("the text ends in a string") }
        place += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return [byte]
        case UInt8(ascii: "b"): return [0x08]
        case UInt8(ascii: "f"): return [0x0C]
        case UInt8(ascii: "n"): return [0x0A]
        case UInt8(ascii: "r"): return [0x0D]
        case UInt8(ascii: "t"): return [0x09]
        case UInt8(ascii: "u"): return try scalar()
        default: throw problem("unknown escape", at: place - 2)
        }
    }

    /// Behind `\u`: four digits, or a pair of surrogates.
    private mutating func scalar() throws(Problem) -> [UInt8] {
        let start = place - 2
        var value = try fourDigits()
        if (0xD800..<0xDC00).contains(value) {
            guard bytes[place...].starts(with: "\\u".utf8) else { throw problem("half a surrogate pair", at: start) }
            place += 2
            let low = try fourDigits()
            guard (0xDC00..<0xE000).contains(low) else { throw problem("half a surrogate pair", at: start) }
            value = 0x10000 + (value - 0xD800) << 10 + (low - 0xDC00)
        }
        guard let scalar = Unicode.Scalar(value) else { throw problem("half a surrogate pair", at: start) }
        return Array(String(Character(scalar)).utf8)
    }

    private mutating func fourDigits() throws(Problem) -> UInt32 {
        let digits = bytes[place...].prefix(4)
        let text = String(decoding: digits, as: UTF8.self)
        guard digits.count == 4, digits.allSatisfy({ $0 != UInt8(ascii: "+") && $0 != UInt8(ascii: "-") }),
            let value = UInt32(text, radix: 16)
        else { throw problem("four hex digits are missing") }
        place += 4
        return value
    }

    // MARK: Bytes

    private var peek: UInt8? { place < bytes.count ? bytes[place] : nil }

    private mutating func skipBlanks() {
        while let byte = peek, [0x20, 0x09, 0x0A, 0x0D].contains(byte) { place += 1 }
    }

    /// Takes a byte behind blanks, if it is this one.
    private mutating func take(_ byte: UInt8) -> Bool {
        skipBlanks()
        guard peek == byte else { return false }
        place += 1
        return true
    }

    private mutating func enter(_ depth: Int) throws(Problem) {
        guard depth < Self.deepest else { throw problem("values lie more than \(Self.deepest) deep in each other") }
        place += 1
    }

    private func problem(_ what: String, at offset: Int? = nil) -> Problem {
        Problem(offset: offset ?? place, what: what)
    }
}

extension JSONValue {
    /// What an object has by that key; nil where this is none, or has no such.
    package subscript(key: String) -> JSONValue? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.key == key }?.value
    }

    package var string: String? {
        guard case .string(let text) = self else { return nil }
        return text
    }

    package var integer: Int64? {
        guard case .integer(let number) = self else { return nil }
        return number
    }

    package var bool: Bool? {
        guard case .bool(let value) = self else { return nil }
        return value
    }

    package var array: [JSONValue]? {
        guard case .array(let values) = self else { return nil }
        return values
    }
}
