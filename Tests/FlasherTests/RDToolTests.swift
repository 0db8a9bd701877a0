import Images
import TestForms
import Testing

@testable import Flasher

@Suite struct RDToolLines {
    @Test("§11.3: the lines that users have shown, letter for letter")
    func lines() {
        #expect(RDToolLog.stub == "Begin to download STUB")
        #expect(RDToolLog.downloaded(2, of: 5) == "DL_TRUNK: trunk downloaded 40.00%")
        #expect(RDToolLog.downloaded(5, of: 5) == "DL_TRUNK: trunk downloaded 100.00%")
        #expect(RDToolLog.downloaded(1, of: 3) == "DL_TRUNK: trunk downloaded 33.33%")
        #expect(RDToolLog.downloaded(1, of: 1000) == "DL_TRUNK: trunk downloaded 0.10%")
        #expect(
            RDToolLog.uploaded(block: 0xD, address: 0x1FF000) == "UP_FLASH: block: 0xd, pos: (0x7fc, 0x1ff000)")
        #expect(RDToolLog.receivedOnly(1) == "RECV_RSP: recv timeout: recv length is: 1")
    }

    @Test("§11.3: what it begins with; how often and how long it synchronises is nobody's knowledge")
    func settings() {
        let settings = FlasherSettings.usual(for: .rdtool)
        #expect(settings.workingBaud == 2_000_000)
        #expect(settings.runAfterwards)
        #expect(settings.syncInterval == FlasherSettings().syncInterval)
        #expect(FlasherSettings.usual(for: .vendor) == FlasherSettings())
    }
}

@Suite struct StreamedReading {
    private let settings = FlasherSettings()
    private let traits = StubTraits(.vendor134)
    private let flash = pattern(0x11000, seed: 4)

    /// §4.3: `5A 03 n16 data 00 sum8`; of a full frame the length is 0 and the sum covers five bytes (§10).
    private func frame(_ data: ArraySlice<UInt8>) -> [UInt8] {
        var frame: [UInt8] = [0x5A, 0x03, UInt8(data.count & 0xFF), UInt8(data.count >> 8 & 0xFF)] + data + [0x00]
        frame.append(frame.prefix(data.count == 0x10000 ? 5 : frame.count).reduce(0, &+))
        return frame
    }

    private func read(_ range: Range<Int>) -> StreamedRead { StreamedRead(settings, traits, range: range) }

    @Test("§4.3: one request, two frames; nothing is said in between")
    func oneRequest() {
        let talk = Talk(read(0..<0x11000), [frame(flash[..<0x10000]) + frame(flash[0x10000...])])
        let isRight = talk.bytes == flash
        #expect(isRight)
        // `A5 03 08 00`, address 0, length 0x11000.
        #expect(talk.heard == [[0xA5, 0x03, 8, 0, 0, 0, 0, 0, 0, 0x10, 0x01, 0, 0xC1]])
    }

    @Test("A damaged second frame is asked for again, and the first is not")
    func damagedFrame() {
        var damaged = frame(flash[0x10000...])
        damaged[100] ^= 1
        let talk = Talk(read(0..<0x11000), [frame(flash[..<0x10000]) + damaged, frame(flash[0x10000...])])
        let isRight = talk.bytes == flash
        #expect(isRight)
        // Address 0x10000, length 0x1000.
        #expect(talk.heard.last == [0xA5, 0x03, 8, 0, 0, 0, 1, 0, 0, 0x10, 0, 0, 0xC1])
    }

    @Test("§4.2: refused for its range, or for a damaged command; in the end it fails", arguments: [0x1000, 0x11000])
    func refused(count: Int) throws {
        let outOfRange: [UInt8] = [0x5A, 0x03, 0x00, 0x00, 0x02, 0x5F]
        let unknown: [UInt8] = [0x5A, 0xFF, 0x04, 0x00, 0x03, 0x60]
        for answer in [outOfRange, unknown] {
            let talk = Talk(read(0..<count), [[UInt8]](repeating: answer, count: settings.blockAttempts))
            #expect(talk.heard.count == settings.blockAttempts)
            #expect(try #require(talk.fault).what.contains("broke off at 0x0"))
            #expect(talk.port.signs[.refusedCommand] == settings.blockAttempts)
        }
    }

    @Test("Flash contents that look like a refusal are none: 02 5F at the head of a full frame")
    func likeARefusal() {
        var flash = flash
        flash.replaceSubrange(0..<2, with: [0x02, 0x5F])
        let whole = frame(flash[..<0x10000])
        var port = HostPort()
        var exchange = read(0..<0x10000)
        exchange.begin(&port)
        for part in [whole[..<6], whole[6...]] {
            port.arrive(Array(part).span)
            let progress = exchange.receive(&port)
            if part.endIndex == whole.endIndex {
                guard case .done(.bytes(let bytes)) = progress else {
                    Issue.record("not done")
                    return
                }
                let isRight = bytes == Array(flash[..<0x10000])
                #expect(isRight)
            }
        }
    }

    @Test("§4.3: 1.3.11, or a stub that nobody knows, is asked for 8 KB at a time")
    func shortUploads() {
        let exchange = StreamedRead(settings, .careful, range: 0..<0x3000)
        let talk = Talk(exchange, [frame(flash[..<0x2000]), frame(flash[0x2000..<0x3000])])
        let isRight = talk.bytes == Array(flash[..<0x3000])
        #expect(isRight)
        #expect(talk.heard.count == 2)
    }
}
