import Words

extension AllInOneImage {
    /// The most that a flash for this chip holds: 16 MB (ECR6600 facts §5).
    private static let largestFlash: UInt64 = 16 << 20

    /// What nobody can have meant.
    package var faults: [String] {
        let overlaps = overlaps.map {
            "entries \($0.earlier) and \($0.later) claim the same bytes of the flash; the later one overwrites the "
                + "earlier"
        }
        let far = entries.enumerated().filter { $1.type == .flash && $1.range.upperBound > Self.largestFlash }.map {
            "entry \($0) ends at \(hex($1.range.upperBound)), and the largest flash has 16 MB"
        }
        return overlaps + far
    }

    /// What flashers and stubs are known to stumble over.
    package var remarks: [String] {
        var remarks: [String] = []
        for (number, entry) in entries.enumerated() {
            switch entry.type {
            case .flash where entry.address % 4096 != 0:
                remarks.append(
                    "entry \(number) begins at \(hex(entry.address)), within a sector: stubs then erase nothing and "
                        + "still report success")
            case .flash where entry.address == 0 && entry.data.count > 4096:
                remarks.append(
                    "entry \(number) has more than 4096 bytes at address 0: the community stub's command 02 "
                        + "overruns its buffer with them; give the table its own entry")
            case .stub where StubImage(identifying: entry.data)?.evidence == .placeholder:
                remarks.append("the stub is Solderless's placeholder: it runs in the emulator only")
            case .stub where StubImage(identifying: entry.data) == nil:
                remarks.append("entry \(number) is not a known stub: check that it is one")
            default: break
            }
        }
        return remarks
    }
}
