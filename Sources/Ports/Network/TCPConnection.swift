import CPorts
import Files
import Glibc
import SystemPackage

/// A client of a `TCPService`. It never blocks.
package final class TCPConnection {
    private let end: OwnedDescriptor

    /// The next one that has connected; nil when there is none, with the reason in errno.
    init?(accepting listener: FileDescriptor) {
        guard let end = OwnedDescriptor(uninterrupted { ports_tcp_accept(listener.rawValue) }) else { return nil }
        self.end = end
    }

    var descriptor: FileDescriptor { end.descriptor }

    /// Whether the client sends no more, though what it sent before may still be unread.
    var hasEnded: Bool { ports_tcp_state(end.raw) != Int32(ports_tcp_is_open.rawValue) }

    /// Takes what it has sent, up to the buffer's size or `most`.
    /// - Returns: how many bytes; 0 when no more will come, nil when nothing is there yet.
    func read(into buffer: inout [UInt8], most: Int) -> Int? {
        let raw = end.raw
        let count = buffer.withUnsafeMutableBytes { bytes in
            uninterrupted { Glibc.read(raw, bytes.baseAddress, min(bytes.count, most)) }
        }
        if count < 0, Errno.last == .wouldBlock { return nil }
        // A broken connection is one that has ended.
        return max(0, count)
    }

    /// - Returns: how many of the bytes it takes now; 0 also when it is gone, which `read` tells.
    func send(_ bytes: Span<UInt8>) -> Int {
        bytes.withUnsafeBytes { raw in
            max(0, uninterrupted { ports_local_send(end.raw, raw.baseAddress, raw.count) })
        }
    }

    /// Tells it something before it is let go.
    func dismiss(_ words: String) {
        ports_tcp_dismiss(end.raw, words + "\r\n")
    }
}
