package import Wire

/// When a chip has power and when not: what somebody's hand, a supply or a bad contact does.
package struct PowerSchedule: Hashable, Sendable {
    /// What a switch is reckoned from.
    package enum Trigger: Hashable, Sendable {
        /// The line's beginning.
        case start
        /// The first character that the host sends, whether or not there is power.
        case firstHostByte
        /// The end of a step on the line: its last character has crossed. One that breaks off has no end.
        case step(Aim)
        /// The n-th time, from 1, that the flash begins to erase.
        case erase(Int)
    }

    /// The supply is switched on or off, once.
    package struct Switch: Hashable, Sendable {
        package var trigger: Trigger
        package var delay: Duration
        package var isOn: Bool

        package init(_ trigger: Trigger, after delay: Duration = .zero, isOn: Bool) {
            self.trigger = trigger
            self.delay = delay
            self.isOn = isOn
        }

        /// What reports call it: `power off after erase 1`.
        package var label: String {
            let moment =
                switch trigger {
                case .start: "the start"
                case .firstHostByte: "the host's first byte"
                case .step(let aim): "\(aim.step.rawValue) \(aim.count)"
                case .erase(let count): "erase \(count)"
                }
            return "power \(isOn ? "on" : "off") after \(moment)"
        }
    }

    /// Each happens once, if its time comes.
    package var switches: [Switch]

    package init(_ switches: [Switch]) {
        self.switches = switches
    }

    /// There is power from the beginning.
    package static let on = PowerSchedule([Switch(.start, isOn: true)])
    /// Nobody ever switches it on.
    package static let off = PowerSchedule([])

    /// So long after the first character that the host sends.
    package static func afterFirstCharacter(_ delay: Duration) -> PowerSchedule {
        PowerSchedule([Switch(.firstHostByte, after: delay, isOn: true)])
    }
}
