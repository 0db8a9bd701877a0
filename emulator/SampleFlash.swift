import Digests
import Line
import Wire

/// A flash as a plug might come with it, made up by us: what `emulate` holds when it is given no image. It has a uboot
/// that the boot finds valid and an application behind it; neither is code. The rest is filled with lines that tell in
/// a hex dump where they stand.
package enum SampleFlash {
    /// Where the application begins in the 2 MB layouts (ECR6600 facts §6).
    package static let applicationAddress = 0x7000
    private static let ubootByteCount = 0x4F00
    private static let headerByteCount = 0x100

    /// A whole flash. - Parameters:
    ///   - byteCount: 1 MB or more.
    ///   - seed: decides the filling.
    package static func image(byteCount: Int, seed: UInt64) -> [UInt8] {
        var generator = SplitMix64(seed: seed)
        var image = [UInt8](repeating: 0xFF, count: byteCount)
        place(text("partition table goes here", count: 0x1000, &generator), at: 0, in: &image)
        let uboot = text("not uboot, but its header is right", count: ubootByteCount, &generator)
        place(UBootHeader(body: uboot).bytes + uboot, at: FlashBoot.ubootAddress, in: &image)
        place(
            application("factory", byteCount: byteCount / 2, seed: generator.next()), at: applicationAddress, in: &image
        )
        return image
    }

    /// An application: the header of 0x100 bytes with its CRC (facts §2, "App header"), then filling.
    /// - Parameters:
    ///   - name: stands in every line of it.
    ///   - byteCount: in all; at least 0x200.
    package static func application(_ name: String, byteCount: Int, seed: UInt64) -> [UInt8] {
        var generator = SplitMix64(seed: seed)
        var header: [UInt8] = []
        header.append(littleEndian: UInt32(0x0226_2018))
        header.append(littleEndian: UInt32(1))
        header.append(littleEndian: UInt32(0x10290))
        header.append(littleEndian: UInt32(0x10000))
        header.append(littleEndian: UInt32(byteCount - headerByteCount))
        header += [UInt8](repeating: 0, count: 0xFC - header.count)
        header.append(littleEndian: CRC32.of(header))
        return header + text("\(name) application", count: byteCount - headerByteCount, &generator)
    }

    private static func place(_ bytes: [UInt8], at address: Int, in image: inout [UInt8]) {
        image.replaceSubrange(address..<(address + bytes.count), with: bytes)
    }

    /// Lines of 64 bytes: what it is, the offset, and a number from the seed.
    private static func text(_ name: String, count: Int, _ generator: inout SplitMix64) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(count + 64)
        while bytes.count < count {
            let line = Array("Solderless, \(name), \(hex(bytes.count)) ".utf8.prefix(46))
            let number = Array(String(generator.next(), radix: 16, uppercase: true).utf8)
            bytes +=
                line + [UInt8](repeating: UInt8(ascii: "."), count: max(0, 63 - line.count - number.count)) + number
            bytes.append(UInt8(ascii: "\n"))
        }
        bytes.removeLast(bytes.count - count)
        return bytes
    }
}
