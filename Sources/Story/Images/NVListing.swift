package import Images
package import Words

/// The keys of one partition or several.
package struct NVListing: Sendable {
    private let locations: [NVLocation]

    package init(_ locations: [NVLocation]) {
        self.locations = locations
    }

    /// One key a line.
    package var text: String {
        var columns = TextColumns(indent: 0)
        for location in locations {
            let name = location.name.map { [printable($0)] } ?? []
            for entry in location.partition.entries {
                columns.add(name + [printable(entry.key), entry.shortValue])
            }
            if location.partition.isErased { columns.add(name + ["(erased)"]) }
            if location.partition.isForeign { columns.add(name + ["(not EasyFlash: not readable)"]) }
        }
        return columns.lines.map { $0 + "\n" }.joined()
    }

    /// For a program: values in whole.
    package var json: JSONValue {
        .report([
            .init(
                "partitions",
                .array(
                    locations.map { location in
                        .object([
                            .init("name", location.name.map { .string($0) } ?? .null),
                            .init("address", .integer(Int64(location.range.lowerBound))),
                            .init("erased", .bool(location.partition.isErased)),
                            .init("readable", .bool(!location.partition.isForeign)),
                            .init("keys", location.partition.json),
                        ])
                    }))
        ])
    }
}
