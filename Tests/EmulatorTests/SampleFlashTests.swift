import Emulator
import Images
import Testing
import Wire

@Suite struct SampleFlashTests {
    @Test(arguments: [1, 2, 4, 8, 16])
    func itBoots(megabytes: Int) throws {
        let image = SampleFlash.image(byteCount: megabytes << 20, seed: 1, uboot: .v1311)
        #expect(image.count == megabytes << 20)
        let check = BootCheck(FlashView(image))
        #expect(check.obstacle() == nil)
        let uboot = try check.uboot()
        let body = image[0x1058..<(0x1058 + Int(uboot.bodyByteCount))]
        #expect(PlaceholderUBoot.version(of: Array(body)) == "1.3.11")
        let table = try check.partitionTable()
        let nv = try #require(table["nv_amt"])
        #expect(NVPartition(parsing: image[nv.range].span)["mac"]?.count == 17)
    }

    @Test func theSeedDecides() {
        let one = SampleFlash.image(byteCount: 1 << 20, seed: 1)
        #expect(one == SampleFlash.image(byteCount: 1 << 20, seed: 1))
        #expect(one != SampleFlash.image(byteCount: 1 << 20, seed: 2))
    }

    /// Thousands of trials share a template: what the seed decides is the MAC and eight sectors behind the application.
    @Test(arguments: [FlashID.gd25q16e, FlashID("1640C8")!])
    func aFlashIsItsImageAndMostOfItIsTheTemplate(id: FlashID) throws {
        let (one, other) = (SampleFlash.flash(id, seed: 1), SampleFlash.flash(id, seed: 2))
        #expect(one.contents == SampleFlash.image(byteCount: one.byteCount, seed: 1))
        let sectors = 0..<(one.byteCount / NORFlash.sectorByteCount)
        let different = sectors.filter { sector in
            let range = (sector * NORFlash.sectorByteCount)..<((sector + 1) * NORFlash.sectorByteCount)
            return one.bytes(range) != other.bytes(range)
        }
        #expect(different.count == 9)
        #expect(Set(one.bytes(0..<one.byteCount)).count == 256, "every value is there")
    }
}
