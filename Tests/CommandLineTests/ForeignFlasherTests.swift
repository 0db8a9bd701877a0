import Foundation
import Testing

extension CommandLineTests {
    /// A client that nobody here wrote: pySerial with PyPI's xmodem (tools/xmodem_client.py only strings them together).
    @Suite(.enabled(if: Program.hasPython, "no .build/venv: `make test` sets it up, or tools/bootstrap --with-tests"))
    struct ForeignFlasherTests {
        @Test(arguments: ["wire", "brisk", "fast"])
        func getsByteEqualResults(time: String) async throws {
            let folder = try Folder()
            try folder.write([UInt8](repeating: 0x55, count: 26096), to: "stub.bin")
            let result = try await Program.run([
                "run", "--time", time, "--power-after", "0.3", "--", Program.python,
                "\(Program.root)/tools/xmodem_client.py",
                "{port}", "65536", "--stub", folder["stub.bin"],
            ])
            #expect(result.code == 0, "\(result.output) \(result.error)")
            #expect(result.output.contains(#""passed": true"#))
        }
    }
}
