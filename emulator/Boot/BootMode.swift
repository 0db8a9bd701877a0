/// What the mask ROM does once the processor starts (ECR6600 facts §1.1).
///
/// The documents give the straps' levels for each mode, and contradict each other to the bit. So no pin is modelled:
/// a board says which mode its straps stand for.
package enum BootMode: String, Hashable, Sendable, CaseIterable {
    /// Wait for a RAM image on UART0.
    case uart
    /// Run uboot from the flash, or wait for a RAM image when there is none.
    case flash
    /// Be an SDIO device: nothing answers on the UART.
    case sdio
    /// Be an SPI slave: nothing answers on the UART.
    case spiSlave = "spi-slave"
}

/// Who decides the mode: the straps or eFuse word 0x20, bit 19 (facts §1.1).
package enum BootSelection: String, Hashable, Sendable, CaseIterable {
    /// The straps, whatever the eFuse says. The default, an assumption: what bit 19 does was never measured.
    case straps
    /// With the bit set ("truth table") the straps; with the bit clear ("direct start") the flash. That a direct start
    /// is a start from the flash is likely, because parts with open straps do so.
    case eFuse = "efuse"

    /// The mode that comes of what the straps and the eFuse say.
    package func mode(straps: BootMode, control: ControlWord) -> BootMode {
        switch self {
        case .straps: straps
        case .eFuse: control.usesTruthTable ? straps : .flash
        }
    }
}

/// The mask ROM in a mode in which nothing answers on the UART.
struct SilentROM: Loader {
    let mode: BootMode
    var name: String { mode == .sdio ? "mask ROM, SDIO boot" : "mask ROM, SPI slave boot" }

    mutating func resume(_ processor: inout Processor, _ cause: Wake) {
        processor.discardInput()
    }
}
