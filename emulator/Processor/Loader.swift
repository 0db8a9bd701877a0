import Images

/// A program that runs on the chip and listens to its UART: the mask ROM, uboot, a stub, the application.
protocol Loader {
    /// As events and logs call it.
    var name: String { get }

    /// Goes on: called when it is entered, when characters have arrived, and when its timer has run out.
    /// It reads until `receive` gives nothing more, or until it has moved its time ahead; it must not leave without
    /// having done either.
    mutating func resume(_ processor: inout Processor, _ cause: Wake)
}

/// Why a loader goes on.
enum Wake {
    case entered
    case characters
    case timer
}

/// A processor that goes on for ever with something of which nothing is seen: it says nothing any more. What comes in is
/// read for nothing.
struct Wedged: Loader {
    var name = "nothing: undefined behaviour"

    mutating func resume(_ processor: inout Processor, _ cause: Wake) {
        processor.discardInput()
    }
}

extension Processor {
    /// What runs first once the processor starts.
    var firstLoader: any Loader {
        switch settings.start {
        case .straps(let straps):
            switch settings.bootSelection.mode(straps: straps, control: efuse.control) {
            case .uart: MaskROM.uartBoot(settings)
            case .flash: MaskROM.flashBoot(settings)
            case .sdio: SilentROM(mode: .sdio)
            case .spiSlave: SilentROM(mode: .spiSlave)
            }
        case .uboot: FlashBoot.uboot(in: self)
        case .stub: Stub(version: settings.stub ?? .community)
        case .app: Application(applicationLog)
        }
    }
}
