/// How a host talks to a stub. Each dialect is one folder's worth of exchanges.
package enum Dialect: String, Hashable, Sendable, CaseIterable {
    /// The community stub 1.0.0: XMODEM-1K and SHA-256 (ECR6600 facts §10).
    case community
    /// Frames only, as the vendor's stubs know them; the community stub knows them too (ECR6600 facts §4.1).
    case vendor
    /// An imitation of RDTool, the vendor's own tool for Windows, from what users saw of it: nobody has captured it
    /// (ECR6600 facts §11.3). Frames as in `vendor`, but reads are one upload; and it writes RDTool's log.
    case rdtool

    /// Whether a stub is talked to in frames only.
    package var speaksFrames: Bool { self != .community }
}

/// Bytes and where in the flash they belong.
package struct Segment: Hashable, Sendable {
    /// Offset in the flash, in bytes; any alignment.
    package var address: Int
    package var bytes: [UInt8]

    package init(address: Int, bytes: [UInt8]) {
        self.address = address
        self.bytes = bytes
    }

    /// The bytes of flash it covers.
    package var range: Range<Int> { address..<(address + bytes.count) }
}

/// What a flasher is asked to do.
package enum Job: Hashable, Sendable {
    /// Flash id, size, whether a stub was already there.
    case info
    /// A range of the flash, or all of it. Delivered as `FlasherReport.readResult` after its SHA-256 was compared.
    case read(Range<Int>?)
    /// Segments that do not overlap. With `backup`, the whole flash is read and handed over first.
    case write([Segment], backup: Bool = true)
    /// A range whose ends are multiples of 4096, or the whole chip (nil). Verified by SHA-256.
    case erase(Range<Int>?, backup: Bool = true)
    /// Compares by SHA-256 and writes nothing.
    case verify([Segment])
    /// The 128 bytes of eFuse; nothing is written to them.
    case efuse
    /// Starts what is in the flash.
    case run

    /// What a whole flash holds after the job. - Parameter flash: before it.
    package func contents(after flash: [UInt8]) -> [UInt8] {
        var flash = flash
        switch self {
        case .write(let segments, _):
            for segment in segments {
                let range = segment.range.clamped(to: flash.indices)
                flash.replaceSubrange(range, with: segment.bytes.prefix(range.count))
            }
        case .erase(let wanted, _):
            let range = (wanted ?? flash.indices).clamped(to: flash.indices)
            flash.replaceSubrange(range, with: repeatElement(0xFF, count: range.count))
        case .info, .read, .verify, .efuse, .run: break
        }
        return flash
    }
}
