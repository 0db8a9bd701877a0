package import Images
import Line
package import Wire

/// A flash as a plug might come with it, made up by us: what `emulate` holds when it is given no image. A boot finds
/// everything in it right, from the partition table to the application's sum, and none of it is code. What the programs
/// are filled with are lines that tell in a hex dump where they stand.
package enum SampleFlash {
    /// Where the application begins in a flash of 1 or 2 MB; `layout(byteCount:)` knows it for all.
    package static let applicationAddress = 0x7000
    private static let ubootByteCount = 0x4F00

    /// Which layout a flash of that size gets (ECR6600 facts §6); our own below 2 MB.
    package static func layout(byteCount: Int) -> FlashLayout {
        switch byteCount {
        case ..<FlashLayout.partBin2MB.byteCount: .small1MB
        case ..<FlashLayout.tuya4MB.byteCount: .partBin2MB
        default: .tuya4MB
        }
    }

    /// A whole flash: a template, and what the seed decides in it.
    ///
    /// - Parameters:
    ///   - byteCount: 1 MB or more.
    ///   - seed: decides the MAC, and the random sectors behind the application.
    ///   - uboot: the version that the uboot in it asks the emulator for.
    package static func image(byteCount: Int, seed: UInt64, uboot: UBootVersion = .v140) -> [UInt8] {
        var image = template(byteCount: byteCount, uboot: uboot)
        for (address, bytes) in decided(by: seed, byteCount: byteCount) {
            image.replaceSubrange(address..<(address + bytes.count), with: bytes)
        }
        return image
    }

    /// The same in a flash chip. Thousands of them share their sectors, but for the few that the seed decides.
    ///
    /// - Parameter id: tells the size; below 1 MB the rest of the image is not there.
    package static func flash(_ id: FlashID, seed: UInt64, uboot: UBootVersion = .v140) -> NORFlash {
        guard id == .gd25q16e, uboot == .v140 else {
            var flash = NORFlash(id: id)
            flash.load(image(byteCount: max(1 << 20, flash.byteCount), seed: seed, uboot: uboot))
            return flash
        }
        var flash = usual
        for (address, bytes) in decided(by: seed, byteCount: flash.byteCount) { flash.load(bytes, at: address) }
        return flash
    }

    /// The template in the flash that a chip has as a rule; made once.
    private static let usual: NORFlash = {
        var flash = NORFlash(id: .gd25q16e)
        flash.load(template(byteCount: flash.byteCount, uboot: .v140))
        return flash
    }()

    private static func template(byteCount: Int, uboot: UBootVersion) -> [UInt8] {
        do {
            return try builder(byteCount: byteCount, uboot: uboot).image()
        } catch {
            preconditionFailure("a sample flash has 1 MB or more: \(error)")
        }
    }

    /// What builds the template, for whoever wants another flash.
    package static func builder(byteCount: Int, uboot: UBootVersion = .v140) -> FlashImageBuilder {
        var generator = SplitMix64(seed: 1)
        var builder = FlashImageBuilder(byteCount: byteCount, layout: layout(byteCount: byteCount))
        let body = text("not uboot, but its header is right", count: ubootByteCount, &generator)
        builder.ubootBody = PlaceholderUBoot.body(version: uboot.rawValue, filling: body)
        builder.application = parts(
            "factory", byteCount: applicationByteCount(byteCount), seed: generator.next())
        builder.nv = [
            ("nv_develop", [("ModelSms", Array("ECR6600".utf8)), ("WdtFlag", Array("0".utf8))]),
            (macPartition, keys(mac: [0, 0, 0])),
        ]
        return builder
    }

    /// Half the flash, but no more than a quarter of 4 MB: larger ones hold no more, only more room.
    private static func applicationByteCount(_ byteCount: Int) -> Int { min(byteCount / 2, 1 << 20) }

    private static let macPartition = "nv_amt"

    /// Locally administered, so that it is nobody's.
    private static func keys(mac: [UInt8]) -> [(key: String, value: [UInt8])] {
        let tail = mac.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined(separator: ":")
        return [("mac", Array("02:00:00:\(tail)".utf8))]
    }

    /// How much of the room behind the application is random: what an earlier update may have left.
    private static let randomByteCount = 8 * NORFlash.sectorByteCount

    /// What the seed decides in a flash, by address.
    private static func decided(by seed: UInt64, byteCount: Int) -> [(address: Int, bytes: [UInt8])] {
        var generator = SplitMix64(seed: seed)
        let table = layout(byteCount: byteCount).table
        guard let nv = table[macPartition]?.range, let application = table[BootCheck.applicationPartition]?.range,
            let bytes = try? NVPartition.bytes(of: keys(mac: generator.bytes(3)), byteCount: nv.count)
        else { preconditionFailure("every layout has an application and a partition for the MAC, and the MAC fits") }
        let end = application.lowerBound + applicationByteCount(byteCount)
        return [(end, generator.bytes(randomByteCount)), (nv.lowerBound, bytes)]
    }

    /// An application with a right header (facts §2, "App header"), then filling.
    ///
    /// - Parameters:
    ///   - name: stands in every line of it.
    ///   - byteCount: in all; at least 0x200.
    package static func application(_ name: String, byteCount: Int, seed: UInt64) -> [UInt8] {
        parts(name, byteCount: byteCount, seed: seed).bytes
    }

    /// The new magic, so that a boot finds a wrong byte in the body.
    private static func parts(_ name: String, byteCount: Int, seed: UInt64) -> FlashImageBuilder.Application {
        var generator = SplitMix64(seed: seed)
        let body = byteCount - ApplicationHeader.byteCount
        let text = min(body / 4, 0x2_0000)
        let data = min(body / 16, 0x2000)
        return FlashImageBuilder.Application(
            magic: .new, version: "sample-1",
            xip: self.text("\(name) application, XIP", count: body - text - data, &generator),
            text: self.text("\(name) application, text", count: text, &generator),
            data: self.text("\(name) application, data", count: data, &generator))
    }

    /// Lines of 64 bytes: what it is, the offset, and a number from the seed.
    private static func text(_ name: String, count: Int, _ generator: inout SplitMix64) -> [UInt8] {
        let lineCount = (count + lineByteCount - 1) / lineByteCount
        let head = Array("Solderless, \(name), 0x".utf8.prefix(46))
        var bytes = [UInt8](repeating: UInt8(ascii: "."), count: lineCount * lineByteCount)
        // A flash is made for each of thousands of trials: digits go where they belong, no string is made.
        bytes.withUnsafeMutableBufferPointer { bytes in
            for line in 0..<lineCount {
                let start = line * lineByteCount
                for index in head.indices { bytes[start + index] = head[index] }
                var end = head.count
                for digit in Digits(UInt64(start)) where end < 46 {
                    bytes[start + end] = digit
                    end += 1
                }
                if end < 46 { bytes[start + end] = UInt8(ascii: " ") }
                let number = Digits(generator.next())
                var place = start + lineByteCount - 1 - number.count
                for digit in number {
                    bytes[place] = digit
                    place += 1
                }
                bytes[start + lineByteCount - 1] = UInt8(ascii: "\n")
            }
        }
        bytes.removeLast(bytes.count - count)
        return bytes
    }

    private static let lineByteCount = 64

    /// A number's hexadecimal digits, the highest first.
    private struct Digits: Sequence, IteratorProtocol {
        private let number: UInt64
        private(set) var count: Int

        init(_ number: UInt64) {
            self.number = number
            count = number == 0 ? 1 : (64 - number.leadingZeroBitCount + 3) / 4
        }

        mutating func next() -> UInt8? {
            guard count > 0 else { return nil }
            count -= 1
            let digit = UInt8(truncatingIfNeeded: number >> UInt64(4 * count)) & 15
            return digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "A") - 10 + digit
        }
    }
}
