package import Line

/// What the preload library of `record --attach` says about one call of the program that it is in.
///
/// tools/preload/attach/messages.h is where its form is written down. Any process of this user can send one: nothing in it is
/// trusted, and what does not fit is `AttachedDamage`.
package struct AttachedMessage: Hashable, Sendable {
    /// When the call had returned, in nanoseconds of CLOCK_MONOTONIC, as the sender says.
    package var time: Int64
    /// When it began, likewise.
    package var began: Int64
    package var device: TerminalDevice
    /// By its number in that process.
    package var descriptor: Int32
    /// The call's errno; 0 when it succeeded.
    package var error: Int32
    package var kind: Kind

    package init(
        time: Int64, began: Int64, device: TerminalDevice, descriptor: Int32, error: Int32 = 0, kind: Kind
    ) {
        self.time = time
        self.began = began
        self.device = device
        self.descriptor = descriptor
        self.error = error
        self.kind = kind
    }

    package enum Kind: Hashable, Sendable {
        /// A process is there. Its number is as it knows itself.
        case hello(process: UInt32, program: String)
        case opened(path: String)
        case closed
        case data(Direction, [UInt8])
        /// The port's settings as the driver has them now.
        case settings(SettingsCall, PortSettings)
        case flushed(Queues)
        case lines(LinesCall, TerminalLines)
        case breakSent
        /// A break that began earlier is over.
        case breakEnded
        /// A read (`chipToHost`) or a write failed.
        case failed(Direction)
        /// What the pipe had no room for.
        case lost(sent: Int, received: Int, others: Int)
        /// C's streams have the descriptor.
        case streamed
    }

    /// How settings came to be said.
    package enum SettingsCall: UInt8, Hashable, Sendable, CaseIterable {
        case found
        case setNow
        case setWhenDrained
        case setAndFlushed
    }

    /// How modem lines came to be said.
    package enum LinesCall: UInt8, Hashable, Sendable, CaseIterable {
        case read
        case set
        case assert
        case release
    }
}

/// A character device, by its numbers.
package struct TerminalDevice: Hashable, Sendable, CustomStringConvertible {
    package var rawValue: UInt32

    package init(rawValue: UInt32) { self.rawValue = rawValue }

    package init(major: UInt32, minor: UInt32) {
        rawValue = (major & 0xFFF) << 20 | minor & 0xF_FFFF
    }

    /// `188:0`
    package var description: String { "\(rawValue >> 20):\(rawValue & 0xF_FFFF)" }
}

/// A port's settings, as far as a trace has them.
package struct PortSettings: Hashable, Sendable {
    /// Bits per second of the output; 0 hangs up.
    package var baud: UInt32
    package var format: FrameFormat
    package var mode: TerminalMode

    package init(baud: UInt32, format: FrameFormat, mode: TerminalMode) {
        self.baud = baud
        self.format = format
        self.mode = mode
    }
}

/// Modem lines as Linux numbers them (TIOCM_DTR and so on).
package struct TerminalLines: OptionSet, Hashable, Sendable {
    package let rawValue: UInt32

    package init(rawValue: UInt32) { self.rawValue = rawValue }

    package static let dataTerminalReady = TerminalLines(rawValue: 0x002)
    package static let requestToSend = TerminalLines(rawValue: 0x004)
    package static let clearToSend = TerminalLines(rawValue: 0x020)
    package static let carrierDetect = TerminalLines(rawValue: 0x040)
    package static let ring = TerminalLines(rawValue: 0x080)
    package static let dataSetReady = TerminalLines(rawValue: 0x100)

    /// As traces number them.
    package var controlLines: ControlLines {
        let pairs: [(TerminalLines, ControlLines)] = [
            (.dataTerminalReady, .dataTerminalReady), (.requestToSend, .requestToSend),
            (.clearToSend, .clearToSend), (.carrierDetect, .carrierDetect), (.ring, .ring),
            (.dataSetReady, .dataSetReady),
        ]
        return pairs.reduce(into: []) { if contains($1.0) { $0.insert($1.1) } }
    }
}

/// Why what a process sends is not what the preload library sends.
package struct AttachedDamage: Error, Hashable, Sendable, CustomStringConvertible {
    package let description: String

    package init(_ description: String) { self.description = description }
}
