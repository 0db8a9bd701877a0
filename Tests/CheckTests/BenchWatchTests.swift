import Check
import Emulator
import Faults
import Line
import Scenarios
import Testing
import Wire

/// What holds of a bench at which somebody works: each condition, where it holds and where it does not.
@Suite struct BenchWatchTests {
    // ECR6600 facts §1.4.
    private static let sync = Array("cnys".utf8)

    @Test func whatIsPluggedAndSwitched() {
        var desk = WatchedDesk()
        #expect(
            desk.holds(
                .wire(.adapterTX, .rxd), .wire(.adapterRTS, nil), .adapter(3300), .supply(isOn: false), .faults([])))
        #expect(
            !desk.holds(.wire(.adapterTX, nil)) && !desk.holds(.adapter(1800)) && !desk.holds(.faults(["loose-wire"])))
        desk.change { hookup in
            hookup[.adapterTX] = nil
            (hookup.adapterLevel, hookup.isSupplyOn, hookup.switchedOn) = (1800, true, [FaultChoice("loose-wire")])
        }
        #expect(desk.holds(.wire(.adapterTX, nil), .adapter(1800), .supply(isOn: true), .faults(["loose-wire"])))
        #expect(!desk.holds(.faults([])) && !desk.holds(.supply(isOn: false)))
    }

    @Test func wiresThatAreMovedWithTheSupplyOn() {
        var desk = WatchedDesk()
        #expect(desk.holds(.movedLive(false)) && !desk.holds(.movedLive(true)))
        desk.change { $0.isSupplyOn = true }
        desk.change { $0.adapterLevel = 1800 }
        #expect(desk.holds(.movedLive(false)), "no wire was moved")
        desk.change { $0[.adapterTX] = .txd }
        #expect(desk.holds(.movedLive(true), .movedUnderPower(true)))
        desk.change { $0.isSupplyOn = false }
        #expect(desk.holds(.movedLive(true)), "to switch off afterwards does not undo it")
        #expect(desk.holds(.movedUnderPower(false)))
        desk.change { $0.isSupplyOn = true }
        desk.change { $0.adapterLevel = 3300 }
        #expect(desk.holds(.movedLive(true), .movedUnderPower(false)), "it was moved before")
        desk.change { $0.isSupplyOn = false }
        desk.change { $0[.adapterRX] = nil }
        #expect(desk.holds(.movedLive(true)) && desk.watch.wiresMovedLive == [.adapterTX], "that is another wire")
        desk.change { $0[.adapterTX] = .rxd }
        #expect(desk.holds(.movedLive(false)))
        // What was pulled under power hangs loose: there is nothing to do again.
        desk.change { $0.isSupplyOn = true }
        desk.change { $0[.adapterTX] = nil }
        #expect(desk.holds(.movedLive(true), .movedUnderPower(true)))
        desk.change { $0.isSupplyOn = false }
        #expect(desk.holds(.movedLive(false)) && desk.watch.wiresMovedLive.isEmpty)
        desk.change { $0[.adapterTX] = .rxd }
        #expect(desk.holds(.movedLive(false)))
        desk.change { $0.isSupplyOn = true }
        desk.change { $0[.adapterTX] = nil }
        desk.watch.beginStep()
        #expect(desk.holds(.movedLive(false)), "that was in the step before")
    }

    @Test func whatRunsOnTheChip() {
        var desk = WatchedDesk()
        #expect(desk.holds(.power(isOn: false)) && !desk.holds(.runs("mask ROM")))
        desk.event(.power(on: true))
        desk.event(.loader("mask ROM"))
        #expect(desk.holds(.power(isOn: true), .runs("mask ROM")) && !desk.holds(.runs("stub")))
        desk.event(.loader("stub community"))
        #expect(desk.holds(.runs("stub")))
        desk.event(.power(on: false))
        #expect(desk.holds(.power(isOn: false)) && !desk.holds(.runs("stub")))
    }

    /// The first time is no cycle; what lay before the step is not counted.
    @Test func cyclesAndResets() {
        var desk = WatchedDesk()
        desk.event(.power(on: true))
        #expect(!desk.holds(.powerCycles(1)))
        desk.event(.power(on: false))
        desk.watch.beginStep()
        #expect(!desk.holds(.powerCycles(1)))
        desk.event(.power(on: true))
        #expect(desk.holds(.powerCycles(1)) && !desk.holds(.powerCycles(2)) && !desk.holds(.resets(1)))
        desk.event(.reset(isHeld: true))
        desk.event(.reset(isHeld: false))
        #expect(desk.holds(.resets(1)) && !desk.holds(.resets(2)))
        desk.watch.beginStep()
        #expect(!desk.holds(.powerCycles(1)) && !desk.holds(.resets(1)))
    }

    @Test func stepsOfTheProtocol() {
        var desk = WatchedDesk()
        desk.host(Self.sync)
        #expect(
            desk.holds(.hostSends(.sync, count: 1), .step(.sync, count: 1)) && !desk.holds(.step(.syncAnswer, count: 1))
        )
        desk.chip([0x01])
        #expect(desk.holds(.step(.syncAnswer, count: 1)) && !desk.holds(.step(.syncAnswer, count: 2)))
        #expect(!desk.holds(.hostSends(.syncAnswer, count: 1)))
        desk.watch.beginStep()
        #expect(!desk.holds(.step(.syncAnswer, count: 1)))
        // §4.2: the frame that changes the rate is a command, and its answer an answer.
        desk.ask(StubRequest(.flashID), answer: StubAnswer(.flashID, data: [0xC8, 0x40, 0x15]))
        desk.ask(StubRequest(.baud, body: [0x00, 0x10, 0x0E, 0x00]))
        #expect(desk.holds(.step(.command, count: 2), .step(.answer, count: 2), .step(.baudAnswer, count: 1)))
        #expect(!desk.holds(.step(.answer, count: 3)))
    }

    /// §4.1: FF in the place of the command.
    @Test func aStubThatDoesNotKnowTheCommandHasNotAnswered() {
        var desk = WatchedDesk()
        desk.event(.power(on: true))
        desk.event(.loader("stub 1.3.4"))
        ask(&desk, for: .seconds(4))
        desk.ask(StubRequest(.flashID), answer: StubAnswer(.unknown, status: .type))
        #expect(!desk.holds(.step(.answer, count: 1)) && desk.holds(.silence(.seconds(3))))
        desk.ask(StubRequest(.flashID), answer: StubAnswer(.flashID, data: [0xC8, 0x40, 0x15]))
        #expect(desk.holds(.step(.answer, count: 1)) && !desk.holds(.silence(.seconds(3))))
    }

    /// What happens in the chip is told when the turn is over: the word that the chip will answer may be on its way already.
    @Test func powerThatIsToldInTheMidstOfAWord() {
        for isOff in [false, true] {
            var desk = WatchedDesk()
            desk.host(Array("cn".utf8))
            desk.watch.note(ChipEvent(time: .zero, kind: .power(on: !isOff)))
            desk.host(Array("ys".utf8))
            desk.chip([0x01])
            #expect(desk.holds(.step(.syncAnswer, count: 1)) == !isOff, "a word that ends without power is none")
        }
    }

    // MARK: Quiet

    @Test func quiet() {
        var desk = WatchedDesk()
        #expect(desk.holds(.quiet(.seconds(1))), "nothing has ever crossed")
        #expect(desk.watch.deadline(for: [BenchExpectation([.quiet(.seconds(1))])]) == nil)
        desk.host(Self.sync)
        let end = desk.now
        let wanted = BenchExpectation([.any([BenchExpectation([.quiet(.seconds(1))])]), .quiet(.milliseconds(200))])
        #expect(!desk.holds(.quiet(.milliseconds(200))))
        #expect(desk.watch.deadline(for: [wanted]) == end.advanced(by: .seconds(1)))
        desk.watch.advance(to: end.advanced(by: .milliseconds(999)))
        #expect(desk.holds(.quiet(.milliseconds(200))) && !desk.watch.holds(wanted))
        desk.watch.advance(to: end.advanced(by: .seconds(1)))
        #expect(desk.watch.holds(wanted) && desk.watch.deadline(for: [wanted]) == nil)
        let later = BenchExpectation([.quiet(.seconds(5))])
        #expect(desk.watch.deadline(for: [wanted, later]) == end.advanced(by: .seconds(5)), "the next that is to come")
        desk.now = end.advanced(by: .seconds(2))
        desk.chip([0x01])
        desk.watch.advance(to: desk.now)
        #expect(!desk.holds(.quiet(.milliseconds(200))), "the chip's bytes cross the line as well")
        #expect(desk.watch.deadline(for: [BenchExpectation([.power(isOn: true)])]) == nil)
    }

    /// An answer that the line has made up or changed is none.
    @Test func whatIsDamagedDoesNotCount() {
        var desk = WatchedDesk()
        desk.host(Self.sync)
        #expect(!desk.holds(.hostReceivesNoise))
        desk.chip([0x55], damagedTo: [0x01])
        #expect(!desk.holds(.step(.syncAnswer, count: 1)) && desk.holds(.hostReceivesNoise))
        desk.host(Self.sync)
        desk.chip([0x01])
        #expect(desk.holds(.step(.syncAnswer, count: 1)))
        desk.watch.beginStep()
        #expect(!desk.holds(.hostReceivesNoise))
    }

    /// What is lost is no noise.
    @Test func aLossIsNoNoise() {
        var desk = WatchedDesk()
        desk.chip([0x01, 0x02], damagedTo: [])
        #expect(!desk.holds(.hostReceivesNoise))
    }

    // MARK: Asking in vain

    private func ask(_ desk: inout WatchedDesk, for time: Duration) {
        let end = desk.now.advanced(by: time)
        while desk.now < end {
            desk.host(Self.sync)
            desk.now = desk.now.advanced(by: .milliseconds(50))
        }
    }

    @Test func silence() {
        var desk = WatchedDesk()
        ask(&desk, for: .seconds(4))
        #expect(!desk.holds(.silence(.seconds(1))), "a chip without power owes no answer")
        desk.event(.power(on: true))
        desk.event(.loader("application"))
        ask(&desk, for: .seconds(2))
        desk.chip(Array("[boot] application starts\r\n".utf8))
        ask(&desk, for: .seconds(2))
        #expect(
            desk.holds(.silence(.seconds(3))) && !desk.holds(.silence(.seconds(5))),
            "what an application prints is no answer")
        desk.chip([0x01])
        #expect(!desk.holds(.silence(.milliseconds(100))))
        ask(&desk, for: .seconds(2))
        desk.now = desk.now.advanced(by: .seconds(60))
        desk.host(Self.sync)
        #expect(!desk.holds(.silence(.seconds(3))), "nobody asked in that minute")
        desk.watch.beginStep()
        #expect(!desk.holds(.silence(.milliseconds(100))))
    }

    /// Off and on again for a moment is no answer.
    @Test func silenceGoesOnThroughACycle() {
        var desk = WatchedDesk()
        desk.event(.power(on: true))
        ask(&desk, for: .seconds(2))
        desk.event(.power(on: false))
        ask(&desk, for: .seconds(1))
        desk.event(.power(on: true))
        ask(&desk, for: .seconds(2))
        #expect(desk.holds(.silence(.milliseconds(3500))) && !desk.holds(.silence(.milliseconds(4500))))
    }

    @Test func whetherAHostAskedWhenThePowerCame() {
        var desk = WatchedDesk()
        desk.event(.power(on: true))
        ask(&desk, for: .seconds(2))
        #expect(desk.holds(.askedAtPower(false)) && !desk.holds(.askedAtPower(true)), "it asked afterwards")
        desk.event(.power(on: false))
        desk.change { $0.isSupplyOn.toggle() }
        ask(&desk, for: .seconds(1))
        desk.chip([0x01])
        desk.event(.power(on: true))
        #expect(desk.holds(.askedAtPower(true)), "whatever came in answer, and whatever was switched meanwhile")
        desk.event(.power(on: false))
        #expect(desk.holds(.askedAtPower(true)), "it is the last time that counts")
        desk.now = desk.now.advanced(by: .seconds(6))
        desk.event(.power(on: true))
        #expect(desk.holds(.askedAtPower(false)), "it had stopped")
    }

    @Test func aStubThatIsLostUnderAHostsHands() {
        var desk = WatchedDesk()
        desk.happened(.portOpened)
        desk.event(.power(on: true))
        desk.event(.loader("uboot 1.4.0"))
        ask(&desk, for: .seconds(1))
        desk.event(.power(on: false))
        #expect(desk.holds(.lostStub(false)), "there was none to lose")
        desk.event(.power(on: true))
        desk.event(.loader("stub community"))
        ask(&desk, for: .seconds(1))
        desk.event(.power(on: false))
        #expect(desk.holds(.lostStub(true)) && !desk.holds(.lostStub(false)))
        desk.event(.power(on: true))
        desk.event(.loader("application"))
        ask(&desk, for: .seconds(10))
        #expect(desk.holds(.lostStub(true)), "it asks in vain")
        desk.event(.loader("stub community"))
        #expect(desk.holds(.lostStub(false)), "it has got in again")
        desk.now = desk.now.advanced(by: .seconds(2))
        desk.event(.power(on: false))
        #expect(desk.holds(.lostStub(false)), "it had done nothing for two seconds")
    }

    /// Who has closed the port, or opens it, has not lost anything.
    @Test(arguments: [LineEvent.Kind.portClosed, .portOpened])
    func aHostThatEndsHasLostNoStub(event: LineEvent.Kind) {
        var desk = WatchedDesk()
        desk.event(.power(on: true))
        desk.event(.loader("stub community"))
        ask(&desk, for: .seconds(1))
        desk.event(.power(on: false))
        #expect(desk.holds(.lostStub(true)))
        desk.happened(event)
        #expect(desk.holds(.lostStub(false)))
    }

    /// What happens in the chip is told after the bytes of the same turn.
    @Test func askingIsLookedAtAsOfThePower() {
        var desk = WatchedDesk()
        desk.now = desk.now.advanced(by: .seconds(1))
        let power = desk.now
        ask(&desk, for: .seconds(1))
        desk.watch.note(ChipEvent(time: power, kind: .power(on: true)))
        #expect(desk.holds(.askedAtPower(true)))
        desk.watch.note(ChipEvent(time: power.advanced(by: .seconds(-1)), kind: .power(on: true)))
        #expect(desk.holds(.askedAtPower(false)))
    }

    /// Who has the port when the power comes is another than who asked.
    @Test(arguments: [LineEvent.Kind.portClosed, .portOpened])
    func whoAskedBeforeThePortWasOpenedIsGone(event: LineEvent.Kind) {
        var desk = WatchedDesk()
        ask(&desk, for: .seconds(2))
        desk.happened(event)
        desk.event(.power(on: true))
        #expect(desk.holds(.askedAtPower(false)))
    }

    @Test func whoClosesThePortInVainGivesUp() {
        var desk = WatchedDesk()
        desk.happened(.portOpened)
        ask(&desk, for: .milliseconds(500))
        desk.happened(.portClosed)
        #expect(
            desk.holds(.opens(1), .givesUp(false)) && !desk.holds(.givesUp(true)), "who only looks does not give up")
        desk.happened(.portOpened)
        ask(&desk, for: .seconds(2))
        desk.chip([0x01])
        desk.happened(.portClosed)
        #expect(!desk.holds(.givesUp(true)), "it was answered")
        desk.happened(.portOpened)
        ask(&desk, for: .seconds(2))
        desk.happened(.portClosed)
        #expect(desk.holds(.givesUp(true), .opens(3)) && !desk.holds(.opens(4)))
        desk.watch.beginStep()
        #expect(!desk.holds(.givesUp(true)) && !desk.holds(.opens(1)))
    }

    /// A host that gets in anew has not gone on with what ran.
    @Test func opensCountFromTheLastPower() {
        var desk = WatchedDesk()
        desk.event(.power(on: true))
        desk.happened(.portOpened)
        #expect(desk.holds(.opens(1)))
        desk.event(.power(on: false))
        desk.event(.power(on: true))
        #expect(!desk.holds(.opens(1)))
        desk.happened(.portClosed)
        desk.happened(.portOpened)
        #expect(desk.holds(.opens(1)) && !desk.holds(.opens(2)))
    }

    // MARK: The application's text

    @Test func whatTheApplicationSays() {
        var desk = WatchedDesk()
        desk.chip(Array("OpenBeken".utf8))
        #expect(!desk.holds(.says("OpenBeken")), "it is not the application that prints it")
        desk.event(.power(on: true))
        desk.event(.loader("application"))
        desk.chip(Array("OpenOpenBek".utf8))
        desk.host(Self.sync)
        #expect(!desk.holds(.says("OpenBeken")))
        desk.chip(Array("en".utf8))
        #expect(desk.holds(.says("OpenBeken")) && !desk.holds(.says("Tuya")))
        desk.watch.beginStep()
        #expect(!desk.holds(.says("OpenBeken")), "it was said before this step")
        desk.chip(Array("OpenBeken".utf8))
        #expect(desk.holds(.says("OpenBeken")))
    }

    @Test func aTextIsNotPutTogetherOfTwoStarts() {
        var desk = WatchedDesk()
        desk.event(.loader("application"))
        desk.chip(Array("Open".utf8))
        desk.event(.loader("application"))
        desk.chip(Array("Beken".utf8))
        #expect(!desk.holds(.says("OpenBeken")))
    }

    // MARK: Put together

    @Test func oneOfThemAndNot() {
        let desk = WatchedDesk()
        let (yes, no) = (BenchExpectation([.adapter(3300)]), BenchExpectation([.adapter(1800)]))
        #expect(desk.holds(.any([no, yes])) && !desk.holds(.any([no])) && !desk.holds(.any([])))
        #expect(desk.holds(.not(no)) && !desk.holds(.not(yes)))
        #expect(!desk.holds(.adapter(3300), .adapter(1800)), "all must hold")
        #expect(
            BenchExpectation([.says("a"), .any([BenchExpectation([.not(BenchExpectation([.says("b")]))])])]).texts == [
                "a", "b",
            ])
    }
}
