import Faults
import Line
import Words

/// How the numbers of faults are written: with their units, where they have one.
extension YAMLValue {
    /// The number of a fault's parameter. - Throws: `FileProblem`, also beyond the parameter's range.
    func value(of parameter: FaultParameter) throws(FileProblem) -> Int {
        let range = parameter.range
        switch parameter.unit {
        case .milliseconds: return try wholeMilliseconds(range)
        case .partsPerMillion: return try signedQuantity(.partPerMillion, in: range)
        case .thousandths: return try quantity(.part, in: range)
        case .characters, .lines, .times, .level, .bit: return try number(in: range)
        case .bytes: return try quantity(.size, in: range)
        case .address: return try hexadecimal(digits: 1...8, prefix: "0x", like: "0x10000", in: parameter)
        case .mask: return try hexadecimal(digits: 1...2, prefix: "0x", like: "0x80", in: parameter)
        case .flashID: return try hexadecimal(digits: 6...6, prefix: "", like: "1540C8", in: parameter)
        }
    }

    private func wholeMilliseconds(_ range: ClosedRange<Int>) throws(FileProblem) -> Int {
        let nanoseconds = try quantity(.time, in: (range.lowerBound * 1_000_000)...(range.upperBound * 1_000_000))
        guard nanoseconds % 1_000_000 == 0 else { throw problem("it is a whole number of milliseconds") }
        return nanoseconds / 1_000_000
    }

    private func hexadecimal(
        digits: ClosedRange<Int>, prefix: String, like example: String, in parameter: FaultParameter
    ) throws(FileProblem) -> Int {
        let text = try text()
        let number = text.dropFirst(prefix.count)
        let limits = [parameter.range.lowerBound, parameter.range.upperBound].map(parameter.unit.text)
        let between = "between \(limits[0]) and \(limits[1])"
        guard text.hasPrefix(prefix), !number.isEmpty, number.allSatisfy({ $0.isASCII && $0.isHexDigit }),
            number.count >= digits.lowerBound
        else {
            throw problem("\(quotedExcerpt(text)) is not understood here; it is written like \(example), \(between)")
        }
        // What does not fit into an Int is out of every range, too.
        guard let value = Int(number, radix: 16), parameter.range.contains(value) else {
            throw problem("\(quotedExcerpt(text)) is not \(between)")
        }
        guard number.count <= digits.upperBound else {
            throw problem("\(quotedExcerpt(text)) has more digits than it takes; it is written like \(example)")
        }
        return value
    }
}
