import Emulator
import Foundation
import Images
import TestForms
import Testing

extension Folder {
    fileprivate func countOfParts() throws -> Int {
        try FileManager.default.contentsOfDirectory(atPath: self["parts"]).count
    }
}

extension OfflineCommands {
    /// `image` as a user runs it.
    @Suite struct ImageCommandTests {
        private static func backup(_ folder: Folder) throws -> [UInt8] {
            let image = SampleFlash.image(byteCount: 1 << 20, seed: 21)
            try folder.write(image, to: "plug.bin")
            return image
        }

        @Test func showTellsWhetherItBoots() async throws {
            let folder = try Folder()
            var image = try Self.backup(folder)
            let good = try await Program.run(["image", "show", folder["plug.bin"]])
            #expect(good.code == 0, "\(good.error)")
            #expect(good.output.contains("boots        yes"))
            #expect(!good.output.contains("\u{1B}"), "no colours into a pipe")
            image[0x8000] ^= 1
            try folder.write(image, to: "bad.bin")
            let bad = try await Program.run(["image", "show", folder["bad.bin"], "--json"])
            #expect(bad.code == 0)
            #expect(bad.output.contains(#""boots":false"#))
            let both = try await Program.run(["image", "show", folder["plug.bin"], folder["bad.bin"]])
            #expect(both.code == 1)
            #expect(both.output.contains("differ in 1 bytes"), "\(both.output)")
            #expect(try await Program.run(["image", "show", folder["plug.bin"], folder["plug.bin"]]).code == 0)
        }

        @Test func splitAndMakeAreEachOthersWayBack() async throws {
            let folder = try Folder()
            let image = try Self.backup(folder)
            try folder.write(StubImage.placeholder(for: .community), to: "stub.bin")
            let split = ["image", "split", folder["plug.bin"], "-o", folder["parts"]]
            let first = try await Program.run(split)
            #expect(first.code == 0, "\(first.error)")
            let pieces = first.output.split(separator: "\n").map(String.init)
            #expect(pieces.first == folder["parts/00-partition@0x0.bin"])
            let again = try await Program.run(split)
            #expect(again.code == 3 && again.error.contains("--overwrite"), "\(again.error)")
            #expect(try await Program.run(split + ["--overwrite"]).code == 0)
            let made = try await Program.run(
                ["image", "make", "--stub", folder["stub.bin"], "-o", folder["all.bin"]] + pieces)
            #expect(made.code == 0, "\(made.error)")
            let bytes = try folder.read("all.bin")
            let parsed = try AllInOneImage(parsing: bytes.span)
            #expect(parsed.entries.first?.type == .stub)
            let isWhole = parsed.entries.dropFirst().allSatisfy { entry in
                Array(image[Int(entry.range.lowerBound)..<Int(entry.range.upperBound)]) == entry.data
            }
            #expect(isWhole)
            let table = try await Program.run(["image", "partitions", folder["all.bin"], "--json"])
            #expect(table.output.contains(#"{"name":"nv_amt","address":1040384,"bytes":8192}"#), "\(table.output)")
        }

        @Test func makeRefusesWhatOverlaps() async throws {
            let folder = try Folder()
            _ = try Self.backup(folder)
            let result = try await Program.run([
                "image", "make", "\(folder["plug.bin"])@0", "\(folder["plug.bin"])@0x1000", "-o", folder["all.bin"],
            ])
            #expect(result.code == 2)
            #expect(result.error.contains("entries 0 and 1"), "\(result.error)")
            #expect(throws: (any Error).self) { try folder.read("all.bin") }
            #expect(try await Program.run(["image", "make", "a", "-o", folder["all.bin"]]).code == 2)
        }

        @Test func keysAreChangedOnACopy() async throws {
            let folder = try Folder()
            let image = try Self.backup(folder)
            let nv = ["image", "nv"]
            let place = [folder["plug.bin"], "--partition", "nv_amt"]
            let copy = ["-o", folder["copy.bin"], "--overwrite"]
            let set = try await Program.run(nv + ["set"] + place + ["mac", "02:11:22:33:44:55"] + copy)
            #expect(set.code == 0, "\(set.error)")
            #expect(try folder.read("plug.bin") == image)
            let copied = [folder["copy.bin"], "--partition", "nv_amt"]
            let get = try await Program.run(nv + ["get"] + copied + ["mac"])
            #expect(get.output == "02:11:22:33:44:55\n")
            let list = try await Program.run(nv + ["list", folder["copy.bin"]])
            #expect(list.output.contains("nv_develop   ModelSms  ECR6600\n"), "\(list.output)")
            #expect(list.output.contains("nv_amt       mac       02:11:22:33:44:55\n"), "\(list.output)")
            #expect(try await Program.run(nv + ["delete"] + place + ["mac"] + copy).code == 0)
            #expect(try await Program.run(nv + ["get"] + copied + ["mac"]).code == 1)
            #expect(try await Program.run(nv + ["set"] + place + ["raw", "00FF7g", "--hex"] + copy).code == 2)
            #expect(try await Program.run(nv + ["set"] + place + ["raw", "00FF7A", "--hex"] + copy).code == 0)
            #expect(try await Program.run(nv + ["get"] + copied + ["raw"]).output == "00 FF 7A\n")
        }

        /// README: `solderless image nv get backup.bin mac`, of a flash such as the demo's, with two partitions of keys.
        @Test func aKeyIsFoundWithoutItsPartition() async throws {
            let folder = try Folder()
            let image = SampleFlash.image(byteCount: 2 << 20, seed: 21)
            try folder.write(image, to: "backup.bin")
            let nv = ["image", "nv"]
            let get = try await Program.run(nv + ["get", folder["backup.bin"], "mac"])
            #expect(get.code == 0 && get.output.hasPrefix("02:00:00:"), "\(get.error)")
            #expect(try await Program.run(nv + ["get", folder["backup.bin"], "ModelSms"]).output == "ECR6600\n")
            let missing = try await Program.run(nv + ["get", folder["backup.bin"], "nosuch"])
            #expect(missing.code == 1)
            #expect(
                missing.error
                    == "error: \(folder["backup.bin"]): no partition has a key \"nosuch\"; looked in nv_customer, "
                    + "nv_develop, nv_amt\n")
            let copy = ["-o", folder["copy.bin"], "--overwrite"]
            let both = try await Program.run(
                nv + ["set", folder["backup.bin"], "ModelSms", "x", "--partition", "nv_amt"] + copy)
            #expect(both.code == 0, "\(both.error)")
            let ambiguous = try await Program.run(nv + ["get", folder["copy.bin"], "ModelSms"])
            #expect(ambiguous.code == 2)
            #expect(
                ambiguous.error
                    == "error: \(folder["copy.bin"]): the key \"ModelSms\" is in nv_develop and in nv_amt: name one with "
                    + "--partition\n")
            let set = try await Program.run(nv + ["set", folder["backup.bin"], "mac", "02:00:00:00:00:09"] + copy)
            #expect(set.code == 0, "\(set.error)")
            #expect(try await Program.run(nv + ["get", folder["copy.bin"], "mac"]).output == "02:00:00:00:00:09\n")
            #expect(try await Program.run(nv + ["delete", folder["backup.bin"], "mac"] + copy).code == 0)
            #expect(try await Program.run(nv + ["get", folder["copy.bin"], "mac"]).code == 1)
            // What is copied keeps EF41 in every sector of the partition (§6).
            let bytes = try folder.read("copy.bin")
            for sector in [0x1FE018, 0x1FF018] { #expect(Array(bytes[sector..<(sector + 4)]) == Array("EF41".utf8)) }
        }

        @Test func splitNamesEachFileOnce() async throws {
            let folder = try Folder()
            _ = try Self.backup(folder)
            let line = "$0 image split \(folder["plug.bin"]) -o \(folder["parts"]) 2>&1"
            let lines = try await Program.shell(line).output.split(separator: "\n")
            let count = try folder.countOfParts()
            #expect(lines.count == Set(lines).count && lines.count == count, "\(lines)")
        }

        @Test func neverInPlace() async throws {
            let folder = try Folder()
            let image = try Self.backup(folder)
            let set = [
                "image", "nv", "set", folder["plug.bin"], "--partition", "nv_amt", "mac", "x", "--overwrite", "-o",
            ]
            for path in [folder["plug.bin"], folder["./plug.bin"]] {
                #expect(try await Program.run(set + [path]).code == 2)
            }
            #expect(try folder.read("plug.bin") == image)
        }

        @Test func clearErrors() async throws {
            let folder = try Folder()
            try folder.write([], to: "empty.bin")
            try folder.write(Array("oneb\u{5}".utf8), to: "cut.bin")
            try folder.write([1, 2, 3], to: "raw.bin")
            for (arguments, code, words) in [
                (["show", folder["empty.bin"]], 3, "is empty"), (["show", folder["missing.bin"]], 3, "cannot open"),
                (["split", folder["cut.bin"], "-o", folder["x"]], 3, "offset 5"),
                (["split", folder["raw.bin"], "-o", folder["x"]], 3, "nothing to split"),
                (["partitions", folder["raw.bin"]], 3, "4096"), (["nv", "list", folder["raw.bin"]], 3, "back-up"),
            ] as [([String], Int32, String)] {
                let result = try await Program.run(["image"] + arguments)
                #expect(result.code == code, "\(arguments)")
                #expect(result.error.contains(words), "\(result.error)")
            }
        }
    }
}
