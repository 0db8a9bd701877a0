import Images
package import Words

extension ImageInspection {
    /// What a file is, for a program. Sizes and addresses in bytes.
    package func json(named name: String, byteCount: Int) -> JSONValue {
        .report(
            [
                .init("file", .string(name)),
                .init("bytes", .integer(Int64(byteCount))), .init("kind", .string(kind)),
            ] + details)
    }

    private var kind: String {
        switch self {
        case .allInOne: "all-in-one"
        case .damagedAllInOne: "damaged-all-in-one"
        case .flash: "flash"
        case .partitionTable: "partition-table"
        case .updatePackage: "ota-package"
        case .gzip: "gzip"
        case .damagedGzip: "damaged-gzip"
        case .stub: "stub"
        case .uboot: "uboot"
        case .application: "application"
        case .keys: "keys"
        case .raw: "raw"
        }
    }

    private var details: [JSONValue.Member] {
        switch self {
        case .allInOne(let image):
            return [
                .init(
                    "entries",
                    .array(
                        zip(image.entries, image.entryOffsets).map { entry, offset in
                            let inspection = ImageInspection(entry.data)
                            return .object([
                                .init("type", .integer(Int64(entry.type.rawValue))),
                                .init("offset", .integer(Int64(offset))),
                                .init("address", .integer(Int64(entry.address))),
                                .init("bytes", .integer(Int64(entry.data.count))),
                                .init("kind", .string(inspection.kind)), .init("stub", inspection.stubName),
                            ])
                        }))
            ]
        case .damagedAllInOne(let error): return [.init("problem", .string("\(error)"))]
        case .flash(let flash): return flash.members
        case .partitionTable(let flash): return [.init("partitions", flash.partitionArray)]
        case .updatePackage(let package):
            return [
                .init("sizeRight", .bool(Int(package.byteCount) == package.actualByteCount)),
                .init("crcRight", .bool(package.crc == package.computedCRC)),
                .init("versions", .array(package.versions.map { .string($0) })),
            ]
        case .gzip(let contents, let count):
            return [
                .init(
                    "contents",
                    .object(
                        [.init("bytes", .integer(Int64(count))), .init("kind", .string(contents.kind))]
                            + contents.details))
            ]
        case .damagedGzip(let problem): return [.init("problem", .string("\(problem)"))]
        case .stub: return [.init("stub", stubName)]
        case .uboot(let header, let crc):
            return [.init("uboot", header.json(isBodyRight: header.bodyCRC == crc))]
        case .application(let header, let check):
            let isRight = header.magic.hasBodyCheck ? check.map { $0 == header.bodyCheck } : nil
            return [.init("application", header.json(isBodyRight: isRight))]
        case .keys(let keys): return [.init("keys", keys.json)]
        case .raw(let sectors):
            return [
                .init("filledSectors", .integer(Int64(sectors.filled))), .init("sectors", .integer(Int64(sectors.all))),
            ]
        }
    }

    private var stubName: JSONValue {
        if case .stub(let stub) = self { .string(stub.version.rawValue) } else { .null }
    }
}

extension FlashInspection {
    fileprivate var members: [JSONValue.Member] {
        let isUBootRight: Bool? =
            switch ubootObstacle {
            case nil: true
            case .ubootBodyCRC, .ubootBodyBeyondFlash: false
            default: nil
            }
        let isBodyRight: Bool? =
            switch applicationObstacle {
            case nil: application?.magic.hasBodyCheck == true ? true : nil
            case .applicationBody, .applicationBodyBeyondFlash: false
            default: nil
            }
        return [
            .init("boots", .bool(obstacle == nil)),
            .init("obstacle", obstacle.map { .string("\($0)") } ?? .null),
            .init("layout", layout.map { .string($0.name) } ?? .null),
            .init("partitions", partitionArray),
            .init("uboot", uboot?.json(isBodyRight: isUBootRight) ?? .null),
            .init("application", application?.json(isBodyRight: isBodyRight) ?? .null),
            .init("mac", mac.map { .string($0) } ?? .null),
            .init("freeBytes", .integer(Int64(freeByteCount))),
            .init("warnings", .array(warnings.map { .string("\($0)") })),
        ]
    }

    fileprivate var partitionArray: JSONValue {
        .array(
            partitions.map { partition in
                .object(
                    partition.entry.members + [
                        .init("filledSectors", .integer(Int64(partition.sectors.filled))),
                        .init("sectors", .integer(Int64(partition.sectors.all))),
                        .init("keys", partition.keys?.json ?? .null),
                    ])
            })
    }
}

extension PartitionTable {
    /// The table alone, for a program.
    package var json: JSONValue {
        .report([
            .init("layout", FlashLayout.matching(self).map { .string($0.name) } ?? .null),
            .init("partitions", .array(entries.map { .object($0.members) })),
        ])
    }
}

extension PartitionTable.Entry {
    fileprivate var members: [JSONValue.Member] {
        [
            .init("name", .string(name)), .init("address", .integer(Int64(address))),
            .init("bytes", .integer(Int64(byteCount))),
        ]
    }
}

extension NVPartition {
    /// Keys with their values: as text where they are text, in hexadecimal always.
    package var json: JSONValue {
        .array(
            entries.map { entry in
                .object([
                    .init("key", .string(entry.key)), .init("text", entry.text.map { .string($0) } ?? .null),
                    .init("hex", .string(hexBytes(entry.value).filter { $0 != " " })),
                ])
            })
    }
}

extension UBootHeader {
    fileprivate func json(isBodyRight: Bool?) -> JSONValue {
        .object([
            .init("bodyBytes", .integer(Int64(bodyByteCount))), .init("entry", .integer(Int64(entryPoint))),
            .init("headerRight", .bool(headerCRC == computedHeaderCRC)),
            .init("bodyRight", isBodyRight.map { .bool($0) } ?? .null),
        ])
    }
}

extension ApplicationHeader {
    fileprivate func json(isBodyRight: Bool?) -> JSONValue {
        .object([
            .init("version", .string(version)), .init("magic", .integer(Int64(magic.rawValue))),
            .init("entry", .integer(Int64(entryPoint))), .init("xipBytes", .integer(Int64(xipByteCount))),
            .init("textBytes", .integer(Int64(textByteCount))), .init("dataBytes", .integer(Int64(dataByteCount))),
            .init("headerRight", .bool(headerCRC == computedHeaderCRC)),
            .init("bodyRight", isBodyRight.map { .bool($0) } ?? .null),
        ])
    }
}
