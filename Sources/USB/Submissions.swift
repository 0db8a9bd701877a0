/// Puts control transfers together from their submissions and completions, and remembers what bulk writes had to carry.
/// Memory is bounded: what nobody completes is forgotten.
package struct Submissions: Sendable {
    /// What was submitted and has not come back.
    package struct Pending: Sendable {
        package var setup: USBSetup?
        package var data: [UInt8] = []
        /// Bytes that a bulk write had.
        package var byteCount = 0

        package init(setup: USBSetup? = nil, data: [UInt8] = [], byteCount: Int = 0) {
            self.setup = setup
            self.data = data
            self.byteCount = byteCount
        }
    }

    /// Two generations of so many are kept.
    package static let generationLimit = 2048
    /// Requests of serial adapters and descriptors are shorter.
    package static let dataLimit = 4096

    private var young: [UInt64: Pending] = [:]
    private var old: [UInt64: Pending] = [:]

    package init() {}

    /// Transfers that are kept now.
    package var count: Int { young.count + old.count }

    package mutating func submit(_ id: UInt64, _ pending: Pending) {
        if young.count >= Self.generationLimit, young[id] == nil {
            old = young
            young = [:]
        }
        if !old.isEmpty { old[id] = nil }
        young[id] = pending
    }

    package mutating func complete(_ id: UInt64) -> Pending? {
        young.removeValue(forKey: id) ?? old.removeValue(forKey: id)
    }

    /// Takes a control packet. - Returns: the whole request at its completion.
    package mutating func control(_ packet: USBPacket, in record: Span<UInt8>) -> ControlRequest? {
        let data = packet.data.prefix(Self.dataLimit)
        switch packet.stage {
        case .submission:
            guard let setup = packet.setup else { return nil }
            submit(packet.id, Pending(setup: setup, data: record.bytes(in: data)))
            return nil
        case .controlData:
            guard var pending = complete(packet.id) else { return nil }
            if pending.data.count < Self.dataLimit { pending.data += record.bytes(in: data) }
            submit(packet.id, pending)
            return nil
        case .completion, .error:
            guard var pending = complete(packet.id), let setup = pending.setup else { return nil }
            if setup.isIn, !data.isEmpty { pending.data = record.bytes(in: data) }
            return ControlRequest(setup, pending.data, isGood: packet.status == 0 && packet.stage == .completion)
        }
    }
}

/// A control transfer that has taken place.
package struct ControlRequest: Hashable, Sendable {
    package var setup: USBSetup
    /// Sent or received.
    package var data: [UInt8]
    /// Whether the device accepted it.
    package var isGood: Bool

    package init(_ setup: USBSetup, _ data: [UInt8] = [], isGood: Bool = true) {
        self.setup = setup
        self.data = data
        self.isGood = isGood
    }
}

extension Span<UInt8> {
    /// A copy of some of the bytes.
    func bytes(in range: Range<Int>) -> [UInt8] {
        extracting(range).withUnsafeBufferPointer { Array($0) }
    }
}
