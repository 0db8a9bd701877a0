import Images
package import Words

extension ImageComparison {
    /// Whether two files agree, and where not: at most 24 stretches.
    package func text(_ first: String, _ second: String) -> String {
        let (first, second) = (printable(first), printable(second))
        guard !agrees else { return "\(first) and \(second) agree: all \(byteCounts.first) bytes\n" }
        var lines: [String] = []
        if byteCounts.first != byteCounts.second {
            lines.append(
                "\(first) has \(byteCounts.first) bytes, \(second) has \(byteCounts.second); what both have is compared"
            )
        }
        if differences.isEmpty {
            lines.append("as far as both go they agree")
        } else {
            lines.append("\(first) and \(second) differ in \(differingByteCount) bytes")
            var columns = TextColumns(rightAligned: [1, 2, 3])
            columns.add("partition", "from", "to", "differing bytes")
            for difference in differences.prefix(Self.shownCount) {
                columns.add(
                    difference.partition.map(printable) ?? "–", hex(difference.range.lowerBound),
                    hex(difference.range.upperBound - 1), "\(difference.byteCount)")
            }
            lines += columns.lines
            if differences.count > Self.shownCount {
                lines.append("  … and \(differences.count - Self.shownCount) more stretches; --json has them all")
            }
        }
        return lines.map { $0 + "\n" }.joined()
    }

    private static let shownCount = 24

    /// The same for a program.
    package var json: JSONValue {
        .object([
            .init("agrees", .bool(agrees)), .init("firstBytes", .integer(Int64(byteCounts.first))),
            .init("secondBytes", .integer(Int64(byteCounts.second))),
            .init("differingBytes", .integer(Int64(differingByteCount))),
            .init(
                "differences",
                .array(
                    differences.map { difference in
                        .object([
                            .init("address", .integer(Int64(difference.range.lowerBound))),
                            .init("bytes", .integer(Int64(difference.range.count))),
                            .init("differingBytes", .integer(Int64(difference.byteCount))),
                            .init("partition", difference.partition.map { .string($0) } ?? .null),
                        ])
                    })),
        ])
    }
}
