/// A TCP port on this machine's own network, which nothing outside of it reaches.
package struct LoopbackAddress: Hashable, Sendable, CustomStringConvertible {
    /// 127.0.0.0 to 127.255.255.255.
    package let host: UInt32
    /// 0 for any that is free.
    package let port: UInt16

    package init(host: UInt32 = 0x7F00_0001, port: UInt16) {
        self.host = host
        self.port = port
    }

    /// What is wrong with an address, as a sentence without a full stop.
    package struct Problem: Error, Hashable, CustomStringConvertible {
        package let description: String
    }

    /// - Parameter text: `127.0.0.1:4000` or `localhost:4000`.
    package init(_ text: String) throws(Problem) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, let port: UInt16 = Self.number(parts[1]) else {
            throw Problem(
                description: "\"\(text)\" is not an address: write 127.0.0.1 and a port from 0 to 65535, as in "
                    + "127.0.0.1:4000; with 0 the system chooses the port")
        }
        guard let host = Self.host(parts[0]), host >> 24 == 127 else {
            throw Problem(
                description: "only 127.0.0.1 can be served, not \"\(parts[0])\": anyone who reaches the port may use "
                    + "it. From another machine, use ssh -L")
        }
        self.init(host: host, port: port)
    }

    private static func host(_ text: Substring) -> UInt32? {
        if text == "localhost" { return 0x7F00_0001 }
        let octets = text.split(separator: ".", omittingEmptySubsequences: false).map { Self.octet($0) }
        guard octets.count == 4 else { return nil }
        return octets.reduce(0 as UInt32?) { host, octet in
            guard let host, let octet else { return nil }
            return host << 8 | UInt32(octet)
        }
    }

    /// Without a leading zero: there are programs to which that means octal.
    private static func octet(_ text: Substring) -> UInt8? {
        text.utf8.count > 1 && text.hasPrefix("0") ? nil : number(text)
    }

    /// Decimal digits and nothing else: Swift's own initializers take a sign.
    private static func number<Number: FixedWidthInteger>(_ text: Substring) -> Number? {
        text.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) } ? Number(text) : nil
    }

    package var description: String {
        "\([24, 16, 8, 0].map { "\(UInt8(truncatingIfNeeded: host >> $0))" }.joined(separator: ".")):\(port)"
    }
}
