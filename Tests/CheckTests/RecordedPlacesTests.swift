import Emulator
import Line
import Testing

@testable import Check

/// The places of a session, by the points that it has come to.
@Suite struct RecordedPlacesTests {
    private func passed(_ name: String, _ milliseconds: Int64, _ command: UInt8? = nil, _ address: Int? = nil) throws
        -> PassedPoint
    {
        PassedPoint(
            try #require(CutPoint(name)), at: Instant(nanoseconds: milliseconds * 1_000_000), command: command,
            address: address)
    }

    /// 04 is ERASE, 02 FLASH write (ECR6600 facts §4.1).
    @Test func theyAreNamedAndNumbered() throws {
        let places = [CutPlace](recorded: [
            try passed("sync:1", 0), try passed("sync:2", 50), try passed("sync-answer:1", 60),
            try passed("sync-answer:2", 61), try passed("header:1", 100), try passed("piece:1", 200),
            try passed("command:1", 300, 0x04), try passed("answer:1", 420), try passed("erase:1", 350, nil, 0x8000),
            try passed("command:2", 500, 0x02), try passed("data-frame:1+1024", 600), try passed("data-frame:1", 700),
            try passed("program:1", 710, nil, 0x8100),
        ])
        #expect(places.map(\.number) == Array(1...places.count))
        #expect(
            places.map(\.words) == [
                "after sync 1", "after sync-answer 1", "after header 1", "after piece 1", "after command 1, ERASE",
                "while erasing 0x8000", "after answer 1", "after command 2, FLASH write",
                "1024 bytes into data-frame 1",
                "after data-frame 1", "while programming 0x8100",
            ])
        #expect(
            places.map(\.stretch) == ["sync", "sync", "upload", "upload", "ERASE", "ERASE", "ERASE"]
                + Array(repeating: "FLASH write", count: 4))
        #expect(places.map(\.kind)[4...] == [.step, .flash, .step, .step, .bytes, .step, .flash])
        #expect(places.edges.count == 2 + 2 + 3 + 3)
    }
}
