import Files
import Glibc
import SystemPackage

/// Tells when a path is opened and closed, by whomever, from the moment it is made (inotify).
///
/// The kernel merges an event with an equal one right before it that nobody has read yet: two openings may be told as
/// one.
struct SessionWatch: ~Copyable {
    enum Event {
        case opened
        case closed
    }

    private let queue: OwnedDescriptor

    /// - Throws: `PortError` when inotify has no instance or watch left, or `path` is not there.
    init(path: String) throws(PortError) {
        guard let queue = OwnedDescriptor(inotify_init1(Int32(IN_NONBLOCK | IN_CLOEXEC)))
        else {
            throw .last(
                path: path, "cannot watch for clients",
                remedy: "raise fs.inotify.max_user_instances, or end some emulations")
        }
        let events = UInt32(IN_OPEN) | UInt32(IN_CLOSE_WRITE) | UInt32(IN_CLOSE_NOWRITE)
        guard inotify_add_watch(queue.raw, path, events) >= 0 else {
            throw .last(path: path, "cannot watch for clients", remedy: "raise fs.inotify.max_user_watches")
        }
        self.queue = queue
    }

    /// Readable when there are events.
    var descriptor: FileDescriptor { queue.descriptor }

    /// What has happened since the last call, oldest first; does not block.
    func events() throws(PortError) -> [Event] {
        var events: [Event] = []
        while true {
            let more = withUnsafeTemporaryAllocation(byteCount: 4096, alignment: 8) { buffer -> Bool? in
                let count = uninterrupted { Glibc.read(queue.raw, buffer.baseAddress, buffer.count) }
                guard count > 0 else { return count < 0 && Errno.last != .wouldBlock ? nil : false }
                var offset = 0
                while offset < count {
                    let event = buffer.loadUnaligned(fromByteOffset: offset, as: inotify_event.self)
                    if event.mask & UInt32(IN_OPEN) != 0 {
                        events.append(.opened)
                    } else if event.mask & UInt32(IN_CLOSE_WRITE | IN_CLOSE_NOWRITE) != 0 {
                        events.append(.closed)
                    }
                    offset += MemoryLayout<inotify_event>.size + Int(event.len)
                }
                return true
            }
            guard let more else { throw .last(path: "", "cannot watch for clients") }
            if !more { return events }
        }
    }
}
