import Emulator
package import Line

/// A chip's levels and limits (ECR6600 facts §8): what joining it to a line needs.
package struct ChipDescription: Hashable, Sendable {
    /// Least, typical and most; in millivolts, microamperes or ohms.
    package struct Spread: Hashable, Sendable {
        package var least: Int
        package var typical: Int
        package var most: Int

        package init(least: Int, typical: Int, most: Int) {
            self.least = least
            self.typical = typical
            self.most = most
        }
    }

    package var name: String
    package var about: String
    /// Millivolts.
    package var supply: Spread
    /// Millivolts: below it the chip is in power-on reset.
    package var resetBelow: Int
    /// Thousandths of the supply from which an input reads high for certain.
    package var inputHigh: Int
    /// Thousandths of the supply up to which an input reads low for certain.
    package var inputLow: Int
    /// Thousandths of the supply that a high output has at least.
    package var outputHigh: Int
    /// Thousandths of the supply that a low output has at most.
    package var outputLow: Int
    /// Microamperes out of a high output.
    package var outputHighCurrent: Spread
    /// Microamperes into a low output.
    package var outputLowCurrent: Spread
    /// Microamperes into or out of an input.
    package var leakage: Int
    /// Ohms.
    package var pullUp: Spread
    /// Ohms.
    package var pullDown: Spread
    package var transmitPin: String
    package var receivePin: String
    /// Characters that each of the UART's FIFOs holds.
    package var fifoDepth: Int

    package init(
        name: String, about: String, supply: Spread, resetBelow: Int, inputHigh: Int, inputLow: Int, outputHigh: Int,
        outputLow: Int, outputHighCurrent: Spread, outputLowCurrent: Spread, leakage: Int, pullUp: Spread,
        pullDown: Spread, transmitPin: String, receivePin: String, fifoDepth: Int
    ) {
        self.name = name
        self.about = about
        self.supply = supply
        self.resetBelow = resetBelow
        self.inputHigh = inputHigh
        self.inputLow = inputLow
        self.outputHigh = outputHigh
        self.outputLow = outputLow
        self.outputHighCurrent = outputHighCurrent
        self.outputLowCurrent = outputLowCurrent
        self.leakage = leakage
        self.pullUp = pullUp
        self.pullDown = pullDown
        self.transmitPin = transmitPin
        self.receivePin = receivePin
        self.fifoDepth = fifoDepth
    }
}

extension ChipDescription {
    /// Its pin as an input, at the typical supply.
    package var input: Input {
        Input(
            surelyLow: supply.typical * inputLow / 1000, surelyHigh: supply.typical * inputHigh / 1000,
            supply: supply.typical)
    }

    /// Its pin as an output, at the limits that it guarantees, at the typical supply.
    package var driver: Driver {
        Driver(high: supply.typical * outputHigh / 1000, low: supply.typical * outputLow / 1000)
    }
}

extension Scenario {
    /// Puts what a chip's file says in its place.
    package mutating func apply(_ description: ChipDescription) {
        chip.fifoDepth = description.fifoDepth
        chipInput = description.input
        chipDriver = description.driver
    }
}
