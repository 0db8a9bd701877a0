import Capture
import Line
import Testing
import USB

/// What a kind of recording has no use for is refused, and not passed over.
@Suite("Options of an import")
struct UnusedOptionsTests {
    private let bench = ImportBench()
    private let lines = #"{"t": 0, "dir": "host-to-chip", "baud": 9600, "hex": "55"}"#

    @Test(arguments: [
        "--baud", "--format", "--direction", "--host", "--host-wire", "--chip-wire", "--adapter", "--device",
    ])
    func isRefusedByName(option: String) {
        let options = options {
            switch option {
            case "--baud": $0.baud = 115_200
            case "--format": $0.frameFormat = .eightNone1
            case "--direction": $0.direction = .hostToChip
            case "--host": $0.hostSide = .right
            case "--host-wire": $0.hostWire = "TX"
            case "--chip-wire": $0.chipWire = "RX"
            case "--adapter": $0.usb.family = .ch340
            default: $0.usb.address = USBAddress(bus: 1, device: 5)
            }
        }
        let refusal = bench.refusal(lines.bytes, options)
        #expect(
            refusal?.contains("of the kind jsonl, which has no use for \(option); leave it out") == true,
            "\(refusal ?? "")")
    }

    @Test func severalAreNamedAndWhatItTakes() {
        let socat = "> 2013/05/01 12:00:00.000123456  length=1 from=0 to=0\n 63\n"
        let options = options {
            $0.baud = 115_200
            $0.direction = .hostToChip
            $0.usb.channel = 2
        }
        #expect(
            bench.refusal(socat.bytes, options)?.hasSuffix(
                "of the kind socat, which has no use for --direction and --channel; leave them out; it takes --baud, --host"
            )
                == true)
    }

    @Test func aRateOfAUSBCapture() {
        var capture = USBCapture(.usbpcap)
        USBSession.cdc.write(into: &capture)
        let refusal = bench.refusal(capture.pcap(), options { $0.baud = 115_200 })
        #expect(
            refusal?.hasSuffix(
                "of the kind usbpcap, which has no use for --baud; leave it out; it takes --adapter, --channel, --device"
            )
                == true, "\(refusal ?? "")")
    }
}
