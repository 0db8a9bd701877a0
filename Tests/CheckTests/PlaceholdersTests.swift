import Testing

@testable import Check

@Suite struct PlaceholdersTests {
    @Test func knownOnesAreReplacedAndOthersStay() {
        let placeholders = Placeholders(["baud": "921600", "out": "/tmp/a b{out}"])
        #expect(
            placeholders.fill(["x{baud}y{baud}", "{port}", "{", "}{", "{{baud}", "{out}"])
                == ["x921600y921600", "{port}", "{", "}{", "{921600", "/tmp/a b{out}"])
    }

    /// An image that has its addresses in itself: the option goes with its value.
    @Test(arguments: [
        (["w", "{image}", "--at", "{address}", "--yes"], ["w", "{image}", "--yes"]),
        (["w", "--at={address}", "{image}"], ["w", "{image}"]),
        (["w", "{address}", "{image}"], ["w", "{image}"]),
        (["-a", "{address}"], []), (["{address}"], []), (["w", "{image}"], ["w", "{image}"]),
        (["-x", "{address}:{image}", "-y"], ["-x", "-y"]),
    ])
    func oneIsLeftOutWithItsOption(words: [String], left: [String]) {
        #expect(Placeholders.leaveOut("address", of: words) == left)
    }

    @Test func unknownOnesAreFound() {
        let words = ["{prot}", "{port}", "{\"json\": 1}", "{0}", "{prot}{dialect}"]
        #expect(Placeholders.unknown(in: words, known: ["port"]) == ["prot", "dialect"])
        #expect(Placeholders.isUsed("port", in: words) && !Placeholders.isUsed("out", in: words))
    }
}
