package import Line
package import Scenarios
package import Wire

/// What is to hold of a bench at which somebody works: conditions, all of which must hold. `BenchWatch` knows whether they do.
///
/// Some look at how the bench is now, some at what has happened since a step of a lesson began, and some at what has happened
/// since the lesson began.
package struct BenchExpectation: Hashable, Sendable {
    package var conditions: [Condition]

    package init(_ conditions: [Condition]) {
        self.conditions = conditions
    }

    package indirect enum Condition: Hashable, Sendable {
        // How the bench is now.

        /// A wire is on a pad; nil: on none.
        case wire(Hookup.Wire, Hookup.Pad?)
        /// What the adapter's switch is set to.
        case adapter(Millivolts)
        /// The supply's button.
        case supply(isOn: Bool)
        /// The chip has power.
        case power(isOn: Bool)
        /// What runs on the chip: how its name begins.
        case runs(String)
        /// What of the line's faults is switched on: these by name, in any order, and no others.
        case faults(Set<String>)
        /// Whether a wire is on a pad that was moved with the supply switched on in this step, and not again without it.
        case movedLive(Bool)
        /// Whether a wire was moved since the supply was switched on, which it still is.
        case movedUnderPower(Bool)
        /// Whether a host has the port open.
        case port(isOpen: Bool)
        case flash(FlashContents)
        /// So long nothing has crossed the line: what a host was about is over.
        case quiet(Duration)
        /// Whether the stub went with the power while a host was at work with it, which has not ended or got in again since.
        case lostStub(Bool)
        /// Whether a host was asking when the chip was last given power.
        case askedAtPower(Bool)
        /// Whether the host was given a part of the flash, right in every byte, and not yet the rest of it.
        case readsPart(Bool)

        // What has happened since the step began.

        /// So many steps of the protocol at least, either way, whole; what the host receives, as the chip sent it.
        case step(Step, count: Int)
        /// The host has sent so many of these at least, whatever became of them.
        case hostSends(Step, count: Int)
        /// The host has received bytes that the chip never sent so.
        case hostReceivesNoise
        /// So long the host has been asking a chip that has power, and nothing has answered yet. What an application prints is no
        /// answer, nor is noise.
        case silence(Duration)
        /// Whether the host has closed its port after it had asked in vain.
        case givesUp(Bool)
        /// The host has opened its port so many times at least, since the step began and since the chip was without power.
        case opens(Int)
        /// The chip has been given power again so many times at least, having had it before.
        case powerCycles(Int)
        /// RESET_B has been pulled low so many times at least.
        case resets(Int)
        /// So many times at least the host was given what the flash holds wherever the image belongs, all of it: by reading, or as
        /// its SHA-256.
        case comparisons(Int)
        /// The host has received this in what the application prints.
        case says(String)

        // What has happened since the lesson began.

        /// The host was given the whole flash so many times at least, right in every byte.
        case backups(Int)
        /// Whether all that was written has been read back, or its SHA-256 asked for, since, and is what the host sent.
        case verified(Bool)

        // Put together.

        /// One of them holds.
        case any([BenchExpectation])
        case not(BenchExpectation)
    }

    /// What is in the flash.
    package enum FlashContents: String, Hashable, Sendable, CaseIterable {
        /// What the plug came with.
        case factory
        /// The image that the bench has for writing lies in it.
        case image
        /// Nothing.
        case erased
        /// What the host's first complete read gave it.
        case backup
        /// Neither of these, nor what was there when the lesson began.
        case changed
    }

    /// Every text that it looks for in what an application prints.
    package var texts: [String] {
        all { if case .says(let text) = $0 { text } else { nil } }
    }

    /// How long the line may have to be quiet before it holds, though nothing happens any more; nil where that does not matter.
    package var longestQuiet: Duration? {
        all { if case .quiet(let time) = $0 { time } else { nil } }.max()
    }

    /// What is wanted of its conditions, those within others included.
    private func all<Value>(_ value: (Condition) -> Value?) -> [Value] {
        conditions.flatMap { condition -> [Value] in
            switch condition {
            case .any(let choices): choices.flatMap { $0.all(value) }
            case .not(let other): other.all(value)
            default: value(condition).map { [$0] } ?? []
            }
        }
    }
}
