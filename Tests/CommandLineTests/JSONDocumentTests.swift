import Foundation
import TestForms
import Testing
import Words

extension CommandLineTests {
    /// docs/json.md has every key of every report, and no other.
    @Suite struct JSONDocumentTests {
        /// Sections of the page, and command lines whose reports have all keys between them. `$0` is the program, and
        /// plug.bin a back-up of the made-up plug.
        private static let sections: [(heading: String, commands: [String])] = [
            (
                "## show",
                [
                    "$0 show --json --hex traces/write-64k.pcap", "$0 show --json pitfall.pcap",
                ]
            ),
            ("## show --timeline", ["$0 show --timeline --json traces/write-64k.pcap"]),
            ("## show --stats", ["$0 show --stats --json traces/write-64k.pcap"]),
            (
                "## flash",
                [
                    "$0 run --time fast -- $0 flash write stub.bin --address 0x20000 --port {port} --json",
                    "$0 run --time fast -- $0 flash efuse --port {port} --json",
                    "$0 run --time fast -- $0 flash verify stub.bin --address 0x20000 --port {port} --json",
                    "$0 run --time fast --flash-id 1760C8 -- $0 flash info --port {port} --json",
                    "$0 run --time fast --start off -- $0 flash info --sync-for 1 --port {port} --json",
                    "$0 run --time fast --fault 'stop-answering: {at: {data-answer: 2}}' -- $0 flash write stub.bin "
                        + "--address 0x20000 --no-backup --dialect vendor --port {port} --json",
                ]
            ),
            (
                "## simulate",
                [
                    "$0 simulate good-bench missing-ground --seeds 1,2 --json",
                    "$0 simulate missing-ground --dialect rdtool --seeds 1,2 --json",
                    "$0 simulate lost-ack --seeds 1,2 --json",
                ]
            ),
            ("## image show", ["$0 image show --json plug.bin"]),
            ("## image partitions", ["$0 image partitions --json plug.bin"]),
            ("## image nv list", ["$0 image nv list --json plug.bin"]),
            ("## scenarios list", ["$0 scenarios list --json"]),
            ("## scenarios faults", ["$0 scenarios faults --json"]),
        ]

        @Test(arguments: sections.indices)
        func everyKeyIsDocumented(section: Int) async throws {
            let (heading, commands) = Self.sections[section]
            let bench = try CtlBench()
            try bench.folder.write((0..<6000).map { UInt8(truncatingIfNeeded: $0 &* 7) }, to: "stub.bin")
            try FileManager.default.createSymbolicLink(
                atPath: bench.folder["traces"], withDestinationPath: "\(Program.root)/traces")
            _ = try await bench.shell("$0 run --time fast -- $0 flash read plug.bin --port {port}")
            // An erase that erases nothing.
            _ = try await bench.shell(
                """
                $0 run --time brisk --start stub --trace pitfall.pcap -- sh -c 'exec 3<>"$SOLDERLESS_PORT"; stty raw -echo \
                115200 <&3; printf "\\245\\004\\010\\000\\000\\021\\000\\000\\000\\020\\000\\000\\322" >&3; head -c 6 <&3 >/dev/null'
                """)
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
