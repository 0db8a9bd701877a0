/// What a trace can be exported as: a form of capture, and the adapter that is said to have been there.
package struct USBExportKind: Hashable, Sendable {
    package var form: CaptureForm
    package var adapter: Adapter

    package init(_ form: CaptureForm, _ adapter: Adapter) {
        self.form = form
        self.adapter = adapter
    }

    /// Adapters, by what the command line calls them.
    package enum Adapter: String, Hashable, Sendable, CaseIterable {
        case ch340
        case ch340Factor = "ch340-factor"
        case ch340Vendor = "ch340-vendor"
        case cp210x
        case ftdi
        case ftdiHighSpeed = "ftdi-hs"
        case pl2303
        case pl2303TA = "pl2303-ta"
        case cdcACM = "cdc-acm"

        /// In a line of the help.
        package var summary: String {
            switch self {
            case .ch340: "CH340, set as Linux does it"
            case .ch340Factor: "CH340, set as older Linux drivers do it"
            case .ch340Vendor: "CH340, set as WCH's own drivers do it"
            case .cp210x: "CP2102; errors and the line's inputs as embedded events"
            case .ftdi: "FT232R; two bytes of status in each packet of 64"
            case .ftdiHighSpeed: "FT232H; packets of 512"
            case .pl2303: "PL2303HX; rates that it does not know as divisors"
            case .pl2303TA: "PL2303TA, whose divisors are others"
            case .cdcACM: "a device of the communications class"
            }
        }

        var model: any AdapterModel {
            switch self {
            case .ch340: CH340Model(.registers)
            case .ch340Factor: CH340Model(.factor)
            case .ch340Vendor: CH340Model(.vendor)
            case .cp210x: CP210xModel()
            case .ftdi: FTDIModel(isHighSpeed: false)
            case .ftdiHighSpeed: FTDIModel(isHighSpeed: true)
            case .pl2303: PL2303Model(isTA: false)
            case .pl2303TA: PL2303Model(isTA: true)
            case .cdcACM: CDCACMModel()
            }
        }
    }

    package static let all = CaptureForm.allCases.flatMap { form in
        Adapter.allCases.map { USBExportKind(form, $0) }
    }

    /// As the command line spells it: `usbpcap:ch340`.
    package var name: String { "\(form.rawValue):\(adapter.rawValue)" }

    /// The kind of that name; nil for any other word.
    package init?(name: String) {
        guard let kind = Self.all.first(where: { $0.name == name }) else { return nil }
        self = kind
    }
}
