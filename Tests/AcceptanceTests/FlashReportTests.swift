import TestForms
import Testing

extension FlashCommands {
    /// What a program reads of a flash job: its diagnosis, and the log of a tool that is imitated.
    @Suite struct FlashReportTests {
        @Test func silenceIsDiagnosedByName() async throws {
            let result = try await Program.run([
                "run", "--start", "off", "--", Program.path, "flash", "info", "--port", "{port}", "--sync-for", "0.5",
                "--json",
            ])
            #expect(result.code == 1)
            for part in [#""class":"silence""#, #""name":"late-power""#, #""name":"another-chip""#, #""check":"#] {
                #expect(result.output.contains(part), "\(part)")
            }
            #expect(!result.output.contains("imitates"))
            #expect(result.error.contains("Diagnosis: nothing came back at all."))
        }

        /// §11.3; that it is an imitation stands in help, log and JSON.
        @Test func rdtoolIsMarkedAsAnImitation() async throws {
            let folder = try Folder()
            let result = try await Program.run([
                "run", "--time", "brisk", "--flash-id", "1440C8", "--", Program.path, "flash", "read",
                folder["part.bin"], "--address", "0x1000", "--length", "0x800", "--port", "{port}", "--dialect",
                "rdtool", "--json",
            ])
            #expect(result.code == 0, "\(result.error)")
            for line in ["imitated", "Begin to download STUB", "UP_FLASH: block: 0x0, pos: (0x5, 0x1400)"] {
                #expect(result.error.contains(line), "\(line)")
                #expect(result.output.contains(line), "\(line)")
            }
            #expect(result.output.contains(#""imitates":"RDTool""#))
            let help = try await Program.run(["flash", "--help"])
            #expect(help.output.contains("imitation"))
        }

        @Test(arguments: [["--sync-every", "0"], ["--sync-every", "nan"], ["--baud", "0"]])
        func impossibleCadencesAreWrongUsage(options: [String]) async throws {
            let result = try await Program.run(["flash", "info", "--port", "p", "--dialect", "rdtool"] + options)
            #expect(result.code == 2, "\(result.error)")
        }
    }
}
