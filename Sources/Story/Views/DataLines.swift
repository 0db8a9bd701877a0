package import Line
package import Trace
import Words

/// The bytes of a session as JSON lines, with the rates that the host's port was set to: what `solderless import` takes.
///
/// `{"t": seconds, "dir": "host-to-chip", "baud": 115200, "hex": "636e7973"}`; nothing else of the session is in them.
package struct DataLines {
    private var origin: Int64?
    private var rate: UInt32?

    package init() {}

    /// A run of bytes.
    package mutating func line(_ bytes: Span<UInt8>, _ direction: Direction, at time: Instant) -> String {
        let origin = origin ?? time.nanoseconds
        self.origin = origin
        let seconds = Decimals.text(max(0, time.nanoseconds - origin), places: 9)
        let baud = rate.map { "\"baud\":\($0)," } ?? ""
        let digits = hexBytes(bytes.withUnsafeBufferPointer(Array.init)).filter { $0 != " " }.lowercased()
        return "{\"t\":\(seconds),\"dir\":\"\(direction.name)\",\(baud)\"hex\":\"\(digits)\"}\n"
    }

    /// Takes anything else. Times count from the first event after the session's description.
    package mutating func note(_ event: TraceEvent) {
        if case .session = event.kind { return }
        if origin == nil { origin = event.time.nanoseconds }
        if case .baud(.host, let rate) = event.kind { self.rate = rate }
    }
}
