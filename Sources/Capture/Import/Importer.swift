package import Line
package import USB

/// A kind of recording that other programs make, and how it becomes a trace. One file each, and one line in `Importers`.
package protocol Importer: SendableMetatype {
    /// As `--from` and messages have it: "usbmon", "esptool".
    static var name: String { get }
    /// What it is, in a few words, for `solderless import --help`.
    static var summary: String { get }
    /// Which options say something that it would ask for.
    static var uses: Set<ImportOption> { get }

    /// Whether a file that begins like this is one. - Parameter head: up to `ImportSource.headByteCount` bytes, unpacked.
    static func recognises(_ head: [UInt8]) -> Bool

    /// Reads all of it, in constant memory, and goes on where the format allows it after telling `sink` of a problem.
    /// - Throws: `CaptureError` with the place and the reason, where it cannot go on; nothing is left of the trace then.
    static func read(_ source: ImportSource, _ options: ImportOptions, into sink: ImportSink) throws(CaptureError)
}

/// All kinds of recordings, in the order in which they are tried.
package enum Importers {
    package static let all: [any Importer.Type] = [
        JSONLinesImporter.self,
        ESPToolImporter.self,
        SocatImporter.self,
        SaleaeImporter.self,
        VCDImporter.self,
        SigrokImporter.self,
        STCImporter.self,
        RTACImporter.self,
        USBMonImporter.self,
        USBPcapImporter.self,
        RawImporter.self,
    ]
}

/// What a recording does not say itself, and its user does.
package struct ImportOptions: Hashable, Sendable {
    /// The kind of recording, by its importer's name; nil to tell from its beginning.
    package var format: String?
    /// Which side of a relay is the host's; nil for the left one.
    package var hostSide: RelaySide?
    /// The name of the wire on which the host sends; nil to tell from its name.
    package var hostWire: String?
    /// The name of the wire on which the chip sends; nil to tell from its name.
    package var chipWire: String?
    /// Which way bytes went of which the recording says no direction.
    package var direction: Direction?
    /// Bits per second, where the recording does not say it.
    package var baud: UInt32?
    /// How characters are framed on a wire; nil for 8N1.
    package var frameFormat: FrameFormat?
    /// Which adapter of a USB capture.
    package var usb = AdapterChoice()

    package init(format: String? = nil) {
        self.format = format
    }

    /// What is said, in the order of the help.
    var given: [ImportOption] {
        let said: [(ImportOption, Bool)] = [
            (.baud, baud != nil), (.frameFormat, frameFormat != nil), (.direction, direction != nil),
            (.hostSide, hostSide != nil), (.hostWire, hostWire != nil), (.chipWire, chipWire != nil),
            (.adapter, usb.family != nil), (.device, usb.address != nil), (.channel, usb.channel != nil),
        ]
        return said.filter(\.1).map(\.0)
    }
}

/// What can be said of a recording, as the command line calls it.
package enum ImportOption: String, Hashable, Sendable {
    case baud = "--baud"
    case frameFormat = "--format"
    case direction = "--direction"
    case hostSide = "--host"
    case hostWire = "--host-wire"
    case chipWire = "--chip-wire"
    case adapter = "--adapter"
    case device = "--device"
    case channel = "--channel"
}

/// A side of a program that passes on what comes from either.
package enum RelaySide: String, Hashable, Sendable, CaseIterable {
    case left
    case right
}

extension ImportOption {
    /// Of recordings of wires.
    static let ofWires: Set<ImportOption> = [.baud, .frameFormat, .direction, .hostWire, .chipWire]
    /// Of USB captures.
    static let ofUSB: Set<ImportOption> = [.adapter, .device, .channel]
}
