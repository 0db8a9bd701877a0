import Line
import Wire

/// The versions of uboot that were examined (ECR6600 facts §1.3).
package enum UBootVersion: String, Hashable, Sendable, CaseIterable {
    case v134 = "1.3.4"
    case v1311 = "1.3.11"
    case v140 = "1.4.0"

    /// 1.4.0 listens first thing; 1.3.x only after it has checked and copied the application.
    var listensBeforeLoading: Bool { self == .v140 }

    /// What it prints on the way to a good application (§2).
    var console: [UInt8] {
        self == .v140 ? Array("\nty heap base: 1f000 size: 196352\n".utf8) : []
    }
}

/// uboot on the way to an application: a window of 100 ms in which the sync word is taken (ECR6600 facts §1.3, §1.4).
struct UBoot: Loader {
    let version: UBootVersion
    var name: String { "uboot \(version.rawValue)" }

    private enum State {
        case loading
        case listening
        case readingAmt
        case downloading
    }
    private var state = State.loading
    private var matcher = SyncMatcher(acceptsAmt: true)
    private var amtTail: [UInt8] = []
    private var download = DownloadExchange(acknowledgesPieces: true)

    init(version: UBootVersion) {
        self.version = version
    }

    mutating func resume(_ processor: inout Processor, _ cause: Wake) {
        switch cause {
        case .entered:
            processor.setRate(.boot)
            if !version.listensBeforeLoading { processor.delay(processor.timing.applicationLoad) }
            // The FIFO is not cleared: what came earlier and is still there counts (§1.3).
            state = .listening
            processor.timer = processor.now.advanced(by: processor.timing.ubootWindow)
        case .timer:
            boot(&processor)
            return
        case .characters:
            break
        }
        if state == .listening { listen(&processor) }
        if state == .readingAmt { readAmt(&processor) }
        if state == .downloading { download.resume(&processor) }
    }

    private mutating func listen(_ processor: inout Processor) {
        while let byte = processor.receive() {
            switch matcher.feed(byte) {
            case .sync:
                processor.timer = nil
                download.begin(&processor)
                state = .downloading
                return
            case .amt:
                processor.timer = nil
                state = .readingAmt
                return
            case nil:
                continue
            }
        }
    }

    /// "amt_" and seven bytes: a digit at the end lets the boot go on at once; anything else falls into the download as
    /// if synchronised (§1.4).
    private mutating func readAmt(_ processor: inout Processor) {
        guard processor.receive(atMost: BootProtocol.amtTailCount - amtTail.count, into: &amtTail) > 0 else { return }
        guard let last = amtTail.last, amtTail.count == BootProtocol.amtTailCount else { return }
        if (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(last) {
            processor.send(BootProtocol.amtAccepted)
            boot(&processor)
        } else {
            processor.send(BootProtocol.amtRefused)
            state = .downloading
        }
    }

    private func boot(_ processor: inout Processor) {
        if !version.console.isEmpty { processor.send(version.console) }
        if version.listensBeforeLoading { processor.delay(processor.timing.applicationLoad) }
        processor.jump(to: Application())
    }
}
