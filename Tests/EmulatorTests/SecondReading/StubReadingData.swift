/// The frames that follow 01, 02 and 08's write: ECR6600 facts §4.3.
extension StubReading {
    mutating func takeData() -> Bool {
        let type = download.type
        guard takeHead(type) else { return false }
        let n = Int(input[2]) | Int(input[3]) << 8
        guard !is1311 || n + 5 <= 0x1408 else {
            end = .undefined("a data frame beyond the buffer of 5 KB")
            return false
        }
        guard input.count >= n + 5 else { return false }
        let frame = Array(input[..<(n + 5)])
        input.removeFirst(frame.count)
        memory.replaceSubrange(0..<frame.count, with: frame)
        if n == 0 {
            end = .undefined("a copy of length -1")
        } else if download.wraps {
            end = .undefined("data of a range that wraps")
        } else if type == 2, mode > 2 {
            end = .hang
        } else {
            store(frame)
        }
        return end == nil
    }

    /// "Byte0 must be A5 and byte1 the command, else restart."
    private mutating func takeHead(_ type: UInt8) -> Bool {
        while input.count >= 2, input[0] != 0xA5 || input[1] != type {
            if input[0] == 0xA5, input[1] == 0xA5 {
                end = .silence("whether the second A5 of two may be the first byte of a frame")
                return false
            }
            input.removeFirst(input[0] == 0xA5 ? 2 : 1)
        }
        if input.count == 1, input[0] != 0xA5 { input = [] }
        return input.count >= 4
    }

    private mutating func store(_ frame: [UInt8]) {
        let data = Array(frame[5..<(frame.count - 1)])
        if frame[4] == 1 {
            guard let previous = download.previous else { return end = .silence("a resend of nothing") }
            download.address &-= previous
            // "In 01 only the place goes back, not the count."
            if download.type == 2 { download.left &+= previous }
            download.fromZero = download.fromZero.map { $0 - Int(previous) }
        }
        var status: UInt8 = Self.sum(frame.dropLast()) == frame.last ? 0 : 5
        if download.type == 1 {
            guard data.isEmpty || (0x20000..<0x60000).contains(download.address),
                Int(download.address) + data.count <= 0x60000
            else { return end = .silence("01 where the stub itself may be") }
        } else {
            let isWhole = program(data, at: Int(download.address))
            // "Program error status 01, which wins over 05"; 1.4.0 and community answer 00 to a cut page.
            if !isWhole, version.hasPrefix("1.3") { status = 1 }
        }
        if let filled = download.fromZero {
            let limit = version == "1.4.0" ? 4100 : isCommunity ? 4096 : Int.max
            download.fromZero = filled + data.count
            guard filled + data.count <= limit else { return end = .undefined("more than 4 KB at 0") }
        }
        download.previous = UInt32(data.count)
        download.address &+= UInt32(data.count)
        download.left &-= UInt32(data.count)
        answer(download.type, status)
        // "Then the RX FIFO is reset (02 only)."
        if download.type == 2 { input = [] }
        if download.left == 0 { waiting = .command }
    }

    /// "Page by page (256 B); the SPI driver only sends a part whose source offset within the frame is a multiple of 4."
    private mutating func program(_ data: [UInt8], at address: Int) -> Bool {
        var offset = 0
        var isWhole = true
        while offset < data.count {
            let place = address + offset
            let part = min(data.count - offset, 256 - place % 256)
            if offset % 4 != 0 {
                isWhole = false
            } else if hasFlash {
                for index in 0..<part { flash[(place + index) % 0x100_0000 % flash.count] &= data[offset + index] }
            }
            offset += part
        }
        return isWhole
    }

    /// "n16 ≠ len: `…04 66` at once after the 4 head bytes, the body is then scanned for A5".
    mutating func takeEFuseData(_ address: Int, _ length: Int) -> Bool {
        guard takeHead(8) else { return false }
        let n = Int(input[2]) | Int(input[3]) << 8
        guard n == length else {
            input.removeFirst(4)
            answer(8, 4)
            waiting = .command
            return true
        }
        guard input.count >= n + 5 else { return false }
        let frame = Array(input[..<(n + 5)])
        input.removeFirst(frame.count)
        memory.replaceSubrange(0..<frame.count, with: frame)
        let isRight = Self.sum(frame.dropLast()) == frame.last
        if isRight { for index in 0..<n { efuse[address + index] |= frame[4 + index] } }
        answer(8, isRight ? 0 : 5)
        waiting = .command
        return true
    }
}
