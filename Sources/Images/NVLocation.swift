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
        case .gzip, .damagedGzip: throw .packed
        case .allInOne, .damagedAllInOne, .partitionTable, .updatePackage, .stub, .uboot, .application, .raw:
            throw .noKeys
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

    /// The one that holds a key, among all or those of that name. - Throws: `NVLocationError`, also when several hold
    /// it, or none.
    package static func find(_ name: String?, holding key: String, in file: [UInt8]) throws(NVLocationError)
        -> NVLocation
    {
        if name != nil { return try find(name, in: file) }
        let all = try all(in: file)
        let holding = all.filter { $0.partition[key] != nil }
        if let only = holding.first, holding.count == 1 { return only }
        guard holding.isEmpty else { throw .severalHold(key, holding.compactMap(\.name)) }
        // A file with one partition: only the key is missing, and a new one can only go there.
        if all.count == 1 { return all[0] }
        throw .noneHolds(key, among: all.compactMap(\.name))
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
    /// A gzip file.
    case packed
    case noTable(BootObstacle)
    case noPartition(String, has: [String])
    case ambiguous([String])
    case severalHold(String, [String])
    case noneHolds(String, among: [String])

    package var description: String {
        switch self {
        case .noKeys: "neither a back-up nor an NV partition; split an all-in-one image first (image split)"
        case .packed: "a gzip file: unpack it first (gunzip)"
        case .noTable(let obstacle): "cannot find the partitions: \(obstacle)"
        case .noPartition(let name, let names): "there is no NV partition \(quoted(name)); \(Self.list(names))"
        case .ambiguous(let names): "name one with --partition; \(Self.list(names))"
        case .severalHold(let key, let names):
            "the key \(quoted(key)) is in \(names.map(printable).joined(separator: " and in ")): name one with --partition"
        case .noneHolds(let key, let names):
            names.isEmpty
                ? "there is no key \(quoted(key)): \(Self.list(names))"
                : "no partition has a key \(quoted(key)); looked in " + names.map(printable).joined(separator: ", ")
        }
    }

    private static func list(_ names: [String]) -> String {
        names.isEmpty
            ? "the table has none that lies completely in the file"
            : "there are " + names.map(printable).joined(separator: ", ")
    }
}
