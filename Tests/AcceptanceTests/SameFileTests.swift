import TestForms
import Testing

extension TraceCommands {
    /// What is read is not replaced by what is written, not even with --overwrite.
    @Suite struct SameFileTests {
        @Test(arguments: [
            "show t.pcap --html ./t.pcap --overwrite", "show t.pcap --perfetto t.pcap --overwrite",
            "export t.pcap --as usbpcap:ch340 -o link.pcap --overwrite",
            "import t.pcap --from rtac --direction host-to-chip -o t.pcap --overwrite",
        ])
        func aRecordingOutlivesIt(command: String) async throws {
            let folder = try Folder()
            let trace = try Folder.contents(of: "\(Program.root)/traces/efuse.pcap")
            try folder.write(trace, to: "t.pcap")
            let result = try await Program.shell("cd \(folder.path) && ln -s t.pcap link.pcap && $0 \(command)")
            #expect(result.code == 2)
            #expect(result.error.contains("is what is read: name another file to write"), "\(result.error)")
            #expect(try folder.read("t.pcap") == trace)
        }

        /// Neither the port nor the flasher's link is a trace.
        @Test(arguments: [
            ("-o chip", "is what is read"), ("-o flasher --link flasher", "is the link to the flasher's port"),
        ])
        func aPortIsNoTrace(options: String, complaint: String) async throws {
            let folder = try Folder()
            let result = try await Program.shell(
                """
                cd \(folder.path) && $0 emulate --detach --link chip >/dev/null 2>&1
                timeout -s KILL 10 $0 record ./chip \(options); code=$?
                $0 ctl --port chip stop >/dev/null; exit $code
                """)
            #expect(result.code == 2)
            #expect(result.error.contains(complaint), "\(result.error)")
            #expect(try folder.names().contains("flasher") == false)
        }
    }
}
