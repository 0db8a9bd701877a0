import Images
import Line
import Lint
import Testing
import Trace

/// Rules about writes by data frames (ECR6600 facts §4.3), and about what a stub takes (§4.1).
@Suite struct DownloadRulesTests {
    private static let first = Session.contents(1024)

    // MARK: data-frame-flag

    @Test(arguments: [(UInt8(0), 0), (1, 0), (2, 1), (0x10, 1)])
    func aFlagThatIsNeither(flag: UInt8, findings: Int) {
        let report = lint { session in
            session.upload()
            session.beginWrite(0x8000, 8192)
            session.ask(Session.data(Session.contents(4096)), Session.written)
            session.ask(Session.data(Session.contents(4096, seed: flag == 1 ? 0 : 1), flag: flag), Session.written)
        }
        #expect(report.levels(of: "data-frame-flag") == .init(repeating: .warning, count: findings))
    }

    // MARK: tail-becomes-resend (§11.1: the flag is length >> 8, and a tail of 256…511 bytes gets 1)

    @Test(arguments: [(255, 0), (256, 1), (511, 1), (512, 0)])
    func aTailWhoseLengthIsItsFlag(count: Int, findings: Int) {
        let report = lint { session in
            session.upload()
            session.beginWrite(0x8000, UInt32(4096 + count))
            session.ask(Session.data(Session.contents(4096), flag: 0x10), Session.written)
            session.ask(Session.data(Session.contents(count, seed: 5), flag: UInt8(count >> 8)), Session.written)
        }
        #expect(report.levels(of: "tail-becomes-resend") == .init(repeating: .error, count: findings))
    }

    @Test func aFrameThatIsSentAgainIsNoTail() {
        func report(again bytes: [UInt8]) -> LintReport {
            lint { session in
                session.upload()
                session.beginWrite(0x8000, 8192)
                session.ask(Session.data(Self.first), Session.writtenWrong)
                session.ask(Session.data(bytes, flag: 1), Session.written)
            }
        }
        #expect(report(again: Self.first).brief.filter { $0.contains("error") } == [])
        // In two halves: the first of them goes over the frame before.
        #expect(report(again: Array(Self.first.prefix(512))).of("tail-becomes-resend") == [])
        #expect(report(again: Session.contents(1024, seed: 9)).levels(of: "tail-becomes-resend") == [.error])
    }

    @Test func theFirstFrameOfAllRepeatsNothing() {
        let report = lint { session in
            session.upload()
            session.beginWrite(0x8000, 300)
            session.ask(Session.data(Session.contents(300), flag: 1), Session.written)
        }
        #expect(report.levels(of: "tail-becomes-resend") == [.warning])
    }

    // MARK: damaged-frame-kept

    @Test func aDamagedFrameMustBeSentAgain() {
        func report(_ answer: [UInt8], _ next: [UInt8]) -> LintReport {
            lint { session in
                session.upload()
                session.beginWrite(0x8000, 4096)
                session.ask(Session.data(Self.first), answer)
                session.ask(next, Session.written)
            }
        }
        let new = Session.data(Session.contents(1024, seed: 1))
        #expect(report(Session.writtenWrong, new).levels(of: "damaged-frame-kept") == [.error])
        #expect(report(Session.written, new).of("damaged-frame-kept") == [])
        #expect(report(Session.writtenWrong, Session.data(Self.first, flag: 1)).of("damaged-frame-kept") == [])
    }

    // MARK: last-frame-again

    @Test func aLastFrameThatIsSentAgainIsAStart() {
        func report(answered: Bool, length: UInt32 = 1024) -> LintReport {
            lint { session in
                session.upload()
                session.beginWrite(0x8000, length)
                session.host(Session.data(Self.first))
                if answered { session.chip(Session.writtenWrong) }
                session.ask(Session.data(Self.first, flag: 1), Session.written)
            }
        }
        #expect(report(answered: true).levels(of: "last-frame-again") == [.error])
        // Nobody knows whether the frame before has come.
        #expect(report(answered: false).levels(of: "last-frame-again") == [.warning])
        #expect(report(answered: true, length: 2048).of("last-frame-again") == [], "it was not the last")
    }

    // MARK: download-left-open

    @Test func aCommandInADownload() {
        func report(_ length: UInt32) -> LintReport {
            lint { session in
                session.upload()
                session.beginWrite(0x8000, length)
                session.ask(Session.data(Self.first), Session.written)
                session.host(Session.range(0x09, 0x8000, 1024))
            }
        }
        #expect(report(4096).levels(of: "download-left-open") == [.warning])
        #expect(report(1024).of("download-left-open") == [])
    }

    // MARK: endless-download

    @Test func aDownloadThatNeverEnds() {
        func report(_ length: UInt32, _ count: Int, answer: [UInt8] = Session.written) -> [FindingLevel] {
            lint { session in
                session.upload()
                session.ask(Session.range(0x02, 0x8000, length), answer)
                if count > 0 { session.ask(Session.data(Session.contents(count)), Session.written) }
            }.levels(of: "endless-download")
        }
        #expect(report(0, 0) == [.error])
        #expect(report(0, 0, answer: Session.writeOutOfRange) == [])
        #expect(report(1000, 1024) == [.error])
        #expect(report(1024, 1024) == [])
        #expect(report(4096, 1024) == [])
    }

    @Test func aFrameThatIsSentAgainCountsOnce() {
        let report = lint { session in
            session.upload()
            session.beginWrite(0x8000, 2048)
            session.ask(Session.data(Self.first), Session.writtenWrong)
            session.ask(Session.data(Self.first, flag: 1), Session.written)
            session.ask(Session.data(Session.contents(1024, seed: 1)), Session.written)
        }
        #expect(report.of("endless-download") == [])
    }

    /// A flag of 1 with the first frame of a download repeats none of the download before (§4.3).
    @Test(arguments: [(UInt32(1024), 0), (1022, 1)])
    func aNewDownloadBeginsAnew(length: UInt32, findings: Int) {
        let report = lint { session in
            session.upload()
            session.beginWrite(0x8000, 4)
            session.ask(Session.data(Session.contents(4)), Session.written)
            session.beginWrite(0x9000, length)
            session.ask(Session.data(Session.contents(1020, seed: 1), flag: 1), Session.written)
            session.ask(Session.data(Session.contents(4, seed: 2)), Session.written)
        }
        #expect(report.levels(of: "endless-download") == .init(repeating: .error, count: findings))
    }

    /// What follows the end of a download goes nowhere that is known: it is last-frame-again's.
    @Test(arguments: [(UInt32(0x8000), 3), (0, 4096)])
    func aFrameAfterTheEndIsOfNoDownload(address: UInt32, count: Int) {
        let report = lint { session in
            session.upload(.community)
            session.beginWrite(address, UInt32(count))
            session.ask(Session.data(Session.contents(count)), Session.written)
            session.ask(Session.data(Session.contents(1024, seed: 1)), Session.written)
        }
        #expect(report.of("cut-at-page") == [] && report.of("table-overrun") == [])
        #expect(report.levels(of: "last-frame-again") == [.error])
    }

    // MARK: cut-at-page (pages of 256 bytes, parts in multiples of 4)

    @Test(arguments: [(UInt32(0x8000), 1024, 0), (0x8001, 300, 1), (0x8001, 255, 0), (0x8004, 1024, 0), (0x80FE, 4, 1)])
    func aFrameThatCrossesAPageFromAnOddAddress(address: UInt32, count: Int, findings: Int) {
        let report = lint { session in
            session.upload()
            session.beginWrite(address, UInt32(count))
            session.ask(Session.data(Session.contents(count)), Session.written)
        }
        #expect(report.levels(of: "cut-at-page") == .init(repeating: .error, count: findings))
    }

    @Test func aFrameAfterAnOddOne() {
        let report = lint { session in
            session.upload()
            session.beginWrite(0x8000, 1027)
            session.ask(Session.data(Session.contents(3)), Session.written)
            session.ask(Session.data(Session.contents(1024, seed: 1)), Session.written)
        }
        #expect(report.levels(of: "cut-at-page") == [.error])
    }

    // MARK: table-overrun (§10: 4096 in the community stub, 4100 in 1.4.0, none in the others)

    @Test(arguments: [
        (StubImage.Version.community, 4096, 0), (.community, 4100, 1), (.vendor140, 4100, 0), (.vendor140, 4104, 1),
        (.vendor134, 8192, 0), (.vendor1311, 4096, 0),
    ])
    func moreThanATableFromAddress0(version: StubImage.Version, count: Int, findings: Int) {
        func report(_ address: UInt32) -> LintReport {
            lint { session in
                session.upload(version)
                session.beginWrite(address, UInt32(count))
                session.ask(Session.data(Session.contents(count - 4)), Session.written)
                session.ask(Session.data(Session.contents(4, seed: 1)), Session.written)
            }
        }
        #expect(report(0).levels(of: "table-overrun") == .init(repeating: .error, count: findings))
        #expect(report(0).isJudged("table-overrun"))
        #expect(report(0x1000).of("table-overrun") == [])
    }

    @Test func ofAnUnknownStubNothingIsSaid() {
        let report = lint { session in
            session.upload()
            session.beginWrite(0, 8192)
            session.ask(Session.data(Session.contents(8192)), Session.written)
        }
        #expect(report.of("table-overrun") == [])
        for id in ["table-overrun", "request-over-limit", "unknown-command"] { #expect(!report.isJudged(id)) }
    }

    // MARK: request-over-limit (§4.3: 1.3.11 has 0x240A bytes for 03, 0x1408 for a frame; §4.1: 8 for a body)

    @Test(arguments: [
        (StubImage.Version.vendor1311, 0x2000, 0), (.vendor1311, 0x240A, 0), (.vendor1311, 0x240B, 1),
        (.vendor134, 0x240B, 0), (.community, 0x240B, 0),
    ])
    func aReadThatIsTooLong(version: StubImage.Version, count: Int, findings: Int) {
        let report = lint { session in
            session.upload(version)
            session.ask(Session.range(0x03, 0, UInt32(count)), Session.upload(Session.contents(count)))
        }
        #expect(report.levels(of: "request-over-limit") == .init(repeating: .error, count: findings))
    }

    /// A frame has 6 bytes besides its data; 0x1408 are 5,128.
    @Test(arguments: [
        (StubImage.Version.vendor1311, 5122, 0), (.vendor1311, 5123, 1), (.vendor134, 8192, 0),
    ])
    func aFrameThatIsTooLong(version: StubImage.Version, count: Int, findings: Int) {
        let report = lint { session in
            session.upload(version)
            session.beginWrite(0x8000, UInt32(count))
            session.ask(Session.data(Session.contents(count)), Session.written)
        }
        #expect(report.levels(of: "request-over-limit") == .init(repeating: .error, count: findings))
    }

    @Test(arguments: [(StubImage.Version.vendor134, 1), (.vendor1311, 0)])
    func aBodyThatIsTooLong(version: StubImage.Version, findings: Int) {
        let report = lint { session in
            session.upload(version)
            let body = Session.little(0x8000) + Session.little(4096) + [0]
            session.ask(Session.frame([0xA5, 0x04, 0x09, 0x00] + body), Session.erased)
        }
        #expect(report.levels(of: "request-over-limit") == .init(repeating: .error, count: findings))
    }

    // MARK: unknown-command (§4.1)

    @Test(arguments: [
        (StubImage.Version.vendor134, [UInt8](Session.flashID), [FindingLevel.info, .warning]),
        (.community, Session.flashID, []), (.vendor140, Session.range(0x09, 0, 4096), [.info, .warning]),
        (.vendor134, Session.range(0x09, 0, 4096), []),
        (.communityOfDecember2025, [0xA5, 0x99, 0, 0, 0x3E], [.info, .warning]),
    ])
    func aCommandThatTheStubHasNot(version: StubImage.Version, command: [UInt8], levels: [FindingLevel]) {
        let report = lint { session in
            session.upload(version)
            // An unknown type is answered with FF and status 03.
            session.ask(command, [0x5A, 0xFF, 0x00, 0x00, 0x03, 0x5C])
            session.ask(command, [0x5A, 0xFF, 0x00, 0x00, 0x03, 0x5C])
        }
        #expect(report.levels(of: "unknown-command") == levels)
    }

    /// A host without an answer does not know that the command was refused, and asks again.
    @Test(arguments: [(true, FindingLevel.warning), (false, .info)])
    func aCommandThatWasNotRefused(isRefused: Bool, level: FindingLevel) {
        let report = lint { session in
            session.upload(.vendor134)
            session.host(Session.flashID)
            if isRefused { session.chip([0x5A, 0xFF, 0x00, 0x00, 0x03, 0x5C]) }
            session.host(Session.flashID, after: 500)
        }
        #expect(report.levels(of: "unknown-command") == [.info, level])
    }
}
