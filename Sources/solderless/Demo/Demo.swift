import ArgumentParser
import Emulator
import Files
import Foundation
import Images
import Wire

/// The main job, end to end: an emulated plug, a flasher, a trace, a replay; then what goes wrong without power.
final class Demo {
    private let folder: String
    private let seed: UInt64
    private let children: DemoChildren
    private var acts: [Act] = []

    /// One line of the closing table.
    private struct Act {
        var what: String
        var result: String
        var seconds: Double
    }

    /// What the plug has: a GD25Q80E, 1 MB, so that a back-up at 921600 baud takes a quarter of a minute.
    private static let flashID = "1440C8"
    private static let flashByteCount = 1 << 20
    private static let firmwareByteCount = 96 << 10

    /// - Throws: `PortError` when the folder cannot be made.
    init(folder: String, seed: UInt64) throws {
        self.folder = folder
        self.seed = seed
        children = try DemoChildren()
        try FileStore.makeFolder(path: folder)
    }

    func perform() async throws {
        Console.print("seed: \(seed)")
        let before = try prepare()
        try await act(
            "back up, write, verify, reboot",
            "A plug without power; power comes 0.5 s after the flasher starts"
        ) {
            try await flash()
            return "verified by SHA-256"
        }
        try await act("look at the files", "What is in the plug now, and in the back-up?") {
            try compare(with: before)
        }
        try await act("show the trace", "What went over the line") {
            try await children.run(["show", "--timeline", path("plug.pcap")])
            return "plug.pcap"
        }
        try await act("replay it", "The recorded chip against a second run of the flasher, without delays") {
            try await replay()
            return "no divergence"
        }
        try await act("without power", "The same, but the power never comes: what you see, and the hint") {
            try await starve()
            return "failed, as it must"
        }
        summarise()
    }

    // MARK: Acts

    private func prepare() throws -> [UInt8] {
        let plug = SampleFlash.image(byteCount: Self.flashByteCount, seed: seed)
        let application = SampleFlash.application("new", byteCount: Self.firmwareByteCount, seed: seed &+ 1)
        let image = try AllInOneImage(entries: [
            .init(.stub, at: BootProtocol.loadAddress, data: StubImage.placeholder(for: .community)),
            .init(.flash, at: UInt32(SampleFlash.applicationAddress), data: application),
        ])
        try FileStore.replace(path: path("plug.bin"), with: plug.span)
        let bytes = image.bytes
        try FileStore.replace(path: path("firmware.bin"), with: bytes.span)
        return plug
    }

    private func flash() async throws {
        try await children.with([
            "emulate", "--link", path("plug"), "--flash", path("plug.bin"), "--flash-id", Self.flashID,
            "--power-after", "0.5", "--trace", path("plug.pcap"), "--overwrite", "--seed", "\(seed)",
        ]) {
            try await write(to: path("plug"), backup: "backup.bin")
        }
    }

    private func write(to port: String, backup: String) async throws {
        try await children.run([
            "flash", "write", path("firmware.bin"), "--port", port, "--backup", path(backup), "--overwrite",
        ])
        try await children.run(["flash", "run", "--port", port])
    }

    private func compare(with before: [UInt8]) throws -> String {
        let backup = try FileStore.read(path: path("backup.bin"), limit: Self.flashByteCount)
        guard backup == before else { throw Failure(.failed, "the back-up differs from what the plug held") }
        var expected = before
        let application = SampleFlash.application("new", byteCount: Self.firmwareByteCount, seed: seed &+ 1)
        let address = SampleFlash.applicationAddress
        expected.replaceSubrange(address..<(address + application.count), with: application)
        guard try FileStore.read(path: path("plug.bin"), limit: Self.flashByteCount) == expected else {
            throw Failure(.failed, "the plug does not hold the new firmware, or the rest has changed")
        }
        Console.print(
            "backup.bin is what the plug held; plug.bin holds the new firmware, and the rest is unchanged.")
        return "back-up and plug are right"
    }

    private func replay() async throws {
        try await children.with([
            "replay", path("plug.pcap"), "--link", path("recorded-plug"), "--speed", "max", "--no-trace",
        ]) {
            try await write(to: path("recorded-plug"), backup: "backup-of-the-replay.bin")
        }
        guard
            try FileStore.read(path: path("backup-of-the-replay.bin"), limit: Self.flashByteCount)
                == FileStore.read(path: path("backup.bin"), limit: Self.flashByteCount)
        else { throw Failure(.failed, "the replay's back-up differs") }
    }

    private func starve() async throws {
        let code = try await children.code(of: [
            "run", "--start", "off", "--trace", path("no-power.pcap"), "--overwrite", "--",
            children.program, "flash", "info", "--port", "{port}", "--sync-for", "3",
        ])
        guard code == 1 else {
            throw Failure(.failed, "the flasher ended with \(code) on a plug without power, not with 1")
        }
    }

    // MARK: Telling

    private func act(_ what: String, _ title: String, _ perform: () async throws -> String) async throws {
        Console.print("\n\(Console.paint("▌ \(title)", .bold))")
        let start = ContinuousClock.now
        do {
            let result = try await perform()
            acts.append(Act(what: what, result: result, seconds: (ContinuousClock.now - start) / .seconds(1)))
        } catch {
            Console.complain("the demo stopped at \"\(what)\"; its files are in \(folder)")
            throw error
        }
    }

    private func summarise() {
        Console.print("\n\(Console.paint("▌ What happened", .bold))")
        for act in acts {
            let mark = Console.paint("✔", .green)
            Console.print(
                "\(mark) \(act.what.padded(32)) \(act.result.padded(28)) \(String(format: "%6.2f s", act.seconds))")
        }
        Console.print("\n\(Console.paint("▌ Files in \(folder)", .bold))")
        for (name, what) in [
            ("plug.bin", "the plug's flash, as the chip has it"),
            ("backup.bin", "what it held before: the only way back"),
            ("firmware.bin", "the all-in-one image that was written"),
            ("plug.pcap", "the session; Wireshark opens it, and so does `solderless show`"),
            ("no-power.pcap", "the session that failed"),
        ] {
            let size = FileStore.byteCount(path: path(name)) ?? 0
            Console.print("  \(name.padded(16)) \("\(size)".padded(9, left: true)) bytes  \(what)")
        }
    }

    private func path(_ name: String) -> String { "\(folder)/\(name)" }
}
