import Line

/// How one kind of serial adapter says on USB what its host does, and what the line does at its end.
protocol AdapterModel: Sendable {
    /// As messages call it: "a CH340".
    var name: String { get }
    var device: DeviceDescription { get }
    /// What its driver asks when it takes the device, before anybody opens the port.
    var startUp: [ControlRequest] { get }

    /// The port is opened, or closed. nil where that has no request.
    mutating func open() -> [ControlRequest]?
    mutating func close() -> [ControlRequest]?
    /// The host sets a rate, in bits per second.
    mutating func set(baud: UInt32) -> Expression
    mutating func set(_ format: FrameFormat) -> Expression
    /// The host asserts these of DTR and RTS. - Parameter changed: of which it says so.
    mutating func set(_ lines: ControlLines, changed: ControlLines) -> Expression
    mutating func sendBreak() -> Expression
    mutating func flush(_ queues: Queues) -> Expression
    /// The line's CTS, DSR, DCD and RI are now so.
    mutating func sense(_ lines: ControlLines) -> Expression
    /// The adapter's receiver says that something is wrong.
    mutating func sense(_ error: ReceiveError, count: Int) -> Expression
    /// What one read carries at most of a run that has been received.
    var mostInRead: Int { get }
    /// The bytes of a read that carries this.
    mutating func read(_ run: Span<UInt8>) -> [UInt8]
    /// What a read carries when nothing has come for so long; nil where it waits on.
    var idle: (nanoseconds: Int64, read: [UInt8])? { get }
    /// What has been said and is still to be put into a transfer; at the end it is left out.
    var unsaid: Shortfall? { get }
}

/// What becomes of an event on USB.
struct Expression: Equatable {
    var transfers: [Transfer] = []
    /// What of it USB does not carry.
    var shortfall: Shortfall?

    enum Transfer: Equatable {
        case control(ControlRequest)
        /// A read completes with these bytes.
        case read([UInt8])
        /// The interrupt endpoint's transfer completes with these bytes.
        case notification([UInt8])
    }

    static func requests(_ requests: ControlRequest...) -> Expression {
        Expression(transfers: requests.map(Transfer.control))
    }

    /// Nothing, and that it was nothing.
    static func nothing(_ shortfall: Shortfall) -> Expression { Expression(shortfall: shortfall) }
}

/// What an adapter cannot say.
struct Shortfall: Hashable, Sendable {
    /// In words, with its reason.
    var text: String
    var count = 1
}

/// What most adapters have in common.
extension AdapterModel {
    var startUp: [ControlRequest] { [] }
    var mostInRead: Int { device.readByteCount }
    var idle: (nanoseconds: Int64, read: [UInt8])? { nil }
    var unsaid: Shortfall? { nil }

    mutating func open() -> [ControlRequest]? { nil }
    mutating func close() -> [ControlRequest]? { nil }

    mutating func read(_ run: Span<UInt8>) -> [UInt8] { run.withUnsafeBufferPointer { Array($0) } }

    mutating func flush(_ queues: Queues) -> Expression {
        .nothing(Shortfall(text: "flushes: \(name) has no request for them"))
    }

    mutating func sense(_ error: ReceiveError, count: Int) -> Expression {
        .nothing(Shortfall(text: "\(error.name)s: \(name) does not report them", count: count))
    }

    /// A rate that differs from what was asked for, in words; nil where it does not.
    func made(_ rate: Int64, for baud: UInt32) -> Shortfall? {
        rate == Int64(baud) ? nil : Shortfall(text: "rate \(baud): \(name) makes \(rate) of it")
    }

    func cannotMake(_ baud: UInt32, _ range: String) -> Expression {
        .nothing(Shortfall(text: "rate \(baud): \(name) makes \(range)"))
    }

    func cannotFrame(_ format: FrameFormat) -> Expression {
        .nothing(Shortfall(text: "frame format \(format): \(name) has none such"))
    }
}

/// So many of one error are said one by one: a wrong rate makes millions.
let mostErrorsAtOnce = 64

extension FrameFormat.Parity {
    /// N, O, E, M, S from 0 on, as CP210x, FTDI, PL2303 and CDC-ACM number them (trace formats §B.6).
    var number: UInt8 {
        switch self {
        case .none: 0
        case .odd: 1
        case .even: 2
        case .mark: 3
        case .space: 4
        }
    }
}

extension FrameFormat.StopBits {
    /// 1, 1.5, 2 from 0 on, as the same number them.
    var number: UInt8 {
        switch self {
        case .one: 0
        case .oneAndAHalf: 1
        case .two: 2
        }
    }
}
