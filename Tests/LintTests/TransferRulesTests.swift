import Line
import Lint
import Testing
import Trace
import Wire

/// Rules about XMODEM (ECR6600 facts §10) and about what is done to the flash.
@Suite struct TransferRulesTests {
    // MARK: eot-not-repeated

    private func write(_ end: (inout Session) -> Void) -> [FindingLevel] {
        lint { session in
            session.upload()
            session.beginXMODEMWrite()
            session.ask(Session.block(1), Session.ack)
            session.host(Session.eot)
            end(&session)
        }.levels(of: "eot-not-repeated")
    }

    @Test func anEOTWithoutAnACKMustBeRepeated() {
        let next = Session.range(0x09, 0x8000, 1024)
        #expect(write { $0.host(next, after: 1000) } == [.error])
        #expect(write { $0.add(.portClosed, after: 1000) } == [.error])
        #expect(write { $0.add(.note("the end"), after: 1000) } == [.error])
        #expect(
            write { session in
                session.chip(Session.ack)
                session.host(next)
            } == [])
        #expect(
            write { session in
                session.host(Session.eot, after: 1000)
                session.host(next, after: 1000)
            } == [], "it was repeated")
        #expect(write { $0.add(.note("the end"), after: 100) } == [], "the recording ends while the host waits")
        #expect(
            write { session in
                session.add(.power(on: false))
                session.add(.note("the end"), after: 2000)
            } == [])
    }

    // MARK: eot-not-acknowledged

    /// A read by 92 up to the stub's first EOT.
    private func readToEOT(_ session: inout Session) {
        session.upload()
        session.ask(Session.range(0x92, 0, 1024), Session.frame([0x5A, 0x92, 0x00, 0x00, 0x00]))
        session.ask(Session.ready, Session.block(1))
        session.ask(Session.ack, Session.eot)
    }

    private static let hash = Session.range(0x09, 0, 1024)

    @Test func aCommandWhileTheStubsEOTHasNoACK() {
        func report(_ acks: Bool) -> [FindingLevel] {
            lint { session in
                readToEOT(&session)
                if acks { session.host(Session.ack) }
                session.host(Self.hash)
            }.levels(of: "eot-not-acknowledged")
        }
        #expect(report(false) == [.error])
        #expect(report(true) == [])
    }

    /// EOT goes out ten times, 300 ms apart; then the stub reads commands again (§10).
    @Test(arguments: [(250.0, 1), (2000.0, 0)])
    func aCommandAfterTheTenthEOT(pause: Double, findings: Int) {
        let report = lint { session in
            readToEOT(&session)
            for _ in 0..<9 { session.chip(Session.eot, after: 300) }
            session.host(Self.hash, after: pause)
        }
        #expect(report.levels(of: "eot-not-acknowledged") == .init(repeating: .error, count: findings))
        #expect(report.isJudged("eot-not-acknowledged"))
    }

    /// An EOT that was on its way when the ACK went out wants none of its own; one that comes 300 ms later does: the stub
    /// has not read the ACK.
    @Test(arguments: [(0.05, 0), (16.0, 0), (300.0, 1)])
    func anEOTThatCrossesTheACK(pause: Double, findings: Int) {
        let report = lint { session in
            readToEOT(&session)
            session.host(Session.ack, after: 299)
            session.chip(Session.eot, after: pause)
            session.host(Self.hash)
        }
        #expect(report.levels(of: "eot-not-acknowledged") == .init(repeating: .error, count: findings))
    }

    @Test func anEOTWithoutATimeIsNotJudged() {
        let report = lint { session in
            session.add(
                .session(
                    SessionDescription(
                        program: "a test", programVersion: "1", clock: .host, properties: [.madeUpTimes])))
            readToEOT(&session)
            session.host(Self.hash)
        }
        #expect(report.of("eot-not-acknowledged") == [] && !report.isJudged("eot-not-acknowledged"))
    }

    // MARK: short-block

    @Test func shortBlocksAreNotTaken() {
        func report(_ command: UInt8) -> [FindingLevel] {
            let data = Session.contents(128)
            let crc = CRC16.of(data.span)
            let block = [XMODEM.soh, 1, 0xFE] + data + [UInt8(crc >> 8), UInt8(crc & 255)]
            return lint { session in
                session.upload()
                session.ask(
                    Session.range(command, 0x8000, 1024), Session.frame([0x5A, command, 0x00, 0x00, 0x00]))
                session.chip(Session.ready, after: 150)
                session.host(block)
            }.levels(of: "short-block")
        }
        #expect(report(0x91) == [.error])
        #expect(report(0x97) == [])
    }

    // MARK: block-twice

    @Test func aBlockThatIsProgrammedTwice() {
        func report(_ answer: [UInt8]?) -> [FindingLevel] {
            lint { session in
                session.upload()
                session.beginXMODEMWrite(0x8000, 2048)
                session.host(Session.block(1))
                if let answer { session.chip(answer) }
                session.ask(Session.block(1), Session.ack)
            }.levels(of: "block-twice")
        }
        #expect(report(nil) == [.info])
        #expect(report(Session.nak) == [])
    }

    // MARK: misaligned-erase (§4.4)

    @Test func anEraseBetweenTwoSectorsErasesNothing() {
        func report(_ address: UInt32, _ answer: [UInt8] = Session.erased) -> [FindingLevel] {
            lint { session in
                session.upload()
                session.ask(Session.range(0x04, address, 4096), answer)
            }.levels(of: "misaligned-erase")
        }
        #expect(report(0x8100) == [.error])
        #expect(report(0x8000) == [])
        #expect(report(0x8100, [0x5A, 0x04, 0x00, 0x00, 0x02, 0x60]) == [], "refused, and said so")
        let write = lint { session in
            session.upload()
            session.beginWrite(0x8100, 256)
        }
        #expect(write.levels(of: "misaligned-erase") == [.warning])
    }

    // MARK: nv-without-backup (§6: 0x1F7000…0x1FFFFF in 2 MB)

    private func erase(
        _ address: UInt32, _ length: UInt32, reading: [(UInt32, UInt32)] = [], identified: Bool = true
    ) -> LintReport {
        lint { session in
            session.upload()
            if identified { session.ask(Session.flashID, Session.flashIDAnswer) }
            for (start, count) in reading {
                session.ask(
                    Session.range(0x03, start, count), Session.upload(Session.contents(Int(count), seed: Int(start))))
            }
            session.ask(Session.range(0x04, address, length), Session.erased)
        }
    }

    @Test func nvErasedWithoutABackup() {
        let id = "nv-without-backup"
        #expect(erase(0x1F_0000, 0x10000).levels(of: id) == [.warning])
        #expect(erase(0x8000, 0x6000).of(id) == [])
        let sectors = (0x1F7...0x1FF).map { (UInt32($0) << 12, UInt32(4096)) }
        #expect(erase(0x1F_0000, 0x10000, reading: sectors).of(id) == [])
        #expect(erase(0x1F_0000, 0x10000, reading: Array(sectors.dropLast())).levels(of: id) == [.warning])
        #expect(erase(0x1F_8000, 0x1000, reading: [sectors[1]]).of(id) == [])
        let unknown = erase(0x1F_0000, 0x10000, identified: false)
        #expect(unknown.of(id) == [] && !unknown.isJudged(id))
    }

    @Test func theWholeChipErasedWithoutABackup() {
        func report(read: UInt32) -> [FindingLevel] {
            lint { session in
                session.upload()
                session.ask(Session.flashID, Session.flashIDAnswer)
                if read > 0 {
                    session.ask(Session.range(0x92, 0, read), Session.frame([0x5A, 0x92, 0x00, 0x00, 0x00]))
                    session.ask(Session.ready, Session.block(1))
                    session.ask(Session.ack, Session.eot)
                    session.host(Session.ack)
                }
                session.ask(Session.chipErase, Session.chipErased)
            }.levels(of: "nv-without-backup")
        }
        #expect(report(read: 0) == [.warning])
        #expect(report(read: 0x10_0000) == [.warning])
        #expect(report(read: 0x20_0000) == [])
    }

    // MARK: not-verified

    @Test func whatIsWrittenMustBeLookedAt() {
        func report(_ look: (inout Session) -> Void) -> [FindingLevel] {
            lint { session in
                session.upload()
                session.beginWrite(0x8000, 1024)
                session.ask(Session.data(Session.contents(1024)), Session.written)
                look(&session)
            }.levels(of: "not-verified")
        }
        #expect(report { _ in } == [.info])
        #expect(report { $0.ask(Session.range(0x09, 0x8000, 1024), Session.hash) } == [])
        #expect(report { $0.ask(Session.range(0x09, 0x8000, 512), Session.hash) } == [.info])
        #expect(report { $0.ask(Session.range(0x03, 0x8000, 1024), Session.upload(Session.contents(1024))) } == [])
        // 96 reads as 92 does; its body has a level after the range (§10).
        func readCompressed(_ length: UInt32) -> [FindingLevel] {
            report { session in
                let body = Session.little(0x8000) + Session.little(length) + [2]
                session.ask(
                    Session.frame([0xA5, 0x96, 0x09, 0x00] + body), Session.frame([0x5A, 0x96, 0x00, 0x00, 0x00]))
                session.ask(Session.ready, Session.block(1))
                session.ask(Session.ack, Session.eot)
                session.host(Session.ack)
            }
        }
        #expect(readCompressed(1024) == [])
        #expect(readCompressed(512) == [.info])
    }

    @Test func theSameByXMODEM() {
        func report(verified: Bool) -> [FindingLevel] {
            lint { session in
                session.upload()
                session.beginXMODEMWrite()
                session.ask(Session.block(1), Session.ack)
                session.ask(Session.eot, Session.ack)
                if verified { session.ask(Session.range(0x09, 0x8000, 1024), Session.hash) }
            }.levels(of: "not-verified")
        }
        #expect(report(verified: false) == [.info])
        #expect(report(verified: true) == [])
    }
}
