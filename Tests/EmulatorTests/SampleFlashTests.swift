import Emulator
import Images
import Testing

@Suite struct SampleFlashTests {
    @Test(arguments: [1, 2, 4, 8, 16])
    func itBoots(megabytes: Int) throws {
        let image = SampleFlash.image(byteCount: megabytes << 20, seed: 1, uboot: "1.3.11")
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
}
