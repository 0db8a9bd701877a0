import CPorts
import Files
import Glibc
import SystemPackage

/// A file that is still being written. Reading it waits at its end for more, until the file is removed.
package final class GrowingFile {
    package let path: String
    /// Called once each time that nothing more has come for a moment; false ends the reading as if the file ended.
    package var whenQuiet: () -> Bool = { true }
    private var file: OwnedDescriptor?

    /// How often the end is looked at.
    private static let interval: UInt32 = 50_000
    /// So many looks in vain are a moment.
    private static let quietLooks = 4

    package init(path: String) {
        self.path = path
    }

    /// What is in the file and what will be, as a C stream, which keeps this alive. - Throws: `CaptureError`
    /// `.inaccessible`.
    func open() throws(CaptureError) -> UnsafeMutablePointer<FILE> {
        file = OwnedDescriptor(uninterrupted { Glibc.open(path.systemName, O_RDONLY | O_CLOEXEC) })
        guard file != nil else { throw CaptureStream.inaccessible(path, Glibc.errno) }
        let cookie = Unmanaged.passRetained(self)
        let stream = ports_stream_open(
            cookie.toOpaque(),
            { cookie, buffer, count in
                guard let cookie, let buffer else { return -1 }
                return Unmanaged<GrowingFile>.fromOpaque(cookie).takeUnretainedValue().read(into: buffer, count)
            },
            { cookie in
                if let cookie { Unmanaged<GrowingFile>.fromOpaque(cookie).release() }
                return 0
            })
        guard let stream else {
            let number = Glibc.errno
            cookie.release()
            throw CaptureStream.inaccessible(path, number)
        }
        // A record must be told when it is there, and not when a buffer is full.
        setvbuf(stream, nil, _IONBF, 0)
        return stream
    }

    private func read(into buffer: UnsafeMutablePointer<CChar>, _ count: Int) -> Int {
        guard let descriptor = file?.raw else { return -1 }
        var looks = 0
        while true {
            let taken = uninterrupted { Glibc.read(descriptor, buffer, count) }
            if taken != 0 { return taken }
            var status = stat()
            // The end of a pipe is the end.
            guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_nlink > 0 else {
                return 0
            }
            looks += 1
            if looks == Self.quietLooks, !whenQuiet() { return 0 }
            usleep(Self.interval)
        }
    }
}
