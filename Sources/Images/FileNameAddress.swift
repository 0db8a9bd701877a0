import Words

/// The flash address in a file's name: as the vendor names its files, `ECR6600F_NV_Develop_0x1FB000_V2.0.1.bin`
/// (ECR6600 facts §6), or as `image split` names its pieces, `02-cpu@0x7000.bin`.
package enum FileNameAddress {
    /// That a name holds several addresses.
    package struct Ambiguous: Error, Hashable, Sendable, CustomStringConvertible {
        package var name: String
        package var addresses: [UInt32]

        package var description: String {
            "the name \(quoted(name)) holds several addresses: "
                + addresses.map { hex($0) }.joined(separator: ", ")
        }
    }

    /// The address in a path's last part; nil when there is none. - Throws: `Ambiguous`.
    package static func find(in path: String) throws(Ambiguous) -> UInt32? {
        let name = path.split(separator: "/", omittingEmptySubsequences: false).last.map(String.init) ?? path
        var found: [UInt32] = []
        for address in marked(in: name) where !found.contains(address) { found.append(address) }
        guard found.count <= 1 else { throw Ambiguous(name: name, addresses: found) }
        return found.first
    }

    /// What follows an `@`, in decimal or with `0x`, and each word between `_`, `-` and `.` that begins with `0x`.
    private static func marked(in name: String) -> [UInt32] {
        var addresses: [UInt32] = []
        var word = ""
        var isMarked = false
        func end() {
            let isHex = word.lowercased().hasPrefix("0x")
            let digits = isHex ? word.dropFirst(2) : word[...]
            if isHex || isMarked, digits.allSatisfy({ $0.isASCII && $0.isHexDigit }),
                let address = UInt32(digits, radix: isHex ? 16 : 10)
            {
                addresses.append(address)
            }
            word = ""
        }
        for character in name {
            if "@_-. ".contains(character) {
                end()
                isMarked = character == "@"
            } else {
                word.append(character)
            }
        }
        end()
        return addresses
    }
}
