import Images
import Testing

/// Addresses in file names: the vendor's as ECR6600 facts §6 has them, and those of `image split`.
@Suite struct FileNameAddressTests {
    @Test(
        arguments: [
            ("ECR6600F_NV_Develop_0x1FB000_V2.0.1.bin", 0x1F_B000), ("ECR6600F_uboot_0x1000_V1.4.0.bin", 0x1000),
            ("/some/where_0x3000/ECR6600F_uboot_0x1000_V1.4.0.bin", 0x1000), ("02-cpu@0x7000.bin", 0x7000),
            ("00-partition@0x0.bin", 0), ("app@28672.bin", 28672), ("app@0x7000", 0x7000), ("a-0X7000.bin", 0x7000),
            ("x_0xFFFFFFFF.bin", 0xFFFF_FFFF), ("twice_0x7000@0x7000.bin", 0x7000),
            ("backup.bin", nil), ("0x", nil), ("", nil), ("a_0x.bin", nil), ("a_0xG000.bin", nil),
            ("a_0x100000000.bin", nil), ("app_7000.bin", nil), ("V2.0.1.bin", nil), ("me@home.bin", nil),
            ("a_0x-1.bin", nil), ("0x1000/plain.bin", nil),
        ] as [(String, UInt32?)])
    func addresses(name: String, address: UInt32?) throws {
        #expect(try FileNameAddress.find(in: name) == address)
    }

    @Test func severalAreNamed() {
        #expect {
            try FileNameAddress.find(in: "f/a_0x1000_0x2000.bin")
        } throws: {
            "\($0)" == "the name \"a_0x1000_0x2000.bin\" holds several addresses: 0x1000, 0x2000"
        }
    }
}
