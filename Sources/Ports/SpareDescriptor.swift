import Files
import Glibc
import SystemPackage

/// A descriptor that is given up for the moment which a client takes that is turned away because none is left.
enum SpareDescriptor {
    static func make() -> OwnedDescriptor? {
        OwnedDescriptor(open("/dev/null", O_RDONLY | O_CLOEXEC))
    }

    /// Whether a system call failed for want of one.
    static func isMissing(_ error: Errno) -> Bool {
        [.tooManyOpenFiles, .tooManyOpenFilesInSystem, .noMemory, .noBufferSpace].contains(error)
    }
}
