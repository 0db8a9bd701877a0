import Line

/// What an enemy sends to a control socket: some lines, the last of which may lack its end.
enum HostileRequest {
    private static let requests = [
        #"{"verb":"status"}"#, #"{"version":1,"id":"a","verb":"reset"}"#, #"{"verb":"power","to":"on","id":7}"#,
        #"{"verb":"power","to":"cycle","forNanoseconds":300000000}"#, #"{"verb":"events"}"#, #"{"verb":"stop"}"#,
        #"{"verb":"plug","wire":"adapter-gnd","to":"gpio21"}"#, #"{"verb":"unplug","wire":"supply-3v3"}"#,
        #"{"verb":"adapter","millivolts":1800}"#, #"{"verb":"fault","fault":"loose-wire","is":"on"}"#,
        #"{"verb":"events","also":["story","waves","flash"]}"#,
    ]
    private static let pieces = [
        "{", "}", "[", "]", ",", ":", "\"", "\\", "\\u", "\\ud800", "\\udc00\\ud800", "\\u0000", "null", "true", "nul",
        "-", "0", "00", "-0", "1e999", "1e-999", "9223372036854775808", "-9223372036854775809", "0.1", ".", "1.",
        "\"verb\"", "\"id\"", "\"version\"", "\"to\"", "\"forNanoseconds\"", "\"status\"", "\"\"", "{}", "[]", "\r",
        "\t",
        " ", "\u{FEFF}", "\u{2028}", "é", "𝄞", "// ", "NaN", "Infinity", "'",
    ]

    static func random(_ generator: inout SplitMix64) -> [UInt8] {
        var bytes: [UInt8] = []
        repeat {
            bytes += line(&generator)
            if generator.next(below: 8) != 0 { bytes.append(0x0A) }
        } while generator.next(below: 6) == 0
        return bytes
    }

    private static func line(_ generator: inout SplitMix64) -> [UInt8] {
        func below(_ bound: Int) -> Int { Int(generator.next(below: UInt64(bound))) }
        let request = Array(requests[below(requests.count)].utf8)
        switch below(12) {
        case 0...3: return request
        case 4:
            // A bit, a byte, a piece of it is another, or is not there.
            var other = request
            for _ in 0...below(3) where !other.isEmpty {
                let place = below(other.count)
                switch below(4) {
                case 0: other[place] ^= 1 << UInt8(below(8))
                case 1: other.remove(at: place)
                case 2: other.insert(UInt8(below(256)), at: place)
                default: other = Array(other[..<place])
                }
            }
            return other
        case 5, 6: return (0...below(30)).flatMap { _ in Array(pieces[below(pieces.count)].utf8) }
        case 7: return (0...below(200)).map { _ in UInt8(below(256)) }
        case 8: return Array(#"{"verb":"power","#.utf8) + (0...below(8)).flatMap { _ in member(&generator) } + [0x7D]
        case 9:
            // Deep, or long: up to somewhat more than a line may have.
            let count = below(20) == 0 ? 5000 : below(400)
            let head = ["", "{\"id\":", "{\"id\":\""][below(3)]
            let unit = ["[", "{\"a\":", "\\\\", "9", "x", "\u{1}", "é"][below(7)]
            return Array(head.utf8) + (0..<count).flatMap { _ in Array(unit.utf8) }
        case 10: return [UInt8](repeating: 0, count: below(100))
        default: return Array(request.dropLast(below(request.count)))
        }
    }

    private static func member(_ generator: inout SplitMix64) -> [UInt8] {
        let keys = ["verb", "to", "forNanoseconds", "id", "version", "x"]
        let values = ["\"on\"", "\"cycle\"", "1", "-1", "null", "{}", "[1,2]", "\"\\ud83d\\ude00\"", "86400000000001"]
        let key = keys[Int(generator.next(below: UInt64(keys.count)))]
        let value = values[Int(generator.next(below: UInt64(values.count)))]
        return Array("\"\(key)\":\(value)\(generator.next(below: 4) == 0 ? "" : ",")".utf8)
    }
}
