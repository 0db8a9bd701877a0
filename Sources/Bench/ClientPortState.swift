import Line
import Ports

/// What a client's port has beside its data, and what is to be done to it in its place among the data.
struct ClientPortState {
    /// The lines that the port drives and asserts. The others are not wired, and an adapter's inputs that lead nowhere show
    /// released: an assumption of ours, as TTL adapters pull them up.
    var lines: ControlLines = []
    var serial = SerialSettings()
    /// The client has set a rate of 0.
    var isHungUp = false
    /// In the order of their times.
    private var changes: [Change] = []

    /// What a driver asserts when its port is opened, as Linux has it.
    static let opened: ControlLines = [.dataTerminalReady, .requestToSend]

    struct Change {
        var due: Instant
        var what: What
        /// Whether the client that asked for it has closed the port since.
        var isLeft = false

        enum What {
            /// A client has asked for it and waits. With `baud` its rate is that from then on, in bits per second.
            case request(PortRequest, asker: UInt64, baud: Int?)
            /// The last client has closed the port.
            case hangUp
            /// The client has written these at this rate.
            case data([UInt8], BitRate)
        }
    }

    /// When the next of them is due.
    var nextDue: Instant? { changes.first?.due }

    /// The next of them, if it is due by a moment.
    mutating func takeNext(by now: Instant) -> Change? {
        guard let due = nextDue, due <= now else { return nil }
        return changes.removeFirst()
    }

    /// What waits for the data waits for what was asked before it as well.
    /// - Parameter end: when what was written before it will have crossed the line.
    mutating func add(
        _ request: PortRequest, from asker: UInt64, baud: Int?, at now: Instant, behind end: Instant
    ) {
        let due = request.waitsForData ? place(at: now, behind: end) : now
        add(Change(due: due, what: .request(request, asker: asker, baud: baud)))
    }

    /// What was written behind a request that has not been carried out: where characters take their time that keeps them in
    /// their place, and this where they take none.
    mutating func add(_ characters: Span<UInt8>, _ rate: BitRate, at now: Instant) {
        let characters = characters.withUnsafeBufferPointer { Array($0) }
        add(Change(due: now, what: .data(characters, rate)))
    }

    /// The lines are released, if the client's settings say so, when what it wrote has crossed the line and what it asked for
    /// has been done: that may be to assert them.
    mutating func addHangUp(at now: Instant, behind end: Instant) {
        guard !lines.isEmpty || !changes.isEmpty else { return }
        let due = place(at: now, behind: end)
        for index in changes.indices { changes[index].isLeft = true }
        add(Change(due: due, what: .hangUp, isLeft: true))
    }

    /// The next client is there: what the one before has left for later is not done any more, and its lines are released now.
    /// - Returns: how many characters are not written.
    mutating func hasten(at now: Instant) -> Int {
        let late = changes.filter { $0.isLeft && $0.due > now }
        // The hang-up is the last of what a client has left: it is late if anything is.
        guard !late.isEmpty else { return 0 }
        changes.removeAll { $0.isLeft && $0.due > now }
        var count = 0
        for change in late {
            switch change.what {
            case .data(let characters, _): count += characters.count
            // Nothing but the answer: a thread may still wait for it.
            case .request(_, let asker, _): add(Change(due: now, what: .request(.state, asker: asker, baud: nil)))
            case .hangUp: break
            }
        }
        add(Change(due: now, what: .hangUp))
        return count
    }

    /// What was written has been taken back: nothing waits for it longer than until the line is idle.
    mutating func bringForward(to idle: Instant) {
        for index in changes.indices { changes[index].due = min(changes[index].due, idle) }
    }

    /// After the data and everything that has been asked for.
    private func place(at now: Instant, behind end: Instant) -> Instant {
        max(now, end, changes.last?.due ?? now)
    }

    private mutating func add(_ change: Change) {
        let place = changes.lastIndex { $0.due <= change.due }.map { $0 + 1 } ?? 0
        changes.insert(change, at: place)
    }
}
