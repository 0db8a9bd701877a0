import Line
import Ports
import TestForms
import Testing

/// What becomes of those who connect to a port, before it is a serial port.
@Suite struct TCPServiceTests {
    /// What happens next; two seconds at most.
    private func next(_ service: TCPService) throws -> TCPService.Event {
        let clock = MonotonicClock()
        let end = clock.now.advanced(by: .seconds(2))
        var buffer = [UInt8](repeating: 0, count: 16)
        while clock.now < end {
            let event = service.next(into: &buffer, most: buffer.count)
            if event != .nothing { return event }
            _ = try Readiness.wait(for: [service.pollDescriptor], until: end, clock: clock)
        }
        return .nothing
    }

    /// Who cannot be watched is no second client: it is told why it is let go.
    @Test func aClientForWhichTheSystemHasNoRoom() throws {
        let service = try TCPService(LoopbackAddress(port: 0))
        let client = try TCPClient("socket://\(service.address)")
        #expect(try next(service) == .opened)
        // One that is watched already cannot be added: the system refuses it as it does one too many.
        let watched = try #require(service.client)
        #expect(service.begin(watched) == .noRoom)
        let clock = MonotonicClock()
        let end = clock.now.advanced(by: .seconds(2))
        var words: [UInt8] = []
        var hasEnded = false
        while !hasEnded, clock.now < end {
            let (bytes, isLast) = client.receive()
            words += bytes
            hasEnded = isLast
        }
        #expect(String(decoding: words, as: UTF8.self) == "This machine has no room for another client.\r\n")
    }

    @Test func itIsToldOfOnceAndByItsOwnName() {
        var refusals = RefusalCount()
        var seen: [Seen] = []
        for _ in 0..<3 {
            refusals.tell { input in seen.append(input) }
            refusals.tellNoRoom { input in seen.append(input) }
        }
        let remarks = seen.compactMap { seen -> String? in if case .remark(let text) = seen { text } else { nil } }
        #expect(remarks.count == 2)
        #expect(remarks.first?.hasPrefix("a second client has connected") == true)
        #expect(remarks.last?.contains("no descriptor or no memory") == true)
    }

    /// What is not watched at the moment is there all the same.
    @Test func whatWasHeldBackIsTaken() throws {
        let service = try TCPService(LoopbackAddress(port: 0))
        let client = try TCPClient("socket://\(service.address)")
        #expect(try next(service) == .opened)
        client.send([1, 2, 3])
        #expect(try next(service) == .received(3))
        service.wait(forInput: false, forRoom: true)
        client.send([4, 5])
        #expect(try next(service) == .received(2))
        client.leave()
        #expect(try next(service) == .closed)
    }
}
