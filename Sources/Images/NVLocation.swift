import Words

/// A partition of keys in a file: in a back-up, or the whole file when it is such a partition.
package struct NVLocation: Sendable {
    /// As the table has it; nil when the file is the partition.
    package var name: String?
    /// Where it lies in the file.
    package var range: Range<Int>
    package var partition: NVPartition

    /// Every one that a file has. - Throws: `NVLocationError`.
    package static func all(in file: [UInt8]) throws(NVLocationError) -> [NVLocation] {
        switch ImageInspection(file) {
        case .keys(let keys): return [NVLocation(range: 0..<file.count, partition: keys)]
        case .flash(let flash):
            if flash.table == nil, let obstacle = flash.applicationObstacle, flash.partitions.isEmpty {
                throw .noTable(obstacle)
            }
            return flash.partitions.compactMap { place in
                guard let keys = place.keys, !place.isCut else { return nil }
                return NVLocation(name: place.entry.name, range: place.range, partition: keys)
            }
        case .allInOne, .damagedAllInOne, .partitionTable, .stub, .uboot, .application, .raw: throw .noKeys
        }
    }

    /// The one of that name; without a name the only one. - Throws: `NVLocationError`.
    package static func find(_ name: String?, in file: [UInt8]) throws(NVLocationError) -> NVLocation {
        let all = try all(in: file)
        let names = all.compactMap(\.name)
        if let name {
            guard let found = all.first(where: { $0.name == name }) else { throw .noPartition(name, has: names) }
            return found
        }
        guard all.count == 1 else { throw .ambiguous(names) }
        return all[0]
    }

    /// The file with this partition's bytes replaced; they are as many as before.
    package func replacing(with bytes: [UInt8], in file: [UInt8]) -> [UInt8] {
        var copy = file
        copy.replaceSubrange(range, with: bytes)
        return copy
    }
}

/// Why a partition of keys was not found.
package enum NVLocationError: Error, Hashable, Sendable, CustomStringConvertible {
    case noKeys
    case noTable(BootObstacle)
    case noPartition(String, has: [String])
    case ambiguous([String])

    package var description: String {
        switch self {
        case .noKeys: "neither a back-up nor an NV partition; split an all-in-one image first (image split)"
        case .noTable(let obstacle): "cannot find the partitions: \(obstacle)"
        case .noPartition(let name, let names): "there is no NV partition \(quoted(name)); \(Self.list(names))"
        case .ambiguous(let names): "name one with --partition; \(Self.list(names))"
        }
    }

    private static func list(_ names: [String]) -> String {
        names.isEmpty
            ? "the table has none that lies completely in the file"
            : "there are " + names.map(printable).joined(separator: ", ")
    }
}
