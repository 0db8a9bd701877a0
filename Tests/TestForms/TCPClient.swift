import Glibc

/// A program at the other end of a TCP port: plain system calls.
package final class TCPClient {
    private var descriptor: Int32

    package struct Failure: Error {
        package var what: String
    }

    /// - Parameter url: as a port calls itself, such as `socket://127.0.0.1:4000`.
    /// - Parameter receiveRoom: of the socket; nil for the system's.
    package init(_ url: String, receiveRoom: Int32? = nil) throws {
        guard let port = UInt16(url.split(separator: ":").last ?? "") else { throw Failure(what: "\(url) has no port") }
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { throw Failure(what: "no socket: errno \(errno)") }
        if var room = receiveRoom {
            setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &room, socklen_t(MemoryLayout.size(ofValue: room)))
        }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let connected = withUnsafePointer(to: &address) { address in
            address.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard connected == 0 else { throw Failure(what: "cannot connect to \(url): errno \(errno)") }
        _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
    }

    deinit { leave() }

    package func leave() {
        if descriptor >= 0 { close(descriptor) }
        descriptor = -1
    }

    /// Goes without a word: the other end's next system call fails.
    package func vanish() {
        var now = linger(l_onoff: 1, l_linger: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &now, socklen_t(MemoryLayout.size(ofValue: now)))
        leave()
    }

    package func endSending() { shutdown(descriptor, Int32(SHUT_WR)) }

    /// - Returns: how many of the bytes the system takes now.
    @discardableResult
    package func send(_ bytes: [UInt8]) -> Int {
        max(0, Glibc.send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL)))
    }

    /// What has come, and whether more may come.
    package func receive() -> (bytes: [UInt8], hasEnded: Bool) {
        var bytes = [UInt8](repeating: 0, count: 65536)
        let count = recv(descriptor, &bytes, bytes.count, 0)
        return (Array(bytes.prefix(max(0, count))), count == 0 || (count < 0 && errno != EAGAIN))
    }
}
