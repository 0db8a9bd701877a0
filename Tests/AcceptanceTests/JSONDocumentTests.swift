import Foundation
import TestForms
import Testing
import Words

extension ReportCommands {
    /// docs/json.md has every key of every report, and no other.
    @Suite struct JSONDocumentTests {
        /// A back-up of the made-up plug.
        private static let plug = "$0 run --time fast -- $0 flash read plug.bin --port {port}"

        /// An erase that erases nothing (§4.4), sent when the stub hears.
        private static let pitfall = #"""
            $0 run --time brisk --start stub --trace pitfall.pcap -- sh -c 'exec 3<>"$SOLDERLESS_PORT"
                stty raw -echo 115200 <&3
                until '"$0"' ctl --port "$SOLDERLESS_PORT" status | grep -q "stub .* runs"; do :; done
                printf "\245\004\010\000\000\021\000\000\000\020\000\000\322" >&3
                head -c 6 <&3 >/dev/null'
            """#

        /// A usbmon capture of one byte that is written to endpoint 01 of device 1.5.
        private static let usbCapture: [UInt8] =
            [0xD4, 0xC3, 0xB2, 0xA1, 2, 0, 4, 0] + [UInt8](repeating: 0, count: 8) + [0, 0, 4, 0, 189, 0, 0, 0]
            + [0, 0xF1, 0x53, 0x65, 0, 0, 0, 0, 49, 0, 0, 0, 49, 0, 0, 0]
            + [1, 0, 0, 0, 0, 0, 0, 0, 0x53, 3, 0x01, 5, 1, 0, 0x2D, 0] + [UInt8](repeating: 0, count: 16)
            + [1, 0, 0, 0, 1, 0, 0, 0] + [UInt8](repeating: 0, count: 8) + [0x55]

        /// Sections of the page, what is done first, and command lines whose reports have all keys between them. `$0`
        /// is the program.
        private static let sections: [(heading: String, first: String, commands: [String])] = [
            (
                "## show", pitfall,
                ["$0 show --json --hex traces/write-64k.pcap", "$0 show --json pitfall.pcap"]
            ),
            ("## import", ":", ["$0 import --json --adapter cdc uart.pcap -o t.pcap"]),
            (
                "## export", ":",
                ["$0 export --json traces/late-power-community-1.pcap --as usbpcap:ch340 -o usb.pcap"]
            ),
            (
                "## record", "$0 emulate --detach --link chip",
                [
                    "$0 record chip -o t.pcap --link flasher --fault open-wire --json & until [ -e flasher ]; do :; done; "
                        + "kill $!; wait; $0 ctl --port chip stop"
                ]
            ),
            (
                "## record --attach", ":",
                [
                    #"$0 record --attach --json -o t.pcap -- python3 -c 'import os, pty; master, slave = pty.openpty(); "#
                        + #"os.close(os.open(os.ttyname(slave), os.O_RDWR))'"#
                ]
            ),
            (
                "## replay",
                "$0 run --no-link --start rom --time brisk --trace t.pcap -- $0 flash write stub.bin --address 0x8000 "
                    + "--no-backup --yes --port {port}; head -c 5000 stub.bin > other.bin; printf x >> other.bin",
                [
                    "$0 replay --json --match frames t.pcap --no-trace -- $0 flash write other.bin --address 0x8000 "
                        + "--no-backup --yes --port {port}",
                    "$0 replay --json --match effect t.pcap -- $0 flash write other.bin --address 0x8000 --no-backup --yes "
                        + "--port {port}",
                ]
            ),
            ("## show --timeline", ":", ["$0 show --timeline --json traces/write-64k.pcap"]),
            ("## show --stats", ":", ["$0 show --stats --json traces/write-64k.pcap"]),
            (
                "## diff", ":",
                [
                    "$0 diff --json --timing 1 traces/write-64k.pcap traces/write-64k-one-bit-corrupt.pcap",
                    "$0 diff --json traces/good-bench-community-1.pcap traces/baud-460800-community-1.pcap",
                    "$0 diff --json --window 4 traces/read-64k.pcap traces/write-64k.pcap",
                ]
            ),
            ("## lint", ":", ["$0 lint --json traces/sync-no-answer.pcap traces/wrong-baud-3000000-community-1.pcap"]),
            ("## lint --rules", ":", ["$0 lint --rules --json"]),
            (
                "## flash", ":",
                [
                    "$0 run --time fast -- $0 flash write stub.bin --address 0x20000 --port {port} --json",
                    "$0 run --time fast -- $0 flash efuse --port {port} --json",
                    "$0 run --time fast -- $0 flash verify stub.bin --address 0x20000 --port {port} --json",
                    "$0 run --time fast --flash-id 1760C8 -- $0 flash info --port {port} --json",
                    "$0 run --time fast --start off -- $0 flash info --sync-for 1 --port {port} --json",
                    "$0 run --time fast --fault 'loose-wire: {direction: chip-to-host, onset: 1 %, recovery: 50 %, loss: 0 %, "
                        + "change: 90 %}' -- $0 flash read part.bin --length 4096 --baud 115200 --dialect vendor --port "
                        + "{port} --json",
                    // In the middle of a write of six seconds.
                    "$0 run --time wire --fault 'unplugged: {after: 3 s}' -- $0 flash write long.bin "
                        + "--address 0x20000 --no-backup --dialect vendor --baud 115200 --port {port} --json",
                ]
            ),
            (
                "## simulate", ":",
                [
                    "$0 simulate good-bench missing-ground --seeds 1,2 --json",
                    "$0 simulate missing-ground --dialect rdtool --seeds 1,2 --json",
                    "$0 simulate lost-ack --seeds 1,2 --json",
                ]
            ),
            (
                "## simulate --cuts", ":",
                ["$0 simulate good-bench --task write --cuts --quick --json"]
            ),
            (
                "## check", ":",
                [
                    "$0 check good-bench boot-chatter --task info --timeout 2 --keep always --json -- true {port} > old.json; cat old.json; "
                        + "$0 check good-bench boot-chatter --task info --compare old.json --json -- sh -c 'exec 3<>{port}; printf cnys >&3; sleep 1'",
                    "$0 check --suite cuts --cut sync:1 --task write --json -- false {port}",
                ]
            ),
            ("## image show", plug, ["$0 image show --json plug.bin"]),
            ("## image partitions", plug, ["$0 image partitions --json plug.bin"]),
            ("## image nv list", plug, ["$0 image nv list --json plug.bin"]),
            ("## learn", ":", ["$0 learn --list --json"]),
            ("## scenarios list", ":", ["$0 scenarios list --json"]),
            ("## scenarios faults", ":", ["$0 scenarios faults --json"]),
        ]

        @Test(arguments: sections.indices)
        func everyKeyIsDocumented(section: Int) async throws {
            let (heading, first, commands) = Self.sections[section]
            let bench = try CtlBench()
            try bench.folder.write((0..<6000).map { UInt8(truncatingIfNeeded: $0 &* 7) }, to: "stub.bin")
            try bench.folder.write((0..<60_000).map { UInt8(truncatingIfNeeded: $0 &* 7) }, to: "long.bin")
            try bench.folder.write(Self.usbCapture, to: "uart.pcap")
            try FileManager.default.createSymbolicLink(
                atPath: bench.folder["traces"], withDestinationPath: "\(Program.root)/traces")
            let made = try await bench.shell(first)
            #expect(made.code == 0, "\(first): \(made.error)")
            var found: Set<String> = []
            for command in commands {
                let result = try await bench.shell(command)
                let reports = result.output.split(separator: "\n").filter { $0.hasPrefix("{") }
                #expect(!reports.isEmpty, "\(command): \(result.error)")
                for report in reports {
                    // Seconds have a fraction, which says nothing about keys.
                    let whole = report.replacing(/(\d)\.\d+/) { $0.output.1 }
                    found.formUnion(JSONKeys.of(try JSONReader.value(of: String(whole))))
                }
            }
            let page = try String(contentsOfFile: "\(Program.root)/docs/json.md", encoding: .utf8)
            let documented = JSONKeys.documented(in: page, under: heading)
            let keys = JSONKeys.generalised(found, by: documented)
            #expect(keys.subtracting(documented).sorted() == [], "\(heading): these keys are not documented")
            #expect(documented.subtracting(keys).sorted() == [], "\(heading): no report has these keys")
        }
    }
}
