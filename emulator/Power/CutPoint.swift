package import Line
package import Wire

/// Where a session can be cut, named by what has crossed the line or begun in the flash: the same in each run of a host,
/// whatever its timing.
package struct CutPoint: Hashable, Sendable {
    package enum Event: Hashable, Sendable {
        /// A step has crossed: whole, or so many bytes of it, a multiple of 1,024.
        case step(Step, byteCount: Int?)
        /// The flash is in the middle of an erase of a sector, or of a page.
        case flash(FlashOperation.Kind)
    }

    package var event: Event
    /// Which of its kind, from 1, since the line's beginning.
    package var count: Int

    package init(_ event: Event, count: Int) {
        self.event = event
        self.count = count
    }
}

// MARK: As the command line has it

extension CutPoint: CustomStringConvertible {
    /// `block-ack:3`, `data-frame:2+1024`, `erase:4`.
    package var description: String {
        switch event {
        case .step(let step, nil): "\(step.rawValue):\(count)"
        case .step(let step, let byteCount?): "\(step.rawValue):\(count)+\(byteCount)"
        case .flash(let kind): "\(kind.rawValue):\(count)"
        }
    }

    /// nil for what is none.
    package init?(_ text: some StringProtocol) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2 else { return nil }
        let numbers = parts[1].split(separator: "+", omittingEmptySubsequences: false).map { Int($0) ?? 0 }
        guard (1...2).contains(numbers.count), numbers.allSatisfy({ (1...1_000_000).contains($0) }),
            (numbers.dropFirst().first ?? 0) % CutWatch.piece == 0
        else { return nil }
        if let kind = FlashOperation.Kind(rawValue: String(parts[0])) {
            guard numbers.count == 1 else { return nil }
            self.init(.flash(kind), count: numbers[0])
        } else if let step = Step(rawValue: String(parts[0])) {
            self.init(.step(step.counted, byteCount: numbers.dropFirst().first), count: numbers[0])
        } else {
            return nil
        }
    }
}

/// A point that a session has come to.
package struct PassedPoint: Hashable, Sendable {
    package var point: CutPoint
    /// On the line's clock.
    package var moment: Instant
    /// Of a command: the type in its frame (ECR6600 facts §4.2).
    package var command: UInt8?
    /// Of an operation of the flash.
    package var address: Int?

    package init(_ point: CutPoint, at moment: Instant, command: UInt8? = nil, address: Int? = nil) {
        self.point = point
        self.moment = moment
        self.command = command
        self.address = address
    }
}
