/// An address and a length as a command names them, and how a stub looks at them: in 32 bits (ECR6600 facts §4.1).
struct StubRange: Hashable {
    var address: UInt32
    /// In bytes.
    var length: UInt32

    /// Whether its end lies beyond 32 bits: the sum that is checked is then a small one.
    var wraps: Bool { address.addingReportingOverflow(length).overflow }

    /// Whether it ends by `end` as the stubs compute that.
    func isInside(_ end: UInt32) -> Bool { address &+ length <= end }
}
