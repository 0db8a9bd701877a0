import Line
import Wire

/// The sync word, again and again, until a loader answers (ECR6600 facts §1.4, §11.1, §11.2).
///
/// 01 is a loader that was listening, FF one that already waits for a header and took three sync words for it.
struct Synchronise: Exchange {
    private let settings: FlasherSettings
    private let end: Instant

    /// - Parameter end: when to give up.
    init(_ settings: FlasherSettings, until end: Instant) {
        self.settings = settings
        self.end = end
    }

    mutating func begin(_ port: inout HostPort) {
        port.discardInput()
        port.send(BootProtocol.syncWord)
        port.wait(settings.syncInterval)
    }

    mutating func receive(_ port: inout HostPort) -> Progress {
        let answered = port.input.contains { byte in
            byte == BootProtocol.Answer.synchronised.rawValue || byte == BootProtocol.Answer.refused.rawValue
        }
        port.discardInput()
        return answered ? .done(.nothing) : .waiting
    }

    mutating func timeout(_ port: inout HostPort) -> Progress {
        guard port.now < end else {
            return .failed(port.receivedCount == 0 ? .silence(for: settings.syncWindow) : .noise)
        }
        port.send(BootProtocol.syncWord)
        port.wait(settings.syncInterval)
        return .waiting
    }
}
