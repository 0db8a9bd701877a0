// Words of a command line and names of files are bytes: they need not be UTF-8, and go back as they came. Here they are
// text all the same. A byte that belongs to no character, a stray one, is carried by a private code point, U+10FE00 + byte;
// where such a code point itself comes in, its bytes count as stray, so that no two names become the same text. People and
// programs are shown `\xE9`.

extension String {
    /// The text that bytes are, stray ones kept.
    package init(keeping bytes: [UInt8]) {
        if let text = String(validating: bytes, as: UTF8.self), !text.hasStrayBytes {
            self = text
            return
        }
        self = ""
        var rest = bytes[...]
        while let first = rest.first {
            let scalar = Unicode.Scalar(leading: rest) ?? Unicode.Scalar(strayByte: first)
            unicodeScalars.append(scalar)
            rest = rest.dropFirst(scalar.strayByte == nil ? UTF8.width(scalar) : 1)
        }
    }

    /// The bytes that `init(keeping:)` has made this text of; UTF-8 where there are no stray ones.
    package var keptBytes: [UInt8] {
        guard hasStrayBytes else { return Array(utf8) }
        return unicodeScalars.flatMap { scalar in scalar.strayByte.map { [$0] } ?? Array(String(scalar).utf8) }
    }

    /// Whether there are stray bytes in it.
    package var hasStrayBytes: Bool {
        utf8.contains(0xF4) && unicodeScalars.contains { $0.strayByte != nil }
    }
}

/// The text as people and programs are given it, stray bytes spelled out: `caf\xE9`.
package func legible(_ text: String) -> String {
    guard text.hasStrayBytes else { return text }
    var legible = ""
    for scalar in text.unicodeScalars {
        if let byte = scalar.strayByte {
            legible += "\\x" + hexBytes([byte])
        } else {
            legible.unicodeScalars.append(scalar)
        }
    }
    return legible
}

extension Unicode.Scalar {
    /// Stray bytes are 0x80...0xFF: what is below is a character.
    fileprivate init(strayByte byte: UInt8) {
        self = Unicode.Scalar(0x10FE00 + UInt32(byte)) ?? "\u{FFFD}"
    }

    fileprivate var strayByte: UInt8? {
        (0x10FE80...0x10FEFF).contains(value) ? UInt8(truncatingIfNeeded: value) : nil
    }

    /// The character that bytes begin with; nil where the first is a stray one.
    fileprivate init?(leading bytes: ArraySlice<UInt8>) {
        var (decoder, iterator) = (UTF8(), bytes.makeIterator())
        guard case .scalarValue(let scalar) = decoder.decode(&iterator), scalar.strayByte == nil else { return nil }
        self = scalar
    }
}
