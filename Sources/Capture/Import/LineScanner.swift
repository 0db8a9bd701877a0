/// Reads a line of somebody's text from left to right. What does not fit leaves it where it was, or in the middle: a
/// caller that goes on after a nil takes a copy first.
struct LineScanner {
    let line: [UInt8]
    var position: Int

    init(_ line: [UInt8], at position: Int = 0) {
        self.line = line
        self.position = position
    }

    var isAtEnd: Bool { position >= line.count }

    /// The byte it stands at.
    var next: UInt8? { position < line.count ? line[position] : nil }

    mutating func skipBlanks() {
        while let byte = next, byte == 0x20 || byte == 0x09 || byte == 0x0D { position += 1 }
    }

    /// Passes this text, if it comes next.
    mutating func accept(_ text: StaticString) -> Bool {
        let count = text.utf8CodeUnitCount
        guard line.count - position >= count else { return false }
        for index in 0..<count where line[position + index] != text.utf8Start[index] { return false }
        position += count
        return true
    }

    /// Goes behind the next place at which the text stands. - Returns: whether there is one; else nothing is passed.
    mutating func skip(behind text: StaticString) -> Bool {
        let count = text.utf8CodeUnitCount
        let first = text.utf8Start[0]
        var place = position
        while place + count <= line.count {
            if line[place] == first {
                let before = position
                position = place
                if accept(text) { return true }
                position = before
            }
            place += 1
        }
        return false
    }

    /// Decimal digits, at most nine. - Returns: their value and how many they were.
    mutating func digits() -> (value: Int, count: Int)? {
        let start = position
        var value = 0
        while let byte = next, (0x30...0x39).contains(byte), position - start < 9 {
            value = value * 10 + Int(byte - 0x30)
            position += 1
        }
        return position > start ? (value, position - start) : nil
    }

    /// A decimal number. - Returns: nil where there is none, or where it is beyond 10¹⁵.
    mutating func number() -> Int? {
        let start = position
        var value = 0
        while let byte = next, (0x30...0x39).contains(byte) {
            guard value < 100_000_000_000_000 else { return nil }
            value = value * 10 + Int(byte - 0x30)
            position += 1
        }
        return position > start ? value : nil
    }

    /// Two hexadecimal digits.
    @inline(__always)
    mutating func hexByte() -> UInt8? {
        guard line.count - position >= 2, let high = Self.hexDigit(line[position]),
            let low = Self.hexDigit(line[position + 1])
        else { return nil }
        position += 2
        return high << 4 | low
    }

    @inline(__always)
    static func hexDigit(_ digit: UInt8) -> UInt8? {
        switch digit {
        case 0x30...0x39: digit - 0x30
        case 0x41...0x46: digit - 0x37
        case 0x61...0x66: digit - 0x57
        default: nil
        }
    }

    /// A decimal fraction with an exponent or without, as `12`, `0.5`, `8.66e-05`, in 10⁻⁹ of its unit, rounded.
    /// - Returns: nil where there is none, or where it is beyond 10⁹ of the unit.
    mutating func billionths() -> Int64? {
        let isNegative = accept("-")
        var mantissa: Int64 = 0
        var exponent = 9
        var digitCount = 0
        var isBehindPoint = false
        while let byte = next {
            if byte == 0x2E, !isBehindPoint {
                isBehindPoint = true
            } else if (0x30...0x39).contains(byte) {
                digitCount += 1
                if mantissa < 100_000_000_000_000_000 {
                    mantissa = mantissa * 10 + Int64(byte - 0x30)
                    if isBehindPoint { exponent -= 1 }
                } else if !isBehindPoint {
                    return nil
                }
            } else {
                break
            }
            position += 1
        }
        guard digitCount > 0 else { return nil }
        if accept("e") || accept("E") {
            let isSmall = accept("-")
            if !isSmall { _ = accept("+") }
            guard let power = digits(), power.count <= 3 else { return nil }
            exponent += isSmall ? -power.value : power.value
        }
        while exponent < 0, mantissa != 0 {
            mantissa = exponent == -1 ? (mantissa + 5) / 10 : mantissa / 10
            exponent += 1
        }
        while exponent > 0, mantissa != 0 {
            guard mantissa <= 100_000_000_000_000_000 else { return nil }
            mantissa *= 10
            exponent -= 1
        }
        guard mantissa <= 1_000_000_000_000_000_000 else { return nil }
        return isNegative ? -mantissa : mantissa
    }

    /// The rest of the line, for a message.
    var rest: String { String(decoding: line[min(position, line.count)...].prefix(80), as: UTF8.self) }
}

extension [UInt8] {
    /// Whether one of the lines that these bytes hold is as `isSuch` says.
    func hasLine(where isSuch: (inout LineScanner) -> Bool) -> Bool {
        var start = startIndex
        while start < endIndex {
            let end = self[start...].firstIndex(of: 0x0A) ?? endIndex
            var scanner = LineScanner(Array(self[start..<end].prefix(4096)))
            if isSuch(&scanner) { return true }
            start = end + 1
        }
        return false
    }
}
