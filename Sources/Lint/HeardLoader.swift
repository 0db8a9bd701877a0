import Images

/// What listens on the chip, as far as a trace tells it.
enum HeardLoader: Hashable, Sendable {
    case unknown
    /// Mask ROM or uboot.
    case boot
    /// A stub; its version where it is certain what it knows.
    case stub(StubImage.Version?)
    /// The application, or whatever else takes no commands.
    case other

    /// By the name under which a trace has it (item 0021 of the trace format).
    init(named name: String) {
        let stub = "stub "
        if name.hasPrefix(stub) {
            self = .stub(StubImage.Version(rawValue: String(name.dropFirst(stub.count))))
        } else if name.hasPrefix("mask ROM") || name.hasPrefix("uboot") {
            self = .boot
        } else {
            self = .other
        }
    }

    var isStub: Bool { if case .stub = self { true } else { false } }

    var stubVersion: StubImage.Version? { if case .stub(let version) = self { version } else { nil } }
}
