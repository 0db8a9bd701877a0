/// Adapters that speak to their drivers in one way.
package enum AdapterFamily: String, Hashable, Sendable, CaseIterable {
    case ch340
    case cp210x
    case ftdi
    case pl2303
    case cdc

    /// As a user writes it: `ch341` is `ch340`, `acm` is `cdc`.
    package init?(name: String) {
        switch name.lowercased() {
        case "ch341": self = .ch340
        case "acm", "cdc-acm": self = .cdc
        case let name:
            guard let family = Self(rawValue: name) else { return nil }
            self = family
        }
    }

    /// As people call it.
    package var title: String {
        switch self {
        case .ch340: "CH340/CH341"
        case .cp210x: "CP210x"
        case .ftdi: "FTDI"
        case .pl2303: "PL2303"
        case .cdc: "CDC-ACM"
        }
    }

    /// The family of a device with these numbers, by what its driver lists (trace formats §B.6).
    init?(_ id: USBDeviceID) {
        switch (id.vendor, id.product) {
        case _ where CH340.ids.contains(id): self = .ch340
        case _ where CP210x.ids.contains(id): self = .cp210x
        case _ where FTDI.ids.contains(id): self = .ftdi
        case _ where PL2303.ids.contains(id): self = .pl2303
        case _ where CDCACM.ids.contains(id): self = .cdc
        default: return nil
        }
    }
}

/// Who made a device, and which it is: `1A86:7523`.
package struct USBDeviceID: Hashable, Sendable, CustomStringConvertible {
    package var vendor: UInt16
    package var product: UInt16

    package init(_ vendor: UInt16, _ product: UInt16) {
        self.vendor = vendor
        self.product = product
    }

    package var description: String { "\(Self.digits(vendor)):\(Self.digits(product))" }

    private static func digits(_ number: UInt16) -> String {
        let digits = String(number, radix: 16, uppercase: true)
        return String(repeating: "0", count: 4 - digits.count) + digits
    }
}
