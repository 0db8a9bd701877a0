import ArgumentParser
import Capture
import USB

/// Which adapter of a USB capture is meant.
struct USBOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "What the adapter is, if it cannot be told: \(AdapterFamily.allCases.map(\.rawValue).joined(separator: ", ")).",
            valueName: "family"),
        transform: Self.family)
    var adapter: AdapterFamily?

    @Option(
        help: ArgumentHelp("Which device, if several are adapters: its bus and its address.", valueName: "1.5"),
        transform: Self.address)
    var device: USBAddress?

    @Option(help: ArgumentHelp("Which channel, if the adapter has several: from 1.", valueName: "N"))
    var channel: Int?

    func validate() throws {
        if let channel, channel < 1 { throw ValidationError("--channel \(channel): channels count from 1") }
    }

    /// As an import takes it.
    var choice: AdapterChoice { AdapterChoice(family: adapter, address: device, channel: channel) }

    private static func family(_ text: String) throws -> AdapterFamily {
        guard let family = AdapterFamily(name: text) else {
            let known = AdapterFamily.allCases.map(\.rawValue).joined(separator: ", ")
            throw ValidationError("it is one of \(known)")
        }
        return family
    }

    private static func address(_ text: String) throws -> USBAddress {
        guard let address = USBAddress(text) else {
            throw ValidationError("it is a bus and an address, such as 1.5")
        }
        return address
    }
}
