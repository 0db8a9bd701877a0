import Capture
import Foundation
import Lint
import Testing
import Trace

/// The recorded sessions of traces/: what is said of them is true of them, and is said here.
@Suite struct CorpusTests {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../traces")

    private static let names =
        (try? FileManager.default.contentsOfDirectory(atPath: folder.path()))?
        .filter { $0.hasSuffix(".pcap") }.map { String($0.dropLast(5)) }.sorted() ?? []

    /// Traces in which something is an error or a warning, and why that is so.
    private static let expected: [String: [String]] = [
        // Of an independent flasher: its last ACK was lost on the way, and it does not wait for the EOT to come again. It
        // gives up without BAUD 115200.
        "fail-read-lost-eot-ack": ["error eot-not-acknowledged", "warning left-at-high-baud"],
        // The reference flasher closes a download whose answer was lost by filling it up: the start that it sends on the
        // way is seven bytes of that, as it means it to be.
        "lost-ack-vendor-1": ["warning download-left-open"],
        // It was told to use a rate that the two ends make differently, and cannot say BAUD at any other any more.
        "wrong-baud-3000000-community-1": ["error baud-mismatch", "warning left-at-high-baud"],
        "wrong-baud-691200-ch340-community-1": ["error baud-mismatch", "warning left-at-high-baud"],
    ]

    @Test(arguments: names)
    func whatIsSaidIsTrue(name: String) throws {
        let reader = TraceReader(opening: Self.folder.appending(path: "\(name).pcap").path())
        var linter = Linter()
        try reader.follow {
            linter.data($0, $1, at: $2)
        } other: {
            linter.other($0)
        }
        let found = linter.finish().brief.filter { !$0.hasPrefix("info") }
        #expect(Set(found).sorted() == (Self.expected[name] ?? []).sorted())
    }

    /// What one session leaves behind is no mistake of the next.
    @Test(arguments: names)
    func twoSessionsInOneTrace(name: String) throws {
        let reader = TraceReader(opening: Self.folder.appending(path: "\(name).pcap").path())
        func found(times: Int) throws -> [String] {
            var linter = Linter()
            for _ in 0..<times {
                try reader.follow {
                    linter.data($0, $1, at: $2)
                } other: {
                    linter.other($0)
                }
            }
            return linter.finish().brief
        }
        let once = try found(times: 1)
        let twice = try found(times: 2)
        #expect(twice.sorted() == (once + once).sorted(), "\(twice)")
    }

    @Test func thereAreTraces() { #expect(Self.names.count > 30) }
}
