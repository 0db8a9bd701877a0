import Files
import Glibc

/// Terminals, by their device numbers: major << 20 | minor.
package enum Terminals {
    /// The number of the character device that has a path; nil when none has.
    package static func device(_ path: String) -> UInt32? {
        var status = stat()
        guard stat(path.systemName, &status) == 0, status.st_mode & S_IFMT == S_IFCHR else { return nil }
        return packed(status.st_rdev)
    }

    /// Those that this process was started on, which are no ports for a child: what its standard descriptors lead to, and
    /// its controlling terminal.
    package static func own() -> [UInt32] {
        var devices: [UInt32] = []
        for descriptor in STDIN_FILENO...STDERR_FILENO where isatty(descriptor) == 1 {
            var status = stat()
            if fstat(descriptor, &status) == 0 { devices.append(packed(status.st_rdev)) }
        }
        if let controlling = controllingTerminal() { devices.append(controlling) }
        return devices.reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
    }

    private static func packed(_ device: dev_t) -> UInt32 {
        let major = UInt32(truncatingIfNeeded: device >> 8 & 0xFFF)
        let minor = UInt32(truncatingIfNeeded: device & 0xFF | device >> 12 & 0xFFF00)
        return major << 20 | minor
    }

    /// /proc/self/stat has it in the seventh field, as the kernel packs it for old programs; the second field, the program's
    /// name, may hold anything.
    private static func controllingTerminal() -> UInt32? {
        let file = open("/proc/self/stat", O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return nil }
        defer { close(file) }
        var bytes = [UInt8](repeating: 0, count: 1024)
        let count = uninterrupted { read(file, &bytes, bytes.count) }
        guard count > 0, let end = bytes[..<count].lastIndex(of: UInt8(ascii: ")")) else { return nil }
        let fields = bytes[(end + 1)..<count].split(separator: UInt8(ascii: " "))
        guard fields.count > 4, let number = Int32(String(decoding: fields[4], as: UTF8.self)), number != 0 else {
            return nil
        }
        return packed(dev_t(UInt32(bitPattern: number)))
    }
}
