import Testing
import Words

@Suite struct JSONReaderTests {
    @Test(arguments: [
        "null", "true", "[]", "{}", "-1", "0", #"{"a":[1,{"b":"c"}],"d":null}"#, "9223372036854775807",
        #""\"\\\n\u0001""#,
    ])
    func whatIsPrintedIsRead(text: String) throws {
        #expect(try JSONReader.value(of: text).description == text)
    }

    @Test func escapesAndBlanks() throws {
        #expect(try JSONReader.value(of: #" "\u00e9\ud83d\udd0c\/\b\f" "#) == .string("é🔌/\u{8}\u{C}"))
        #expect(try JSONReader.value(of: "\t{ \"a\" :\r\n[ 1 , 2 ] } ")["a"]?.array == [.integer(1), .integer(2)])
        #expect(try JSONReader.value(of: #"{"s":"x","b":false,"n":7}"#)["s"]?.string == "x")
    }

    @Test(arguments: [
        "", " ", "{", "[", "[1", "[1,", "[1,]", "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "{a:1}", "{\"a\":1 \"b\":2}",
        "{\"a\":1,\"a\":2}", "tru", "nulll", "1 2", "01", "-", "1.5", "1e3", "9223372036854775808", "\"", "\"\\x\"",
        "\"\\u12\"", "\"\\u+123\"", "\"\\ud800\"", "\"\\ud800\\u0041\"", "\"\\udc00\"", "\"a\nb\"", "'a'", "NaN",
    ])
    func whatIsNoValueIsRefused(text: String) {
        #expect(throws: JSONReader.Problem.self) { try JSONReader.value(of: text) }
    }

    @Test func bytesThatAreNoTextAreRefused() {
        #expect(throws: JSONReader.Problem.self) { try JSONReader.value(of: [0x22, 0xFF, 0x22]) }
        #expect(throws: JSONReader.Problem.self) { try JSONReader.value(of: [0x22, 0xC3]) }
        #expect(throws: JSONReader.Problem.self) { try JSONReader.value(of: [0]) }
    }

    /// As many brackets as anybody likes: no stack overflows.
    @Test func depthIsBounded() throws {
        func nested(_ depth: Int) -> String {
            String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
        }
        #expect(try JSONReader.value(of: nested(JSONReader.deepest)).description == nested(JSONReader.deepest))
        #expect(throws: JSONReader.Problem.self) { try JSONReader.value(of: nested(JSONReader.deepest + 1)) }
        #expect(throws: JSONReader.Problem.self) {
            try JSONReader.value(of: String(repeating: "{\"a\":", count: 100_000))
        }
    }

    @Test func aProblemSaysWhere() {
        #expect(throws: JSONReader.Problem(offset: 5, what: "a comma or } is missing")) {
            try JSONReader.value(of: #"{"":1;}"#)
        }
    }
}
