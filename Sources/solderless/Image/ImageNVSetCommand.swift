import ArgumentParser
import Images
import Words

struct ImageNVSetCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "set",
        abstract: "Set a key in a copy of the file.",
        discussion: "The copy gets a new partition; the rest of the file is unchanged. A key that is in no partition "
            + "yet needs --partition.")

    @OptionGroup var options: ImageNVOptions

    @Argument(help: "The key.") var key: String
    @Argument(help: "The value: text, or bytes in hexadecimal with --hex.") var value: String

    @Flag(help: "The value is bytes in hexadecimal, such as 0206FF.") var hex = false

    @OptionGroup var copy: ImageCopyOptions

    func run() throws {
        let bytes = try valueBytes()
        try copy.write(options, key) { partition throws(NVError) in try partition.setting(key, to: bytes) }
    }

    private func valueBytes() throws -> [UInt8] {
        guard hex else { return value.keptBytes }
        let digits = Array(value.filter { $0 != " " })
        let bytes = stride(from: 0, to: digits.count, by: 2).map { start in
            digits[start...].prefix(2).allSatisfy(\.isHexDigit)
                ? UInt8(String(digits[start...].prefix(2)), radix: 16) : nil
        }
        guard digits.count.isMultiple(of: 2), !bytes.contains(nil) else {
            throw Failure(.usage, "\"\(value)\" is not hexadecimal: two digits for each byte")
        }
        return bytes.compactMap { $0 }
    }
}
