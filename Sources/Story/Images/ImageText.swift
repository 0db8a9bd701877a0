package import Images
import Wire
import Words

/// What a file is, told to a person.
package struct ImageText: Sendable {
    private let isColoured: Bool

    /// - Parameter isColoured: whether the text carries ANSI colours and blocks.
    package init(isColoured: Bool = false) {
        self.isColoured = isColoured
    }

    private var ink: Ink { Ink(isColoured: isColoured) }

    /// Several lines, each with its end. - Parameters:
    ///   - name: the file's, as the user gave it.
    ///   - byteCount: the file's.
    package func text(_ inspection: ImageInspection, named name: String, byteCount: Int) -> String {
        let (title, lines) = titled(inspection, byteCount)
        return (["\(ink(printable(name), .bold)): \(title)", ""] + lines).map { $0 + "\n" }.joined()
    }

    private func titled(_ inspection: ImageInspection, _ byteCount: Int) -> (title: String, lines: [String]) {
        let size = Self.size(byteCount)
        let title: String
        var lines: [String] = []
        switch inspection {
        case .gzip(let contents, let count):
            let inside = titled(contents, count)
            return ("a gzip file, \(size), and in it \(inside.title)", inside.lines)
        case .damagedGzip(let problem):
            title = "a gzip file that cannot be unpacked, \(size)"
            lines = ["  \(problem)"]
        case .updatePackage(let package):
            title = "an OTA package, \(size): an update over the air, which does not boot if it is written to the flash"
            lines = Self.lines(package)
        case .allInOne(let image):
            title = "an all-in-one image of \(image.entries.count) entries, \(size)"
            lines = Self.entryLines(image)
        case .damagedAllInOne(let error):
            title = "a damaged all-in-one image, \(size)"
            lines = ["  \(error)"]
        case .flash(let flash):
            title = flash.isWholeFlash ? "a back-up of a whole flash, \(size)" : "the beginning of a flash, \(size)"
            lines = FlashText(flash: flash, ink: ink).lines
        case .partitionTable(let flash):
            title = "a partition table, \(size)"
            lines = flash.table.map(Self.tableLines) ?? []
        case .stub(let stub):
            title = "a stub for RAM at \(hex(BootProtocol.loadAddress)), \(size)"
            lines = ["  \(stub)"]
        case .uboot(let header, let bodyCRC):
            title = "uboot with its header, \(size)"
            lines = ["  " + Self.sums(header, bodyCRC)]
        case .application(let header, let bodyCheck):
            title = "an application with its header, \(size)"
            lines = Self.lines(header, bodyCheck)
        case .keys(let keys):
            title = "a partition of keys, \(size)"
            lines = Self.lines(keys)
        case .raw(let sectors):
            title = "raw bytes that nothing here knows, \(size)"
            lines = ["  \(sectors.filled) of \(sectors.all) sectors filled, \(sectors.opaque) as if encrypted"]
        }
        return (title, lines)
    }

    /// The table alone, one partition a line.
    package func text(_ table: PartitionTable) -> String {
        Self.tableLines(table).map { $0 + "\n" }.joined()
    }

    private static func size(_ count: Int) -> String {
        count >= 10_000 ? "\(Format.bytes(Int64(count))) (\(count) bytes)" : "\(count) bytes"
    }

    private static func entryLines(_ image: AllInOneImage) -> [String] {
        var columns = TextColumns(rightAligned: [0, 1, 3, 4])
        columns.add("entry", "offset", "type", "address", "size", "what")
        for (number, (entry, offset)) in zip(image.entries, image.entryOffsets).enumerated() {
            columns.add(
                "\(number)", hex(offset), "\(entry.type)", hex(entry.address), hex(entry.data.count),
                what(entry.data))
        }
        let overlaps = image.overlaps.map { "  entries \($0.earlier) and \($0.later) claim the same flash" }
        return columns.lines + overlaps
    }

    private static func what(_ data: [UInt8]) -> String {
        switch ImageInspection(data) {
        case .allInOne, .damagedAllInOne: "an all-in-one image"
        case .flash(let flash): flash.isWholeFlash ? "a whole flash" : "the beginning of a flash"
        case .partitionTable(let flash):
            "partition table" + (flash.layout.map { ", \($0.name)" } ?? "")
        case .updatePackage: "an OTA package"
        case .gzip(.stub(let stub), _): "a gzip file with \(stub)"
        case .gzip, .damagedGzip: "a gzip file"
        case .stub(let stub): "\(stub)"
        case .uboot(let header, let crc): "uboot, \(sums(header, crc))"
        case .application(let header, let check):
            "application \(quoted(header.version)), " + lines(header, check).joined(separator: ", ").drop { $0 == " " }
        case .keys(let keys): "keys: " + keys.entries.map { printable($0.key) }.joined(separator: ", ")
        case .raw(let sectors): sectors.filled == 0 ? "erased" : "unknown"
        }
    }

    private static func lines(_ package: UpdatePackage) -> [String] {
        var columns = TextColumns()
        let isWhole = Int(package.byteCount) == package.actualByteCount
        columns.add("size", isWhole ? "right" : "wrong: the head says \(package.byteCount) bytes")
        columns.add(
            "CRC",
            package.crc == package.computedCRC
                ? "right" : "wrong: \(hex(package.computedCRC)), and the head says \(hex(package.crc))")
        columns.add("versions", package.versions.map { $0.isEmpty ? "(none)" : quoted($0) }.joined(separator: ", "))
        for (name, size) in zip(["boot", "firmware", "new firmware"], package.sizes) {
            columns.add(name, "\(size) bytes")
        }
        return columns.lines
    }

    private static func sums(_ header: UBootHeader, _ bodyCRC: UInt32) -> String {
        "header CRC \(header.headerCRC == header.computedHeaderCRC ? "right" : "wrong"), "
            + "body CRC \(header.bodyCRC == bodyCRC ? "right" : "wrong")"
    }

    private static func lines(_ header: ApplicationHeader, _ check: UInt32?) -> [String] {
        let isHeaderRight = header.headerCRC == header.computedHeaderCRC
        let body =
            switch (header.magic, check) {
            case (_, nil): "body not all there"
            case (.old, _): "old magic: no boot looks at its body"
            case (.new, let word): "body SHA-256 \(word == header.bodyCheck ? "right" : "wrong")"
            }
        return ["  header CRC \(isHeaderRight ? "right" : "wrong"), \(body)"]
    }

    private static func lines(_ keys: NVPartition) -> [String] {
        var columns = TextColumns()
        for entry in keys.entries { columns.add(printable(entry.key), entry.shortValue) }
        return columns.lines + keys.damaged.compactMap { $0.problem.map { "  damaged: \($0)" } }
    }

    private static func tableLines(_ table: PartitionTable) -> [String] {
        var columns = TextColumns(rightAligned: [1, 2, 3])
        columns.add("partition", "address", "size", "end")
        for entry in table.entries {
            columns.add(
                printable(entry.name), hex(entry.address), hex(entry.byteCount), hex(entry.range.upperBound))
        }
        return columns.lines
    }
}
