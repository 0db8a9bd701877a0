/// Which way bytes cross the line.
@frozen public enum Direction: UInt8, Hashable, Sendable, CaseIterable {
    case hostToChip
    case chipToHost

    /// The direction that files name so; nil for any other word.
    package init?(name: String) {
        guard let direction = Self.allCases.first(where: { $0.name == name }) else { return nil }
        self = direction
    }

    /// The other way.
    package var opposite: Direction { self == .hostToChip ? .chipToHost : .hostToChip }

    /// As files spell it.
    package var name: String { self == .hostToChip ? "host-to-chip" : "chip-to-host" }
}

/// Two of a kind, one for each direction.
///
/// It is public as `Queue` is, and for the same reason.
@frozen public struct Pair<Value> {
    public var hostToChip: Value
    public var chipToHost: Value

    @inlinable public init(hostToChip: Value, chipToHost: Value) {
        self.hostToChip = hostToChip
        self.chipToHost = chipToHost
    }

    /// The same for both.
    @inlinable public init(_ both: Value) {
        self.init(hostToChip: both, chipToHost: both)
    }

    @inlinable public subscript(direction: Direction) -> Value {
        @inline(__always) _read {
            switch direction {
            case .hostToChip: yield hostToChip
            case .chipToHost: yield chipToHost
            }
        }
        @inline(__always) _modify {
            switch direction {
            case .hostToChip: yield &hostToChip
            case .chipToHost: yield &chipToHost
            }
        }
    }
}

extension Pair: Sendable where Value: Sendable {}
extension Pair: Equatable where Value: Equatable {}
extension Pair: Hashable where Value: Hashable {}
