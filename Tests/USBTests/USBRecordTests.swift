import Line
import Testing
import USB

/// A span cannot stand in an expectation.
private func mon(_ linkType: Int32, _ record: [UInt8], time: Int64) throws -> USBPacket {
    try USBMonRecord(linkType: linkType).packet(in: record.span, time: time)
}

private func windows(_ record: [UInt8], time: Int64) throws -> USBPacket? {
    try USBPcapRecord.packet(in: record.span, time: time)
}

/// Records as trace formats §B.4 and §B.5 lay them out.
@Suite struct USBRecordTests {
    /// usbmon: a submission of a bulk write, endpoint 02 of device 5 on bus 1, "cnys".
    private static let submission: [UInt8] =
        [0x80, 0x1A, 0x2B, 0x3C, 0x4D, 0x88, 0xFF, 0xFF, 0x53, 0x03, 0x02, 0x05, 0x01, 0x00, 0x2D, 0x00]
        + [0x00, 0xF1, 0x53, 0x65, 0, 0, 0, 0, 0x40, 0x42, 0x0F, 0x00, 0x8D, 0xFF, 0xFF, 0xFF]
        + [0x04, 0, 0, 0, 0x04, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]
    private static let cnys: [UInt8] = [0x63, 0x6E, 0x79, 0x73]
    /// Interval, start frame, flags, descriptors.
    private static let more = [UInt8](repeating: 0, count: 16)

    @Test func usbmonHasTwoLengthsOfHeader() throws {
        for (linkType, record, start) in [
            (Int32(189), Self.submission + Self.cnys, 48), (220, Self.submission + Self.more + Self.cnys, 64),
        ] {
            let packet = try mon(linkType, record, time: 7)
            #expect(
                packet
                    == USBPacket(
                        time: 7, id: 0xFFFF_884D_3C2B_1A80, stage: .submission, transfer: .bulk,
                        address: USBAddress(bus: 1, device: 5), endpoint: 0x02, data: start..<(start + 4)))
        }
    }

    @Test func usbmonSaysWhatIsMissing() throws {
        var record = Self.submission + Self.more + Self.cnys
        record[32] = 200
        #expect(try mon(220, record, time: 0).missingByteCount == 196)
        // The capture's snapshot length cuts as well.
        record[36] = 200
        #expect(try mon(220, record, time: 0).missingByteCount == 196)
        // No data at all.
        record[15] = 0x44
        let packet = try mon(220, record, time: 0)
        #expect(packet.missingByteCount == 200)
        #expect(packet.data.isEmpty)
        // A read that is submitted has only room.
        record[10] = 0x82
        #expect(try mon(220, record, time: 0).missingByteCount == 0)
    }

    @Test func usbmonHasASetupWhereItsFlagIsZero() throws {
        var record = Self.submission + Self.more
        record[9] = 2
        record[10] = 0
        record[14] = 0
        record[32] = 0
        record[36] = 0
        record.replaceSubrange(40..<48, with: [0x40, 0x9A, 0x12, 0x13, 0x83, 0xCC, 0x00, 0x00])
        let packet = try mon(220, record, time: 0)
        #expect(packet.setup == USBSetup(0x40, 0x9A, value: 0x1312, index: 0xCC83))
        record[14] = 0x2D
        #expect(try mon(220, record, time: 0).setup == nil)
    }

    @Test func usbmonCompletionsHaveAStatusAndALength() throws {
        var record = Self.submission + Self.more
        record[8] = 0x43
        record[15] = 0x3E
        record.replaceSubrange(28..<32, with: [0xFE, 0xFF, 0xFF, 0xFF])
        record[32] = 3
        record[36] = 0
        let packet = try mon(220, record, time: 0)
        #expect(packet.stage == .completion)
        #expect(packet.status == -2)
        #expect(packet.actualByteCount == 3)
        #expect(packet.missingByteCount == 0)
    }

    /// USBPcap: a bulk read that is complete.
    private static func pcap(
        headerByteCount: Int = 27, info: UInt8, endpoint: UInt8, transfer: UInt8, stage: [UInt8] = [], _ data: [UInt8]
    ) -> [UInt8] {
        [UInt8(headerByteCount), 0, 0x10, 0x20, 0x30, 0x40, 0, 0, 0x80, 0xFF, 0, 0, 0, 0, 0x09, 0x00, info]
            + [0x01, 0x00, 0x05, 0x00, endpoint, transfer, UInt8(data.count), 0, 0, 0] + stage + data
    }

    @Test func usbpcapIsSkippedByItsHeadersLength() throws {
        let record = Self.pcap(headerByteCount: 30, info: 1, endpoint: 0x82, transfer: 3, stage: [9, 9, 9], [1, 2, 3])
        #expect(
            try windows(record, time: 7)
                == USBPacket(
                    time: 7, id: 0xFF80_0000_4030_2010, stage: .completion, transfer: .bulk,
                    address: USBAddress(bus: 1, device: 5), endpoint: 0x82, data: 30..<33))
    }

    @Test func usbpcapSaysWhatIsMissing() throws {
        let record = Self.pcap(info: 1, endpoint: 0x82, transfer: 3, [1, 2, 3]).dropLast(2)
        let packet = try #require(try windows(Array(record), time: 0))
        #expect(packet.data == 27..<28)
        #expect(packet.missingByteCount == 2)
    }

    @Test func usbpcapHasStagesOfControl() throws {
        let setup: [UInt8] = [0x21, 0x20, 0, 0, 0, 0, 7, 0]
        let coding: [UInt8] = [0x00, 0xC2, 0x01, 0x00, 0, 0, 8]
        func packet(_ stage: UInt8, info: UInt8, _ data: [UInt8]) throws -> USBPacket? {
            try windows(
                Self.pcap(headerByteCount: 28, info: info, endpoint: 0, transfer: 2, stage: [stage], data), time: 0)
        }
        let new = try #require(try packet(0, info: 0, setup + coding))
        #expect(new.setup == USBSetup(0x21, 0x20, length: 7))
        #expect(new.data == 36..<43)
        #expect(try packet(0, info: 0, setup)?.data.isEmpty == true)
        #expect(try packet(1, info: 0, coding)?.stage == .controlData)
        #expect(try packet(2, info: 1, [])?.stage == .completion)
        #expect(try packet(3, info: 1, coding)?.stage == .completion)
        #expect(throws: USBPacketError.self) { try packet(4, info: 1, []) }
        #expect(throws: USBPacketError.self) { try packet(0, info: 0, [1, 2, 3]) }
    }

    @Test(arguments: [0xFE, 0xFF] as [UInt8])
    func whatIsAboutNoTransferIsNothing(transfer: UInt8) throws {
        #expect(
            try windows(Self.pcap(info: 1, endpoint: 0, transfer: transfer, []), time: 0) == nil)
    }

    @Test func shortRecordsAreRefused() {
        let monRecord = Self.submission + Self.more + Self.cnys
        for count in 0..<64 {
            #expect(throws: USBPacketError.self) {
                try mon(220, Array(monRecord.prefix(count)), time: 0)
            }
        }
        let pcapRecord = Self.pcap(info: 1, endpoint: 0x82, transfer: 3, [])
        for count in 0..<27 {
            #expect(throws: USBPacketError.self) {
                try windows(Array(pcapRecord.prefix(count)), time: 0)
            }
        }
        #expect(throws: USBPacketError.self) {
            try windows(([26, 0] + pcapRecord.dropFirst(2)), time: 0)
        }
        #expect(throws: USBPacketError.self) {
            try windows(([28, 0] + pcapRecord.dropFirst(2)), time: 0)
        }
    }

    /// Whatever the bytes are, data lies inside the record.
    @Test func randomRecordsDoNoHarm() {
        var random = SplitMix64(seed: 7)
        for _ in 0..<20_000 {
            var record = (0..<Int(random.next() % 120)).map { _ in UInt8(truncatingIfNeeded: random.next()) }
            if record.count > 22, random.next() % 4 > 0 {
                record[8] = random.next() % 2 == 0 ? 0x53 : 0x43
                record[9] &= 3
                record[0] = 27 + record[0] % 4
                record[1] = 0
                record[22] &= 3
            }
            for linkType: Int32 in [189, 220] {
                guard let packet = try? mon(linkType, record, time: 0) else {
                    continue
                }
                #expect(packet.data.upperBound <= record.count && packet.missingByteCount >= 0)
            }
            if case .some(.some(let packet)) = try? windows(record, time: 0) {
                #expect(packet.data.upperBound <= record.count && packet.missingByteCount >= 0)
            }
        }
    }

    @Test func pendingTransfersAreForgotten() {
        var submissions = Submissions()
        for id in 0..<UInt64(100_000) {
            submissions.submit(id, Submissions.Pending(byteCount: 1))
            #expect(submissions.count <= 2 * Submissions.generationLimit)
        }
        #expect(submissions.complete(0) == nil)
        #expect(submissions.complete(99_999)?.byteCount == 1)
        #expect(submissions.complete(99_999) == nil)
    }
}
