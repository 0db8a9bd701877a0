package import Wire
import Words

/// A file cut into the files it is made of.
package struct ImagePart: Hashable, Sendable {
    /// A name for a file: what it is and where in the flash it goes, `02-cpu@0x7000.bin`; a stub's is `00-stub.bin`.
    /// Letters, digits, `_`, `-`, `@` and `.` only, whatever the image says.
    package var name: String
    package var bytes: [UInt8]
}

/// Why a file cannot be cut.
package enum ImagePartsError: Error, Hashable, Sendable, CustomStringConvertible {
    case damaged(WireError)
    case noTable(BootObstacle)
    case overlap(String, String)
    /// It is one piece already.
    case nothingToCut
    /// A gzip file.
    case packed

    package var description: String {
        switch self {
        case .damaged(let error): "a damaged all-in-one image: \(error)"
        case .noTable(let obstacle): "cannot be split into partitions: \(obstacle)"
        case .overlap(let first, let second):
            "cannot be split into partitions: \(printable(first)) and \(printable(second)) claim the same bytes"
        case .packed: "a gzip file: unpack it first (gunzip)"
        case .nothingToCut: "neither an all-in-one image nor a back-up: there is nothing to split"
        }
    }
}

extension ImagePart {
    /// The entries of an all-in-one image, or the partitions of a back-up with what lies between them, unless that is
    /// erased. Put together again at their addresses they are the file. - Throws: `ImagePartsError`.
    package static func parts(of file: [UInt8]) throws(ImagePartsError) -> [ImagePart] {
        switch ImageInspection(file) {
        case .allInOne(let image):
            return image.entries.enumerated().map { number, entry in
                ImagePart(
                    number, "\(entry.type)", at: entry.type == .stub ? nil : Int(entry.address), entry.data)
            }
        case .damagedAllInOne(let error): throw .damaged(error)
        case .flash(let flash): return try parts(of: file, flash)
        case .gzip, .damagedGzip: throw .packed
        case .partitionTable, .updatePackage, .stub, .uboot, .application, .keys, .raw: throw .nothingToCut
        }
    }

    private static func parts(
        of file: [UInt8], _ flash: FlashInspection
    ) throws(ImagePartsError) -> [ImagePart] {
        do { _ = try BootCheck(FlashView(file)).partitionTable() } catch { throw .noTable(error) }
        var pieces: [(name: String, range: Range<Int>)] = flash.partitions.map { ($0.entry.name, $0.range) }
        pieces += flash.unclaimed.filter { $0.sectors.filled > 0 }.map { ("unclaimed", $0.range) }
        pieces = pieces.filter { !$0.range.isEmpty }.sorted { $0.range.lowerBound < $1.range.lowerBound }
        for (earlier, later) in zip(pieces, pieces.dropFirst()) where earlier.range.overlaps(later.range) {
            throw .overlap(earlier.name, later.name)
        }
        return pieces.enumerated().map { number, piece in
            ImagePart(number, piece.name, at: piece.range.lowerBound, Array(file[piece.range]))
        }
    }

    /// The number keeps the order and makes the names differ.
    private init(_ number: Int, _ name: String, at address: Int?, _ bytes: [UInt8]) {
        let safe = name.unicodeScalars.prefix(32).map { scalar in
            let isSafe = scalar.isASCII && (scalar.properties.isAlphabetic || scalar.properties.numericType != nil)
            return isSafe || scalar == "_" || scalar == "-" ? String(scalar) : "_"
        }
        let place = address.map { "@\(hex($0))" } ?? ""
        self.name = (number < 10 ? "0" : "") + "\(number)-\(safe.joined())\(place).bin"
        self.bytes = bytes
    }
}
