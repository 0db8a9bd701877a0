import Digests
import Line
package import Wire

extension Recording {
    /// What the recorded session read of the flash before anything else was written there: a chip that takes over can hold
    /// it too. Address and bytes, in the session's order.
    package var readings: [(address: Int, bytes: [UInt8])] {
        var readings: [(address: Int, bytes: [UInt8])] = []
        var written: [Range<Int>] = []
        /// The read that runs: where its next byte lies, and where it ends.
        var place = 0
        var end = 0
        /// Of a compressed one: what its blocks say.
        var inflater: Inflater?
        func add(_ block: ArraySlice<UInt8>) {
            var bytes = block
            if inflater != nil {
                var said: [UInt8] = []
                inflater?.feed(Array(block), into: &said, limit: max(0, end - place))
                bytes = said[...]
            }
            let count = min(bytes.count, end - place)
            guard count > 0 else { return }
            let range = place..<(place + count)
            place += count
            guard !written.contains(where: { $0.overlaps(range) }) else { return }
            readings.append((range.lowerBound, Array(bytes.prefix(count))))
        }
        for message in messages {
            switch message.kind {
            case .request(let request):
                inflater = nil
                switch (request.command, request.body) {
                case (.xmodemReadCompressed, .range(let address, let length)),
                    (.xmodemReadCompressed, .compressedRange(let address, let length, _)):
                    (place, end) = (Int(address), Int(address) + Int(length))
                    inflater = Inflater()
                case (.xmodemRead, .range(let address, let length)), (.flashUpload, .range(let address, let length)):
                    (place, end) = (Int(address), Int(address) + Int(length))
                case (.chipErase, _): return readings
                case (.flashDownload, .range(let address, let length)), (.erase, .range(let address, let length)),
                    (.xmodemWrite, .range(let address, let length)),
                    (.xmodemWriteCompressed, .range(let address, let length)):
                    let sectors = Int(address) / Self.sector * Self.sector..<(Int(address) + Int(length) + Self.sector)
                    if written.count < Self.mostWrites { written.append(sectors) }
                    end = 0
                default: end = 0
                }
            case .xmodemBlock(let block) where message.direction == .chipToHost && block.isIntact:
                if !block.isRepeated { add(message.bytes[3..<(3 + block.dataByteCount)]) }
            case .uploadFrame(let count, _, _, _): add(message.bytes[4..<min(message.bytes.count, 4 + count)])
            default: break
            }
        }
        return readings
    }

    private static var sector: Int { 4096 }
    /// Writes that are told apart; of a trace with more, what is read after them may be what they wrote.
    private static var mostWrites: Int { 256 }

    /// The id of the flash as the recorded chip named it; nil where it was not asked.
    package var flashID: FlashID? {
        for case .answer(let answer) in messages.lazy.map(\.kind)
        where answer.command == .flashID && answer.status == .success && answer.data.count >= 3 {
            return FlashID(manufacturer: answer.data[0], type: answer.data[1], sizeCode: answer.data[2])
        }
        return nil
    }

    /// The eFuse as the recorded chip told it; nil where it was not asked for all of it.
    package var efuse: [UInt8]? {
        for case .answer(let answer) in messages.lazy.map(\.kind)
        where answer.command == .efuseDump && answer.status == .success && !answer.data.isEmpty {
            return answer.data
        }
        return nil
    }
}
