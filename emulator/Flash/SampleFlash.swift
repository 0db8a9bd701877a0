package import Images
import Line

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

    /// A whole flash.
    ///
    /// - Parameters:
    ///   - byteCount: 1 MB or more.
    ///   - seed: decides the filling and the MAC.
    ///   - uboot: the version that the uboot in it asks the emulator for.
    package static func image(byteCount: Int, seed: UInt64, uboot: String = UBootVersion.v140.rawValue) -> [UInt8] {
        do {
            return try builder(byteCount: byteCount, seed: seed, uboot: uboot).image()
        } catch {
            preconditionFailure("a sample flash has 1 MB or more: \(error)")
        }
    }

    /// What builds that flash, for whoever wants another one.
    package static func builder(
        byteCount: Int, seed: UInt64, uboot: String = UBootVersion.v140.rawValue
    ) -> FlashImageBuilder {
        var generator = SplitMix64(seed: seed)
        var builder = FlashImageBuilder(byteCount: byteCount, layout: layout(byteCount: byteCount))
        let body = text("not uboot, but its header is right", count: ubootByteCount, &generator)
        builder.ubootBody = PlaceholderUBoot.body(version: uboot, filling: body)
        // Half the flash, but no more than a quarter of 4 MB: larger ones hold no more, only more room.
        let size = min(byteCount / 2, 1 << 20)
        builder.application = parts("factory", byteCount: size, seed: generator.next())
        let random = generator.bytes(3)
        // Locally administered, so that it is nobody's.
        let mac = "02:00:00:" + random.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined(separator: ":")
        builder.nv = [
            ("nv_develop", [("ModelSms", Array("ECR6600".utf8)), ("WdtFlag", Array("0".utf8))]),
            ("nv_amt", [("mac", Array(mac.utf8))]),
        ]
        return builder
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
