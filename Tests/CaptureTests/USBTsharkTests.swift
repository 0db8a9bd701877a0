import Capture
import TestForms
import Testing
import Trace
import Words

extension TsharkTests {
    /// Wireshark knows FTDI's adapters: what it takes for payload is what the import makes data of.
    @Test(arguments: USBCapture.Format.allCases)
    func itFindsTheSamePayloadInFTDIsTransfers(format: USBCapture.Format) throws {
        let folder = try Folder()
        var capture = USBCapture(format)
        USBSession.ftdi.write(into: &capture)
        try folder.write(capture.pcap(), to: "ftdi.pcap")
        for field in ["tx", "rx"] {
            let rows = try rows(of: folder["ftdi.pcap"], ["ftdi-ft.if_a_\(field)_payload"])
            // A packet's bytes are separated by commas.
            let digits = rows.joined().filter { $0 != "," }
            let bytes = field == "tx" ? Array("cnys".utf8) : [1] + USBSession.answer
            #expect(digits == hexBytes(bytes).lowercased().filter { $0 != " " })
        }
    }
}
