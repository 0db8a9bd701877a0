import Images
import Words

/// A flash told to a person: what a boot would do, the map, the partitions, the keys, what to beware of.
struct FlashText {
    let flash: FlashInspection
    let ink: Ink

    var lines: [String] {
        summary + [""] + FlashMap(flash, ink).lines + [""] + partitionLines + keyLines + warningLines
    }

    // MARK: The summary

    private var summary: [String] {
        var columns = TextColumns()
        columns.add("boots", bootVerdict)
        if let obstacle = flash.obstacle { columns.add("", obstacle.consequence.story) }
        columns.add("table", table)
        columns.add("uboot", uboot)
        columns.add("application", application)
        columns.add("MAC", flash.mac.map(printable) ?? "none in nv_amt")
        columns.add(
            "free", "\(Format.bytes(Int64(flash.freeByteCount))) erased of \(Format.bytes(Int64(flash.byteCount)))")
        return columns.lines
    }

    private var bootVerdict: String {
        guard let obstacle = flash.obstacle else {
            return ink("yes", .green) + ": uboot, table and application are right"
        }
        return ink("no", .red) + ": \(obstacle)"
    }

    private var table: String {
        let records = flash.tableRecords.short + flash.tableRecords.full
        let sound = records.filter { $0.sound != nil }.count
        guard let table = flash.table else {
            let problem = flash.applicationObstacle.map { "\($0)" } ?? "unusable"
            return "\(wrong(problem)); \(sound) of \(records.count) records are right"
        }
        let name = flash.layout.map { "\($0.name), " } ?? ""
        return "\(name)\(table.entries.count) partitions; CRCs: \(sound) of \(records.count) records right"
    }

    private var uboot: String {
        guard let header = flash.uboot else { return wrong(flash.ubootObstacle.map { "\($0)" } ?? "none") }
        let headerVerdict = verdict(header.headerCRC == header.computedHeaderCRC, "header CRC")
        let body: String
        switch flash.ubootObstacle {
        case nil: body = verdict(true, "body CRC")
        case .ubootBodyCRC, .ubootBodyBeyondFlash: body = verdict(false, "body CRC")
        default: body = "body CRC not looked at"
        }
        let entry = "entry \(hex(header.entryPoint))"
        return
            "\(header.bodyByteCount) bytes at \(hex(PartitionTable.ubootAddress)), \(entry); \(headerVerdict), \(body)"
    }

    private var application: String {
        guard let header = flash.application else {
            return wrong(flash.applicationObstacle.map { "\($0)" } ?? "none")
        }
        let address = flash[BootCheck.applicationPartition]?.entry.address ?? 0
        let count = ApplicationHeader.byteCount + header.bodyByteCount
        let name = header.version.isEmpty ? "" : quoted(header.version) + ", "
        let headerVerdict = verdict(header.headerCRC == header.computedHeaderCRC, "header CRC")
        let body: String
        switch (header.magic, flash.applicationObstacle) {
        case (.old, _): body = "old magic, so that no boot looks at its body"
        case (.new, nil): body = verdict(true, "body SHA-256")
        case (.new, .applicationBody), (.new, .applicationBodyBeyondFlash): body = verdict(false, "body SHA-256")
        case (.new, _): body = "body SHA-256 not looked at"
        }
        return "\(name)\(count) bytes at \(hex(address)); \(headerVerdict), \(body)"
    }

    // MARK: Partitions and keys

    private var partitionLines: [String] {
        var columns = TextColumns(rightAligned: [1, 2])
        columns.add("partition", "address", "size", "filled", "")
        let places =
            flash.partitions.map { partition in
                (
                    partition.entry.range.lowerBound, printable(partition.entry.name),
                    partition.entry.range.count, partition.sectors, remark(on: partition)
                )
            }
            + flash.unclaimed.map { ($0.range.lowerBound, "–", $0.range.count, $0.sectors, "in no partition") }
        for (address, name, size, sectors, remark) in places.sorted(by: { $0.0 < $1.0 }) {
            columns.add(name, hex(address), hex(size), "\(sectors.filled) of \(sectors.all) sectors", remark)
        }
        return columns.lines
    }

    private func remark(on partition: FlashInspection.Partition) -> String {
        if partition.isCut { return "not all in this file" }
        if let keys = partition.keys {
            if keys.isErased { return "erased" }
            if keys.isForeign { return "not readable" }
            let count = keys.entries.count == 1 ? "1 key" : "\(keys.entries.count) keys"
            return keys.wastedByteCount > 0 ? "\(count), \(keys.wastedByteCount) bytes of old ones" : count
        }
        if partition.sectors.opaque > 0, partition.entry.name != BootCheck.applicationPartition {
            return "looks encrypted or compressed"
        }
        return partition.sectors.filled == 0 ? "erased" : ""
    }

    private var keyLines: [String] {
        let partitions = flash.partitions.filter { !($0.keys?.entries.isEmpty ?? true) }
        guard !partitions.isEmpty else { return [] }
        var columns = TextColumns()
        columns.add("keys", "", "")
        for partition in partitions {
            for entry in partition.keys?.entries ?? [] {
                columns.add(printable(partition.entry.name), printable(entry.key), entry.shortValue)
            }
        }
        return [""] + columns.lines
    }

    private var warningLines: [String] {
        let warnings = flash.warnings
        guard !warnings.isEmpty else { return [] }
        var lines = [""]
        for warning in warnings {
            let wrapped = Format.wrapped("\(warning)", width: 88)
            lines.append("  \(ink("beware:", .yellow)) \(wrapped[0])")
            lines += wrapped.dropFirst().map { "          " + $0 }
        }
        return lines
    }

    private func verdict(_ isRight: Bool, _ what: String) -> String {
        "\(what) \(isRight ? ink("right", .green) : wrong("wrong"))"
    }

    private func wrong(_ text: String) -> String { ink(text, .red) }
}

extension BootObstacle.Consequence {
    /// What one then sees (ECR6600 facts §1.2, §2).
    package var story: String {
        switch self {
        case .uartBoot: "the mask ROM stays in UART boot and waits for an upload"
        case .headerError: "uboot prints \"hcrc err\" once a second and listens; 1.4.0 falls silent"
        case .bodyError: "uboot prints \"dcrc err\" once a second and listens; 1.4.0 falls silent"
        }
    }
}

extension NVPartition.Entry {
    /// The value on one line: text, or bytes in hexadecimal, the first 32 of them.
    package var shortValue: String {
        if let text { return text.isEmpty ? "(empty)" : text }
        let shown = hexBytes(value.prefix(32))
        return value.count > 32 ? "\(shown) … (\(value.count) bytes)" : shown
    }
}
