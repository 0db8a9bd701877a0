import Emulator
import Line
import Scenarios
import Testing
import Words

@testable import Bench

/// The protocol of `docs/control.md` as values.
@Suite struct ControlProtocolTests {
    private func call(_ line: String) throws -> ControlCall { try ControlCall(line: Array(line.utf8)) }

    private func refusal(_ line: String) -> ControlRefusal? {
        do throws(ControlRefusal) {
            _ = try ControlCall(line: Array(line.utf8))
            return nil
        } catch {
            return error
        }
    }

    @Test func requestsAsTheyAreDocumented() throws {
        #expect(try call(#"{"verb":"status"}"#) == ControlCall(.status))
        #expect(try call(#"{"version":1,"id":"a","verb":"reset"}"#) == ControlCall(.reset, id: .string("a")))
        #expect(try call(#"{"verb":"power","to":"on","id":7}"#) == ControlCall(.power(on: true), id: .integer(7)))
        #expect(try call(#"{"verb":"power","to":"off"}"#).request == .power(on: false))
        #expect(try call(#"{"verb":"power","to":"cycle"}"#).request == .cyclePower(off: .seconds(1)))
        #expect(
            try call(#"{"verb":"power","to":"cycle","forNanoseconds":300000000}"#).request
                == .cyclePower(off: .milliseconds(300)))
        #expect(try call(#"{"verb":"events"}"#).request == .events([]))
        #expect(try call(#"{"verb":"events","also":["waves","story"]}"#).request == .events([.story, .waves]))
        #expect(
            try call(#"{"verb":"plug","wire":"adapter-gnd","to":"gnd"}"#).request == .plug(.adapterGround, .ground))
        #expect(try call(#"{"verb":"unplug","wire":"supply-3v3"}"#).request == .plug(.supplyPlus, nil))
        #expect(try call(#"{"verb":"adapter","millivolts":1800}"#).request == .adapter(1800))
        #expect(
            try call(#"{"verb":"fault","fault":"loose-wire","is":"on"}"#).request == .fault("loose-wire", isOn: true))
        #expect(try call(#"{"verb":"stop"}"#).request == .stop)
    }

    @Test(arguments: [
        ControlRequest.power(on: true), .power(on: false), .cyclePower(off: .zero), .cyclePower(off: .seconds(86_400)),
        .reset, .status, .events([]), .events(.all), .stop, .plug(.adapterTX, .otherRXD), .plug(.adapterRTS, nil),
        .adapter(5000), .fault("stuck-wire", isOn: false),
    ])
    func whatIsSentIsUnderstood(request: ControlRequest) throws {
        for id in [nil, JSONValue.integer(-1), .string("\"\n")] {
            let sent = ControlCall(request, id: id)
            #expect(try call(sent.json.description) == sent)
        }
    }

    @Test(arguments: [
        ("", ControlRefusal.Code.notJSON), ("power on", .notJSON), ("[]", .notJSON), ("\"status\"", .notJSON),
        (#"{"verb":"status""#, .notJSON), (#"{"verb":"status"} {}"#, .notJSON),
        (#"{"version":2,"verb":"status"}"#, .unsupportedVersion),
        (#"{"version":"1","verb":"status"}"#, .unsupportedVersion),
        (#"{}"#, .unknownVerb), (#"{"verb":1}"#, .unknownVerb), (#"{"verb":"fry"}"#, .unknownVerb),
        (#"{"verb":"Power","to":"on"}"#, .unknownVerb),
        (#"{"verb":"power"}"#, .badArgument), (#"{"verb":"power","to":"up"}"#, .badArgument),
        (#"{"verb":"power","to":"on","forNanoseconds":1}"#, .badArgument),
        (#"{"verb":"power","to":"cycle","forNanoseconds":-1}"#, .badArgument),
        (#"{"verb":"power","to":"cycle","forNanoseconds":86400000000001}"#, .badArgument),
        (#"{"verb":"power","to":"cycle","forNanoseconds":"1 s"}"#, .badArgument),
        (#"{"verb":"plug","wire":"adapter-gnd"}"#, .badArgument),
        (#"{"verb":"plug","wire":"x","to":"gnd"}"#, .badArgument),
        (#"{"verb":"unplug","wire":"adapter-gnd","to":"gnd"}"#, .badArgument),
        (#"{"verb":"adapter","millivolts":2500}"#, .badArgument),
        (#"{"verb":"adapter","millivolts":9223372036854775807}"#, .badArgument),
        (#"{"verb":"fault","fault":"unplugged","is":"on"}"#, .badArgument),
        (#"{"verb":"events","also":"story"}"#, .badArgument), (#"{"verb":"events","also":["x"]}"#, .badArgument),
        (#"{"verb":"status","to":"on"}"#, .badArgument), (#"{"verb":"status","id":{}}"#, .badArgument),
    ])
    func whatIsNoRequestIsRefused(line: String, code: ControlRefusal.Code) {
        #expect(refusal(line)?.code == code)
    }

    /// Another version's client learns what this one can do, and which of its requests it was.
    @Test func anUnknownVerbNamesThoseKnown() throws {
        let json = try #require(refusal(#"{"id":3,"verb":"fry"}"#)).json
        #expect(json["ok"] == .bool(false))
        #expect(json["id"] == .integer(3))
        let error = try #require(json["error"])
        #expect(error["code"] == .string("unknown-verb"))
        let known = ["adapter", "events", "fault", "plug", "power", "reset", "status", "stop", "unplug"]
        #expect(error["known"]?.array?.compactMap(\.string) == known)
        let message = try #require(error["message"]?.string)
        #expect(message.contains("fry") && known.allSatisfy(message.contains))
    }

    @Test func answersHaveVersionIdAndTime() {
        let answer = ControlAnswer(at: Instant(nanoseconds: 5), [.init("power", .string("on"))])
        #expect(
            answer.json(to: .integer(9)).description
                == #"{"version":1,"id":9,"ok":true,"atNanoseconds":5,"power":"on"}"#)
        #expect(answer.json(to: nil).description == #"{"version":1,"ok":true,"atNanoseconds":5,"power":"on"}"#)
    }

    @Test(arguments: [
        (ChipEvent.Kind.power(on: false), #""event":"power","atNanoseconds":7,"power":"off","text":"power off""#),
        (.reset(isHeld: true), #""event":"reset","atNanoseconds":7,"isHeld":true,"text":"RESET_B low""#),
        (.loader("mask ROM"), #""event":"program","atNanoseconds":7,"program":"mask ROM","text":"mask ROM runs""#),
        (.baud(921_600), #""event":"baud","atNanoseconds":7,"end":"chip","baud":921600,"text":"chip at 921600 baud""#),
        (
            .unpowered(4),
            #""event":"lost","atNanoseconds":7,"direction":"host-to-chip","characters":4,"why":"no-power","text":"4 characters lost, the chip has no power""#
        ),
        (.note("x"), #""event":"note","atNanoseconds":7,"text":"x""#),
    ])
    func eventsOfTheChip(kind: ChipEvent.Kind, json: String) {
        let event = ControlEvent(ChipEvent(time: Instant(nanoseconds: 7), kind: kind))
        #expect(event.json.description == #"{"version":1,"# + json + "}")
    }

    @Test func eventsOfTheLine() throws {
        let opened = try #require(ControlEvent(LineEvent(Instant(nanoseconds: 7), .portOpened)))
        #expect(
            opened.json.description
                == #"{"version":1,"event":"port","atNanoseconds":7,"isOpen":true,"text":"the host has opened the port"}"#
        )
        let difference = LineDifference(
            .hostToChip, hostOffset: 0, hostCount: 1, chipCharacters: [], cause: .level)
        #expect(ControlEvent(LineEvent(.zero, .difference(difference))) == nil, "there may be one for each character")
    }

    /// A turn has room for so many; that there were more is told behind them, and once.
    @Test func whatIsTooMuchIsCounted() throws {
        var log = LineEventLog()
        for moment in 0..<Int64(LineEventLog.capacity + 904) {
            log.append(LineEvent(Instant(nanoseconds: moment), .breakSent))
        }
        let (events, untold) = log.take()
        #expect(events.count == LineEventLog.capacity)
        let told = ControlEvent.inOrder([], events, untold)
        #expect(told.count == events.count + 1)
        let last = try #require(told.last)
        #expect(last.name == .untold && last.time == Instant(nanoseconds: Int64(LineEventLog.capacity + 903)))
        #expect(last.json["count"] == .integer(904))
        log.append(LineEvent(.zero, .breakSent))
        let next = log.take()
        #expect(ControlEvent.inOrder([], next.events, next.untold).map(\.name) == [.break])
    }

    @Test func aStatusComesBackWhole() throws {
        let status = ControlStatus(
            process: 1, programVersion: "2", port: "/dev/pts/3", link: nil, scenario: "late-power", board: nil,
            seed: .max, timeMode: "wire", flash: "f", trace: nil, moment: Instant(nanoseconds: 4),
            lead: .nanoseconds(5), isPowered: true, isHeldInReset: false, program: "mask ROM", chipBaud: 6,
            planned: ["power on after the start"], isPortOpen: true, hostBaud: 7, hookup: .loose,
            faults: [.init("drop", 8)])
        let text = status.json.description
        #expect(ControlStatus(try JSONReader.value(of: text)) == status)
        #expect(ControlStatus(try JSONReader.value(of: "{}")) == nil)
    }
}
