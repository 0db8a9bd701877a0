import Images
import Testing

/// What becomes of a MAC (ECR6600 facts §12), in partitions with either magic (§6).
@Suite struct FlashMACTests {
    private static func flash(_ mac: String?, _ magic: EasyFlashSector.Magic = .ef41) throws -> [UInt8] {
        var builder = FlashImageBuilder(byteCount: 1 << 20, layout: .small1MB)
        builder.nvMagic = magic
        if let mac { builder.nv = [("nv_amt", [("mac", Array(mac.utf8))])] }
        return try builder.image()
    }

    private static func change(_ before: [UInt8], _ after: [UInt8]) -> String? {
        FlashMAC.change(from: FlashMAC(of: before), to: FlashMAC(of: after))
    }

    @Test(arguments: EasyFlashSector.Magic.allCases)
    func messages(magic: EasyFlashSector.Magic) throws {
        let plug = try Self.flash("02:00:00:00:00:01", magic)
        #expect(FlashMAC(of: plug) == FlashMAC(of: plug) && FlashMAC(of: plug).text == "02:00:00:00:00:01")
        #expect(Self.change(plug, plug) == nil)
        #expect(
            Self.change(plug, try Self.flash(nil))
                == "nv_amt is erased, and with it the MAC: such plugs all use 00:06:06:00:00:00; the MAC so far is "
                + "02:00:00:00:00:01")
        #expect(
            Self.change(plug, try Self.flash("02:00:00:00:00:02", magic))
                == "the MAC changes from 02:00:00:00:00:01 to 02:00:00:00:00:02: plugs that share one disturb each other"
        )
        let erased = [UInt8](repeating: 0xFF, count: 1 << 20)
        #expect(
            Self.change(plug, erased)
                == "there is no nv_amt, which holds the MAC; the MAC so far is 02:00:00:00:00:01")
        #expect(Self.change(erased, plug) == nil, "it gets one")
        #expect(Self.change(erased, erased) == nil)
        #expect(try Self.change(plug, Self.flash("00:06:06:00:00:00", magic))?.contains("is the generic") == true)
    }
}
