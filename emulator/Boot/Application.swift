/// The firmware in the flash. It owns the UART now and says nothing to a flasher; what a real one prints is no business
/// of a loader's.
struct Application: Loader {
    let name = "application"

    mutating func resume(_ processor: inout Processor, _ cause: Wake) {
        processor.discardInput()
    }
}
