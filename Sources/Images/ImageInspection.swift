package import Digests
package import Wire

/// What a file is, as far as its bytes say.
package enum ImageInspection: Sendable {
    /// An all-in-one image.
    case allInOne(AllInOneImage)
    /// It begins like one, and is damaged.
    case damagedAllInOne(WireError)
    /// A whole flash, or a piece that begins where one does.
    case flash(FlashInspection)
    /// A partition table and nothing else.
    case partitionTable(FlashInspection)
    /// An update over the air.
    case updatePackage(UpdatePackage)
    /// A gzip file, what is in it, and how many bytes that has.
    indirect case gzip(ImageInspection, byteCount: Int)
    /// It begins like one, and cannot be unpacked.
    case damagedGzip(GzipProblem)
    /// A stub that is known.
    case stub(StubImage)
    /// uboot with its header, and the CRC its body really has.
    case uboot(UBootHeader, bodyCRC: UInt32)
    /// An application with its header; the word its body really has, nil when the body is not all there.
    case application(ApplicationHeader, bodyCheck: UInt32?)
    /// A partition of keys and nothing else.
    case keys(NVPartition)
    /// None of these.
    case raw(SectorCounts)

    /// Looks at a whole file; nothing in it is an error.
    package init(_ bytes: [UInt8]) {
        self = Gzip.begins(bytes) ? Self.unpacked(bytes) : Self(contents: bytes)
    }

    /// A gzip file in a gzip file stays packed: nobody makes one but to hurt.
    private static func unpacked(_ bytes: [UInt8]) -> ImageInspection {
        do throws(GzipProblem) {
            let contents = try Gzip.unpack(bytes, limit: longestContents)
            return .gzip(ImageInspection(contents: contents), byteCount: contents.count)
        } catch {
            return .damagedGzip(error)
        }
    }

    /// Larger than any flash that the chip can have (16 MB), with room for an all-in-one image's stub.
    private static let longestContents = 17 << 20

    private init(contents bytes: [UInt8]) {
        if bytes.starts(with: AllInOneImage.magic) {
            do {
                self = .allInOne(try AllInOneImage(parsing: bytes.span))
            } catch {
                self = .damagedAllInOne(error)
            }
        } else if let package = try? UpdatePackage(parsing: bytes.span) {
            self = .updatePackage(package)
        } else if let found = Self.program(bytes) ?? Self.flashOrKeys(bytes) {
            self = found
        } else if bytes.count <= Self.longestStub, let stub = StubImage(identifying: bytes) {
            self = .stub(stub)
        } else {
            let size = EasyFlashSector.byteCount
            let sectors = stride(from: 0, to: bytes.count, by: size).map {
                SectorUse(Array(bytes[$0..<min($0 + size, bytes.count)]))
            }
            self = .raw(SectorCounts(sectors))
        }
    }

    /// What fits into a chip's RAM below 0xB0000 (ECR6600 facts §4.2, command 01): longer files are no stubs.
    private static let longestStub = 0xA_0000

    /// uboot's and the newer applications' magic is the same: the header's own CRC tells them apart, or else the entry
    /// point, where an application has text's address.
    private static func program(_ bytes: [UInt8]) -> ImageInspection? {
        let view = FlashView(bytes)
        if let header = try? UBootHeader(parsing: bytes.span),
            header.headerCRC == header.computedHeaderCRC || header.entryPoint == UBootHeader.usualEntryPoint
        {
            let start = UBootHeader.byteCount
            return .uboot(header, bodyCRC: view.crc32(start..<(start + Int(header.bodyByteCount))))
        }
        if let header = try? ApplicationHeader(parsing: bytes.span) {
            let body = ApplicationHeader.byteCount..<(ApplicationHeader.byteCount + header.bodyByteCount)
            let check = body.upperBound <= bytes.count ? ApplicationHeader.checkWord(of: view.sha256(body)) : nil
            return .application(header, bodyCheck: check)
        }
        return nil
    }

    private static func flashOrKeys(_ bytes: [UInt8]) -> ImageInspection? {
        let isSector = EasyFlashSector.magic(at: 0, of: bytes.span) != nil
        let hasTable = (try? PartitionTable(parsing: bytes.span)) != nil
        let hasUBoot = (try? BootCheck(FlashView(bytes)).uboot()) != nil
        if hasTable, bytes.count == PartitionTable.byteCount { return .partitionTable(FlashInspection(bytes)) }
        if hasTable || hasUBoot || FlashInspection.flashSizes.contains(bytes.count) {
            return .flash(FlashInspection(bytes))
        }
        let keys = NVPartition(parsing: bytes.span)
        return isSector && !keys.sectors.isEmpty ? .keys(keys) : nil
    }
}
