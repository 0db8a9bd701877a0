import Emulator
import Testing
import Wire

/// ECR6600 facts §5.
@Suite struct NORFlashTests {
    @Test func holdsWhatWasLoaded() {
        var flash = NORFlash(id: .gd25q16e)
        let image = (0..<10_000).map { UInt8(truncatingIfNeeded: $0 * 7) }
        flash.load(image)
        #expect(flash.bytes(0..<10_000) == image)
        #expect(flash.bytes(10_000..<10_004) == [0xFF, 0xFF, 0xFF, 0xFF])
    }
}
