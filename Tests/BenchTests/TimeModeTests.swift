import Emulator
import Testing

@testable import Bench

@Suite struct TimeModeTests {
    @Test func modesKeepWhatTheyPromise() {
        #expect(TimeMode(.wire).chipTiming.pacesCharacters)
        #expect(TimeMode(.wire).chipTiming.flash.chipErase(byteCount: 16 << 20) < .seconds(9), "facts §13.5")
        #expect(TimeMode(.wire, erasesForReal: true).chipTiming.flash.chipErase(byteCount: 16 << 20) > .seconds(10))
        #expect(!TimeMode(.brisk).chipTiming.pacesCharacters)
        #expect(TimeMode(.brisk).chipTiming.answerLatency >= .milliseconds(1), "facts §13.3")
        #expect(TimeMode(.brisk).chipTiming.xmodemPause == .milliseconds(100), "facts §13.2")
        #expect(TimeMode(.fast).chipTiming.xmodemPause == .zero)
    }
}
