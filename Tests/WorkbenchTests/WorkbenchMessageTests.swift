import Bench
import Foundation
import Scenarios
import Testing
import Words

@testable import Workbench

/// What a page can ask for.
struct WorkbenchMessageTests {
    @Test func requestsOfTheControlSocketAreTheSame() throws {
        #expect(try WorkbenchMessage(#"{"verb":"power","to":"on","id":3}"#).request == .control(.power(on: true)))
        #expect(try WorkbenchMessage(#"{"verb":"power","to":"on","id":3}"#).id == .integer(3))
        #expect(
            try WorkbenchMessage(#"{"verb":"unplug","wire":"adapter-gnd"}"#).request
                == .control(.plug(.adapterGround, nil)))
    }

    @Test func theFlasherHasItsOrdersAndNoOthers() throws {
        for program in FlasherOrder.Program.allCases {
            for task in FlasherOrder.Task.allCases {
                let text =
                    #"{"verb":"flasher","do":"start","program":"\#(program.rawValue)","task":"\#(task.rawValue)"}"#
                #expect(try WorkbenchMessage(text).request == .startFlasher(FlasherOrder(program: program, task: task)))
            }
        }
        #expect(try WorkbenchMessage(#"{"verb":"flasher","do":"stop"}"#).request == .stopFlasher)
        #expect(try WorkbenchMessage(#"{"verb":"lesson","do":"answer","choice":2}"#).request == .lesson(.answer(2)))
    }

    @Test(arguments: [
        ("", "not-json"), ("[]", "not-json"), (#"{"verb":"fry"}"#, "unknown-verb"),
        (#"{"verb":"flasher"}"#, "bad-argument"), (#"{"verb":"flasher","do":"start"}"#, "bad-argument"),
        (#"{"verb":"flasher","do":"start","program":"/bin/sh","task":"info"}"#, "bad-argument"),
        (#"{"verb":"flasher","do":"start","program":"ours","task":"--help"}"#, "bad-argument"),
        (#"{"verb":"flasher","do":"stop","file":"x"}"#, "bad-argument"),
        (#"{"verb":"flasher","do":"stop","version":2}"#, "unsupported-version"),
        (#"{"verb":"lesson","do":"start"}"#, "bad-argument"),
        (#"{"verb":"lesson","do":"answer","choice":-1}"#, "bad-argument"),
        (#"{"verb":"flasher","do":"stop","id":{}}"#, "bad-argument"),
    ])
    func allElseIsRefused(text: String, code: String) {
        do {
            let message = try WorkbenchMessage(text)
            Issue.record("\(message)")
        } catch {
            #expect(error.code.rawValue == code)
        }
    }

    @Test func whatThePageWritesIsInNoCommandLine() {
        let paths = FlasherOrder.Paths(
            port: "/dev/pts/9", image: "/t/image.bin", isWholeFlash: true, newBackup: "/t/backup-2.bin",
            backup: "/t/backup-1.bin")
        func words(_ task: FlasherOrder.Task, _ program: FlasherOrder.Program = .ours) -> String? {
            FlasherOrder(program: program, task: task).arguments(paths)?.joined(separator: " ")
        }
        #expect(words(.info) == "flash info --port /dev/pts/9 --json")
        #expect(words(.backup, .rdtool) == "flash read /t/backup-2.bin --port /dev/pts/9 --json --dialect rdtool")
        #expect(
            words(.write) == "flash write /t/image.bin --address 0 --backup /t/backup-2.bin --port /dev/pts/9 --json")
        #expect(words(.erase) == "flash erase --all --backup /t/backup-2.bin --port /dev/pts/9 --json")
        #expect(
            words(.restore) == "flash write /t/backup-1.bin --address 0 --no-backup --yes --port /dev/pts/9 --json")
        var bare = paths
        bare.backup = nil
        #expect(FlasherOrder(program: .ours, task: .restore).arguments(bare) == nil)
    }

    @Test func aReportIsRead() {
        let report = #"""
            {"schema":1,"outcome":"failure","steps":[{"seconds":1.25}],"failure":{"what":"no answer","remedy":"power it",
            "diagnosis":{"class":"silence","summary":"nothing came back","causes":[
            {"name":"a","cause":"the chip has no power","cure":"Switch it on."},
            {"name":"b","cause":"a wire is open","cure":"Plug it."},
            {"name":"c","cause":"it is another chip","cure":"Look."}],"check":"Look at the display."}}}
            """#
        let verdict = FlasherVerdict(report: Array(report.utf8), code: 1, wasStopped: false)
        #expect(verdict.ending == .failure)
        #expect(verdict.diagnosis?.title == "Nothing came back.")
        #expect(
            verdict.diagnosis?.text == """
                1. Perhaps the chip has no power. Switch it on.
                2. Perhaps a wire is open. Plug it.
                Or: it is another chip.
                Check: Look at the display.
                """)
        #expect(FlasherVerdict(report: [], code: 0, wasStopped: false).ending == .success)
        #expect(
            FlasherVerdict(report: [], code: nil, wasStopped: false)
                == FlasherVerdict(report: Array("{".utf8), code: 1, wasStopped: false))
        #expect(FlasherVerdict(report: Array(report.utf8), code: 1, wasStopped: true).ending == .stopped)
    }
}

/// The page that the program carries inside itself.
struct PageFileTests {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../Sources/Workbench/Page").standardizedFileURL

    @Test func everyFileOfThePageIsServed() throws {
        let names = try FileManager.default.contentsOfDirectory(atPath: Self.folder.path)
        #expect(Set(names) == Set(PageFile.all.keys) && names.contains(PageFile.first))
        for name in names {
            let bytes = try Data(contentsOf: Self.folder.appending(path: name))
            #expect(PageFile.all[name].map { Data($0.bytes) } == bytes, "\(name)")
            #expect(PageFile.all[name]?.kind != "application/octet-stream", "\(name)")
        }
    }
}
