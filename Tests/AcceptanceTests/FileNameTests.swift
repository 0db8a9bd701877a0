import Foundation
import TestForms
import Testing

#if canImport(Glibc)
    import Glibc
#endif

extension RunCommands {
    /// Every option and argument that is a path, with names that are not UTF-8: files get those bytes and no others.
    @Suite struct FileNameTests {
        /// Names in a folder, byte by byte: `\ooo` stands for a byte beyond ASCII, as `printf` takes it.
        private static func names(in folder: String) -> Set<String> {
            guard let directory = opendir(folder) else { return [] }
            defer { closedir(directory) }
            var names: Set<String> = []
            while let entry = readdir(directory) {
                let bytes = withUnsafeBytes(of: &entry.pointee.d_name) { Array($0.prefix { $0 != 0 }) }
                names.insert(
                    bytes.map { $0 < 0x80 ? String(UnicodeScalar($0)) : "\\" + String($0, radix: 8) }.joined())
            }
            return names.subtracting([".", "..", "run"])
        }

        /// A letter in Latin-1, half a surrogate pair, and the code point that carries E9 in here; the names as shown.
        private static let samples = [
            (#"caf\351"#, #"caf\xE9"#), (#"\355\240\200"#, #"\xED\xA0\x80"#),
            (#"\364\217\273\251"#, #"\xF4\x8F\xBB\xA9"#),
        ]

        /// A name as `od -c` has it.
        private static func dumped(_ name: String) -> String { name.replacing("\\", with: "") }

        private static func shell(_ name: String, _ lines: String) async throws -> (CtlBench, Program.Result) {
            let bench = try CtlBench()
            return (bench, try await bench.shell("n=$(printf '\(name)'); root='\(Program.root)'\n\(lines)"))
        }

        @Test(arguments: samples) func traces(_ name: String, _ shown: String) async throws {
            let (bench, result) = try await Self.shell(
                name,
                """
                set -e
                cp "$root/Tests/Golden/efuse.jsonl" "$n.jsonl"
                $0 import "$n.jsonl" -o "$n.pcap"
                $0 diff "$n.pcap" "$root/traces/efuse.pcap"
                $0 show "$n.pcap" >"$n.txt"
                $0 show --follow "$n.pcap" >"$n.followed" & mkdir "$n"
                until cmp -s "$n.txt" "$n.followed"; do sleep 0.02; done; rm "$n.pcap"; wait
                $0 show "$n/none"
                """)
            #expect(Self.names(in: bench.folder.path) == [name, "\(name).jsonl", "\(name).txt", "\(name).followed"])
            // As many steps as `show` has lines but for the session's own, of which one is an image of 26 pieces.
            #expect(result.output == "\(shown).pcap and \(Program.root)/traces/efuse.pcap agree: 42 steps\n")
            #expect(result.error.contains("wrote \(shown).pcap: jsonl"), "\(result.error)")
            #expect(
                result.error.hasSuffix(
                    "error: \(shown)/none: cannot open: No such file or directory; check the name and its permissions\n"
                ))
            #expect(result.code == 3)
        }

        @Test(arguments: samples) func images(_ name: String, _ shown: String) async throws {
            let (bench, result) = try await Self.shell(
                name,
                """
                set -e
                printf 0123456789 >"$n@0x7000.bin"
                $0 image make "$n@0x7000.bin" "$n@0x7000.bin@0x8000" --stub "$n@0x7000.bin" -o "$n.img"
                $0 image split "$n.img" -o "$n.parts" | od -An -c | tr -d ' \\n'; echo
                $0 image show "$n.img" --json | head -c 99 >/dev/null
                $0 run --time fast --flash "$n.bin" -- true
                $0 image nv set "$n.bin" key "$n" --partition nv_amt -o "$n.nv"
                $0 image nv get "$n.nv" key --hex
                $0 image nv set "$n.bin" "$n" value --partition nv_amt -o "$n.none" || echo $?
                $0 image nv set "$n.bin" key value --partition nv_amt -o "$n.bin" --overwrite || echo $?
                """)
            #expect(
                Self.names(in: bench.folder.path)
                    == Set(["@0x7000.bin", ".img", ".parts", ".bin", ".nv"].map { name + $0 }),
                "\(result.error)")
            let lines = result.output.split(separator: "\n").map(String.init)
            try #require(lines.count == 4, "\(lines) \(result.error)")
            // For a script, the bytes themselves.
            #expect(lines[0].hasPrefix("\(Self.dumped(name)).parts/00-stub"), "\(lines[0])")
            let bytes = shown.replacing("\\x", with: " ").replacing("caf", with: "63 61 66")
            #expect(lines[1] == bytes.trimmingCharacters(in: .whitespaces), "the value is the bytes given")
            #expect(lines[2...] == ["2", "2"])
            #expect(result.error.contains("\"\(shown)\" is not a valid key"), "\(result.error)")
            #expect(result.error.contains("-o names the file itself"), "\(result.error)")
        }

        @Test(arguments: samples) func flashing(_ name: String, _ shown: String) async throws {
            let (bench, result) = try await Self.shell(
                name,
                """
                set -e
                $0 emulate --detach --time fast --flash "$n.bin" --flash-id 1440C8 --erased --trace "$n.pcap" \
                    --link "$n" --control "$n.socket" --log "$n.log" | od -An -c | tr -d ' \\n'; echo
                $0 ctl status --port "$n.socket" --json
                printf 0123456789 >"$n.raw"
                $0 flash write "$n.raw" --address 0x7000 --port "$n" --backup "$n.backup" --trace "$n.host" --yes --json
                $0 ctl stop --port "$PWD/$n"
                tail -c +28673 "$n.bin" | head -c 10; echo
                LC_ALL=C grep -cF '\(shown).pcap' "$n.pcap"; LC_ALL=C grep -ac "$(printf '\\364\\217')..[.]pcap" "$n.pcap" || true
                $0 flash info --port "$n"
                """)
            #expect(
                Self.names(in: bench.folder.path)
                    == Set([".bin", ".pcap", ".log", ".raw", ".backup", ".host"].map { name + $0 }),
                "\(result.error)")
            let lines = result.output.split(separator: "\n").map(String.init)
            try #require(lines.count == 6, "\(lines) \(result.error)")
            #expect(lines[0] == "\(Self.dumped(name))\\n")
            let escaped = shown.replacing("\\", with: "\\\\")
            for key in ["link", "flash", "trace"] {
                #expect(lines[1].contains("\"\(key)\":\"\(bench.folder.path)/\(escaped)"))
            }
            #expect(lines[2].contains("\(escaped).backup\""), "\(lines[2])")
            #expect(lines[3...] == ["0123456789", "1", "0"])
            #expect(result.error.contains("solderless ctl --port $'\(bench.folder.path)/\(shown)' stop"))
            #expect(
                result.error.hasSuffix(
                    "\(shown): there is no such port (No such file or directory, errno 2); plug in the adapter, or look for it in /dev/serial/by-id\n"
                ))
        }

        /// The command sees the port's own bytes, in its words and in its environment.
        @Test(arguments: samples) func running(_ name: String, _ shown: String) async throws {
            let (bench, result) = try await Self.shell(
                name,
                """
                $0 run --flash "$n.bin" --time fast -- true
                cp "$n.bin" "$n.same"; printf x >"$n.other@0x9"
                $0 run --flash-from "$n.bin" --trace "$n.pcap" --link "$n" --expect-flash "$n.same" -- sh -c \
                    'printf "%s|" "$0" "$SOLDERLESS_PORT" "$SOLDERLESS_CONTROL"; $1 ctl power off >&2; ls "$0"' "{port}" $0 \
                    | od -An -c | tr -d ' \\n'; echo
                $0 run --flash-from "$n.bin" --expect-flash "$n.other@0x9" --trace-on-failure "$n.kept" -- true; echo $?
                printf '#!/bin/sh\\nexit 9' >"$n.sh"; chmod +x "$n.sh"
                $0 run --json -- "./$n.sh" "$n"; echo $?
                $0 run -- "./$n.none"; echo $?
                ln -s "$n.new" "$n.link"; $0 run --flash "$n.new" --trace "$n.link" --overwrite -- true; echo $?
                XDG_RUNTIME_DIR="$PWD/$n.run"; mkdir "$n.run"
                $0 emulate --detach --quiet | od -An -c | tr -d ' \\n'; echo; $0 ctl stop
                """)
            #expect(
                Self.names(in: bench.folder.path)
                    == Set([".bin", ".same", ".other@0x9", ".pcap", ".kept", ".sh", ".link", ".run"].map { name + $0 }))
            let dumped = Self.dumped(name)
            let lines = result.output.split(separator: "\n").map(String.init)
            try #require(lines.count == 7, "\(lines) \(result.error)")
            #expect(lines[0] == "\(dumped)|\(dumped)|\(dumped).ctl|\(dumped)\\n")
            #expect(
                result.error.contains("the flash differs from \(shown).other@0x9 in 1 of 1 bytes"), "\(result.error)")
            #expect(result.error.contains("solderless show $'\(bench.folder.path)/\(shown).kept'"), "\(result.error)")
            let escaped = shown.replacing("\\", with: "\\\\")
            #expect(lines[2].contains("\"command\":[\"./\(escaped).sh\",\"\(escaped)\"]"), "\(lines[2])")
            #expect([lines[1]] + lines[3...5] == ["1", "9", "127", "125"])
            #expect(result.error.contains("error: ./\(shown).none: cannot start the command"), "\(result.error)")
            #expect(result.error.contains("--trace and --flash name the same file, \(shown).new"), "\(result.error)")
            #expect(lines[6] == "\(bench.folder.path)/\(dumped).run/solderless/ecr6600\\n")
        }

        @Test(arguments: samples) func scenarios(_ name: String, _ shown: String) async throws {
            let (bench, result) = try await Self.shell(
                name,
                """
                cp "$root/emulator/scenarios/good-bench.yaml" "$n.yaml"
                $0 scenarios check "$n.yaml"
                $0 simulate "$n.yaml" --task info --seeds 0 --trace "$n.traces" >/dev/null
                echo 'none: 1' >"$n.yaml"; $0 scenarios check "$n.yaml"
                $0 emulate --scenario "$n.yaml"; $0 emulate --board "./$n"; $0 emulate --flash-parts "$n.parts"
                """)
            #expect(Self.names(in: bench.folder.path) == ["\(name).yaml", "\(name).traces"])
            #expect(result.output == "\(shown).yaml: good-bench, expects success\n")
            let lines = result.error.split(separator: "\n")
            #expect(lines.filter { $0.hasPrefix("error: \(shown).yaml:1:") }.count == 2, "\(result.error)")
            for file in ["./\(shown)", "\(shown).parts"] {
                #expect(lines.contains { $0.hasPrefix("error: \(file): cannot open the file") }, "\(result.error)")
            }
        }

        /// The port's own line as well: only a script is given the bytes.
        @Test(arguments: ["emulate --quiet", "emulate --quiet --detach"])
        func aTerminalIsGivenText(command: String) async throws {
            let bench = try CtlBench()
            let terminal = try Terminal()
            let line = terminal.session("n=$(printf '\\377'); exec $0 \(command) --link ./$n")
            async let ended = bench.shell(line)
            #expect(try await terminal.shows("./\\xFF"))
            #expect(try await bench.ctl("stop").code == 0)
            _ = try await ended
        }

        /// A word that names no file is shown likewise.
        @Test func wordsThatAreWrong() async throws {
            let (_, result) = try await Self.shell(
                #"\377"#,
                "$0 \"$n\"; $0 help \"$n\"; $0 emulate \"--$n\"; $0 emulate --board \"$n\"; $0 emulate --fault \"$n\"")
            #expect(result.error.contains(#"error: there is no command "\xFF""#), "\(result.error)")
            #expect(result.error.contains(#"error: Unknown option '--\xFF'"#), "\(result.error)")
            #expect(result.error.contains(#"there is no board \xFF"#), "\(result.error)")
            #expect(result.error.contains(#"--fault \xFF:"#), "\(result.error)")
        }
    }
}
