import Line
import Wire

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

/// A processor that has run into something undefined: it reads and says nothing any more.
struct Wedged: Loader {
    let name = "nothing: undefined behaviour"

    mutating func resume(_ processor: inout Processor, _ cause: Wake) {
        processor.discardInput()
    }
}

extension ChipSettings {
    /// What runs first once there is power.
    func firstLoader(stub: StubImage.Version) -> any Loader {
        switch start {
        case .rom: MaskROM(acknowledgesPieces: romAcknowledgesPieces)
        case .uboot: UBoot(version: uboot)
        case .stub: Stub(version: stub)
        case .app: Application()
        }
    }
}
