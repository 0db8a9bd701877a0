import Emulator
package import Scenarios
import Wire
import Words

/// The flash parts as a file: `emulator/chips/flash-parts.yaml`.
extension FlashParts {
    private static let timeKeys = [
        "page-program", "sector-erase", "block-32k-erase", "block-64k-erase", "chip-erase-per-megabyte",
    ]

    /// Reads a list of parts. - Throws: `FileProblem`, also when an id's size code says another size.
    package init(parsing bytes: [UInt8], file: String) throws(FileProblem) {
        let section = try YAMLReader.section(
            of: bytes, file: file, kind: "flash-parts", keys: ["about", "times", "parts"])
        let usual = try Self.times(section.value("times").section(Self.timeKeys), otherwise: .typical)
        self.init()
        for item in try section.value("parts").list() {
            let part = try Self.part(item, usual)
            guard self[part.name] == nil else {
                throw item.problem("the part \(quotedExcerpt(part.name)) is there twice")
            }
            parts.append(part)
        }
    }

    private static func part(_ item: YAMLValue, _ usual: FlashTimings) throws(FileProblem) -> FlashPart {
        let section = try item.section(["name", "id", "size"] + timeKeys)
        let name = try section.value("name").text()
        let stated = try section.value("id")
        guard let id = FlashID(try stated.text()) else {
            throw stated.problem("a flash's id has six hexadecimal digits, size code first, such as 1540C8")
        }
        let size = try section.value("size")
        let byteCount = try size.quantity(.size, in: (1 << 20)...(16 << 20))
        guard id.byteCount == byteCount else {
            throw size.problem("the id \(id) says \(id.byteCount.map { "\($0 >> 20) MB" } ?? "no size that is known")")
        }
        return FlashPart(name: name, id: id, byteCount: byteCount, times: try times(section, otherwise: usual))
    }

    private static func times(_ section: Section, otherwise usual: FlashTimings) throws(FileProblem) -> FlashTimings {
        let places: [WritableKeyPath<FlashTimings, Duration>] = [
            \.pageProgram, \.sectorErase, \.block32Erase, \.block64Erase, \.chipErasePerMegabyte,
        ]
        var times = usual
        for (key, place) in zip(timeKeys, places) {
            guard let value = section.optional(key) else { continue }
            times[keyPath: place] = try value.duration(in: .zero...(.seconds(60)))
        }
        return times
    }
}
