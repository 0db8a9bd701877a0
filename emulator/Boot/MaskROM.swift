import Line

/// The mask ROM on UART0: waits for the sync word, loads a RAM image, jumps to it (ECR6600 facts §3); or, told to boot
/// from the flash, looks there (§1.2).
///
/// It was never disassembled. That it speaks uboot's protocol without "amt_" is likely; whether it acknowledges pieces
/// and how long it waits is unknown: all three are options. That it turns the flash's pins into JTAG after 2 s without
/// data (§1.2, with the boot-control bit 0) is not modelled.
struct MaskROM: Loader {
    private let isInFlashMode: Bool
    /// How long it waits for a sync word before it runs the flash; nil: for ever.
    private let patience: Duration?
    private var matcher = SyncMatcher(acceptsAmt: false)
    private var download: DownloadExchange
    private var isSynchronised = false

    var name: String { isInFlashMode ? "mask ROM, flash boot" : "mask ROM, UART boot" }

    private init(isInFlashMode: Bool, patience: Duration?, _ settings: ChipSettings) {
        self.isInFlashMode = isInFlashMode
        self.patience = patience
        download = DownloadExchange(acknowledgesPieces: settings.romAcknowledgesPieces)
    }

    /// As the straps ask for it: "if it is timeout to download, run the Flash code directly" (§1.2).
    static func uartBoot(_ settings: ChipSettings) -> MaskROM {
        MaskROM(isInFlashMode: false, patience: settings.romTimeout, settings)
    }

    /// Because the flash holds nothing to run: it waits for ever, for the flash will not get better of itself.
    static func lastResort(_ settings: ChipSettings) -> MaskROM {
        MaskROM(isInFlashMode: false, patience: nil, settings)
    }

    /// On the way to the flash; `flash_boot` can look for a sync word first (§1.2).
    static func flashBoot(_ settings: ChipSettings) -> MaskROM {
        MaskROM(isInFlashMode: true, patience: settings.romWindow, settings)
    }

    mutating func resume(_ processor: inout Processor, _ cause: Wake) {
        switch cause {
        case .entered:
            processor.setRate(.rom(processor.settings.crystal))
            guard patience != .zero else { return runFlash(&processor) }
            processor.timer = patience.map { processor.now.advanced(by: $0) }
        case .timer:
            return runFlash(&processor)
        case .characters:
            break
        }
        while !isSynchronised {
            guard let byte = processor.receive() else { return }
            if matcher.feed(byte) == .sync {
                isSynchronised = true
                processor.timer = nil
                download.begin(&processor)
            }
        }
        download.resume(&processor)
    }

    private func runFlash(_ processor: inout Processor) {
        processor.delay(processor.timing.romToUBoot)
        FlashBoot.run(&processor)
    }
}

extension BaudDivisor {
    /// 115,200 as the mask ROM has it from its crystal: 116,279 from 40 MHz, 116,071 from 26 MHz, both likely (§3).
    static func rom(_ crystal: Crystal) -> BaudDivisor {
        var divisor = BaudDivisor.rom
        if crystal == .mhz26 { (divisor.clock, divisor.divisor) = (crystal.rawValue, 28) }
        return divisor
    }
}
