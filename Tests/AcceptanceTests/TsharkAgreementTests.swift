import Capture
import Foundation
import Line
import TestForms
import Testing
import Trace
import Wire

extension OfflineCommands {
    /// `show` and a reader that nobody here wrote, on a long trace.
    @Suite(.enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/tshark"), "tshark is not installed"))
    struct TsharkAgreementTests {
        /// A large XMODEM write (ECR6600 facts §10), of ten megabytes in the long form: as many messages, each with its
        /// direction and bytes.
        @Test func agreesOnCountDirectionAndBytes() async throws {
            let folder = try Folder()
            let blockCount = byForm(short: 2_000, long: 10_000)
            let messages = try Self.write(blockCount: blockCount, to: folder["t.pcap"])
            let result = try await Program.shell(
                """
                cd \(folder.path)
                "$0" show --json --hex t.pcap | tr -d ' ' | tr A-F a-f \
                    | sed -n 's/.*"direction":"\\([a-z-]*\\)".*"hex":"\\([0-9a-f]*\\)".*/\\1,\\2/p' > shown
                tshark -r t.pcap -Y 'rtacser.eventtype in {1,2}' -T fields -E separator=, -e rtacser.eventtype \
                    -e data.data | sed 's/^0x01/host-to-chip/; s/^0x02/chip-to-host/' > seen
                wc -l < shown && wc -l < seen && cmp shown seen && wc -c < seen
                """)
            #expect(result.code == 0, "\(result.output.prefix(400)) \(result.error.prefix(400))")
            let numbers = result.output.split(separator: "\n").map { Int($0.trimmingCharacters(in: .whitespaces)) }
            #expect(numbers.prefix(2) == [messages, messages])
            #expect(try #require(numbers.last ?? nil) > 2 * blockCount * 1029)
        }

        /// - Returns: how many messages it has.
        private static func write(blockCount: Int, to path: String) throws -> Int {
            let writer = try TraceWriter(
                creating: path, session: SessionDescription(program: "test", programVersion: "1", clock: .virtual))
            var now = Instant.zero
            var count = 0
            func write(_ direction: Direction, _ bytes: [UInt8]) throws {
                now = now.advanced(by: .nanoseconds(10_850 * bytes.count))
                count += 1
                try writer.write(TraceEvent(now, .data(direction, bytes)))
            }
            var request: [UInt8] = [0xA5, 0x91, 0x08, 0x00, 0, 0, 0, 0]
            request += (0..<4).map { UInt8(truncatingIfNeeded: (blockCount * 1024) >> (8 * $0)) }
            request.append(request.reduce(0, &+))
            try write(.hostToChip, request)
            try write(.chipToHost, [0x5A, 0x91, 0x00, 0x00, 0x00, 0xEB])
            try write(.chipToHost, [0x43])
            var random = SplitMix64(seed: 1)
            for number in 1...blockCount {
                let data = (0..<128).flatMap { _ in withUnsafeBytes(of: random.next()) { Array($0) } }
                var block: [UInt8] = []
                XMODEM.appendBlock(number: UInt8(truncatingIfNeeded: number), data: data.span, to: &block)
                try write(.hostToChip, block)
                try write(.chipToHost, [0x06])
            }
            try write(.hostToChip, [0x04])
            try write(.chipToHost, [0x06])
            try writer.close()
            return count
        }
    }
}
