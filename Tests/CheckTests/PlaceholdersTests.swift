import Testing

@testable import Check

@Suite struct PlaceholdersTests {
    @Test func knownOnesAreReplacedAndOthersStay() {
        let placeholders = Placeholders(["baud": "921600", "out": "/tmp/a b{out}"])
        #expect(
            placeholders.fill(["x{baud}y{baud}", "{port}", "{", "}{", "{{baud}", "{out}"])
                == ["x921600y921600", "{port}", "{", "}{", "{921600", "/tmp/a b{out}"])
    }

    @Test func unknownOnesAreFound() {
        let words = ["{prot}", "{port}", "{\"json\": 1}", "{0}", "{prot}{dialect}"]
        #expect(Placeholders.unknown(in: words, known: ["port"]) == ["prot", "dialect"])
        #expect(Placeholders.isUsed("port", in: words) && !Placeholders.isUsed("out", in: words))
    }
}
