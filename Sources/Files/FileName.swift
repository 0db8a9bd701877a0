import Glibc
import Words

extension String {
    /// The name as a system call takes it: its bytes, UTF-8 or not, and a zero behind them.
    package var systemName: [CChar] {
        keptBytes.map(CChar.init(bitPattern:)) + [0]
    }

    /// A name as the system gives it, up to its zero.
    package init(systemName: UnsafePointer<CChar>) {
        self.init(keeping: (0..<strlen(systemName)).map { UInt8(bitPattern: systemName[$0]) })
    }
}

/// A variable of the environment; nil where it is not set, or is empty.
package func environmentVariable(_ name: String) -> String? {
    guard let value = getenv(name), value.pointee != 0 else { return nil }
    return String(systemName: value)
}
