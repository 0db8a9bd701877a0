import ArgumentParser
import Bench
import Files
import Images
import Words

/// `--expect-flash FILE[@ADDRESS]`.
struct FlashExpectation: ExpressibleByArgument, Hashable {
    var path: String
    var address: Int

    init?(argument: String) {
        // A file may have an @ in its name, and then its name may have the address, as `image split` gives it.
        let parts = argument.split(separator: "@", omittingEmptySubsequences: false)
        if FileStamp(path: argument) != nil {
            let named = (try? FileNameAddress.find(in: argument)).flatMap { $0 }
            self.init(path: argument, address: named.map(Int.init) ?? 0)
        } else if parts.count > 1, let offset = Offset(argument: String(parts[parts.count - 1])) {
            self.init(path: parts.dropLast().joined(separator: "@"), address: offset.value)
        } else {
            self.init(path: argument, address: 0)
        }
        if path.isEmpty { return nil }
    }

    private init(path: String, address: Int) {
        self.path = path
        self.address = address
    }

    /// What it says, with the file's bytes. - Throws: `FileError`, `Failure` where they do not fit in the flash.
    func read(flashByteCount: Int) throws -> ExpectedFlash {
        guard address < flashByteCount else { throw Failure(.usage, "--expect-flash: \(misfit(flashByteCount))") }
        guard FileStore.byteCount(path: path).map({ $0 <= flashByteCount - address }) ?? true else {
            throw Failure(.usage, "--expect-flash: \(path) does not fit: \(misfit(flashByteCount))")
        }
        let bytes = try FileStore.read(path: path, limit: flashByteCount - address)
        guard !bytes.isEmpty else {
            throw Failure(.usage, "--expect-flash: \(path) is empty: there is nothing to compare with the flash")
        }
        return ExpectedFlash(path: path, address: address, bytes: bytes)
    }

    private func misfit(_ flashByteCount: Int) -> String {
        "the flash has \(flashByteCount) bytes, and it begins at \(hex(address))"
    }
}

extension FlashComparison {
    /// In a line; nil where there is none.
    var complaint: String? {
        guard differingCount > 0 else { return nil }
        let place = first.map {
            "first at 0x\(hex($0.address)), where the file has \(hex(Int($0.expected), 2)) and the flash \(hex(Int($0.found), 2))"
        }
        return "the flash differs from \(path) in \(differingCount) of \(byteCount) bytes, "
            + (place ?? "which lie beyond its end")
    }

    private func hex(_ value: Int, _ digits: Int = 1) -> String {
        let text = String(value, radix: 16, uppercase: true)
        return String(repeating: "0", count: max(0, digits - text.count)) + text
    }
}
