import Flasher
import Line

/// What is at the host's end of a bench that is rehearsed: no program, one that only listens, or our flasher.
struct LessonHost: Machine {
    /// Neither optional nor in an enumeration: it would be copied each time somebody asks it for its deadline.
    private var flasher: Flasher
    private var isFlashing = false
    /// When a program that only listens ends; nil for none.
    private(set) var listensUntil: Instant?

    private init(_ flasher: Flasher) { self.flasher = flasher }

    static var nobody: LessonHost { LessonHost(Flasher(job: .info, stub: [])) }

    static func flashing(_ flasher: Flasher) -> LessonHost {
        var host = LessonHost(flasher)
        host.isFlashing = true
        return host
    }

    static func listening(until end: Instant) -> LessonHost {
        var host = nobody
        host.listensUntil = end
        return host
    }

    /// Whether nobody has the port.
    var isNobody: Bool { !isFlashing && listensUntil == nil }

    mutating func nextReport() -> FlasherReport? { isFlashing ? flasher.nextReport() : nil }

    mutating func receive(_ characters: Span<UInt8>, timing: RunTiming) {
        if isFlashing { flasher.receive(characters, timing: timing) }
    }

    mutating func advance(to now: Instant) {
        if isFlashing { flasher.advance(to: now) }
    }

    mutating func transmit(into characters: inout [UInt8]) -> RunTiming? {
        isFlashing ? flasher.transmit(into: &characters) : nil
    }

    var deadline: Instant? { isFlashing ? flasher.deadline : listensUntil }

    /// As every host begins (ECR6600 facts §1.3).
    func receiverClock(at moment: Instant) -> ReceiverClock {
        isFlashing ? flasher.receiverClock(at: moment) : ReceiverClock(rate: BitRate(baud: 115_200))
    }
}
