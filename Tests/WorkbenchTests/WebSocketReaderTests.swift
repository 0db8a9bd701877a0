import Testing

@testable import Workbench

/// Frames as RFC 6455 §5 has them, its own examples (§5.7) among them.
struct WebSocketReaderTests {
    private typealias Problem = WebSocketReader.Problem

    private func items(_ bytes: [UInt8], piece: Int = .max) throws -> [WebSocketReader.Item] {
        var reader = WebSocketReader()
        var (items, rest): ([WebSocketReader.Item], ArraySlice<UInt8>) = ([], bytes[...])
        while !rest.isEmpty {
            let next = rest.prefix(piece)
            rest = rest.dropFirst(next.count)
            reader.take(Array(next))
            while let item = try reader.next() { items.append(item) }
        }
        #expect(!reader.isInside)
        return items
    }

    private func frame(_ first: UInt8, _ payload: [UInt8]) -> [UInt8] {
        let length: [UInt8] =
            payload.count < 126
            ? [0x80 | UInt8(payload.count)] : [0xFE, UInt8(payload.count >> 8 & 0xFF), UInt8(payload.count & 0xFF)]
        return [first] + length + [0, 0, 0, 0] + payload
    }

    @Test(arguments: [1, 2, 7, .max]) func messagesComeAsTheyWereSent(piece: Int) throws {
        // "A single-frame masked text message", "Hello".
        let hello: [UInt8] = [0x81, 0x85, 0x37, 0xFA, 0x21, 0x3D, 0x7F, 0x9F, 0x4D, 0x51, 0x58]
        let long = String(repeating: "ä", count: 20_000)
        let bytes =
            hello + frame(0x89, [1, 2]) + frame(0x8A, []) + frame(0x81, Array(long.utf8)) + frame(0x88, [0x03, 0xE9])
        #expect(try items(bytes, piece: piece) == [.text("Hello"), .ping([1, 2]), .text(long), .close(1001)])
    }

    @Test(
        arguments: [
            ([0x81, 0x05, 0x48, 0x65, 0x6C, 0x6C, 0x6F], 1002), ([0xC1, 0x80], 1002), ([0x83, 0x80], 1002),
            ([0x80, 0x80], 1002), ([0x01, 0x80], 1003), ([0x82, 0x80], 1003), ([0x09, 0x80], 1002),
            ([0x89, 0xFE], 1002),
            ([0x81, 0xFE, 0x00, 0x7D], 1002), ([0x81, 0xFF, 0, 0, 0, 0, 0, 1, 0, 1], 1009),
            ([0x81, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF], 1009),
            ([0x81, 0x81, 0, 0, 0, 0, 0xFF], 1007), ([0x88, 0x81, 0, 0, 0, 0, 3], 1002),
            ([0x88, 0x82, 0, 0, 0, 0, 0x03, 0xEC], 1002), ([0x88, 0x83, 0, 0, 0, 0, 0x03, 0xE8, 0xFF], 1007),
        ] as [([UInt8], UInt16)])
    func whatIsWrongIsSaidAtOnce(bytes: [UInt8], code: UInt16) {
        do {
            let items = try items(bytes)
            Issue.record("\(items)")
        } catch {
            #expect((error as? Problem)?.code == code)
        }
    }

    @Test func framesOfAServer() {
        // "A single-frame unmasked text message", "Hello"; 256 bytes; and what has more than 64 KB.
        #expect(WebSocketFrame.text("Hello") == [0x81, 0x05, 0x48, 0x65, 0x6C, 0x6C, 0x6F])
        #expect(WebSocketFrame.text(String(repeating: "a", count: 256)).prefix(4) == [0x81, 0x7E, 0x01, 0x00])
        #expect(
            WebSocketFrame.text(String(repeating: "a", count: 65_536)).prefix(10)
                == [0x81, 0x7F, 0, 0, 0, 0, 0, 1, 0, 0])
        #expect(WebSocketFrame.close(1002, "x") == [0x88, 0x03, 0x03, 0xEA, 0x78])
    }
}
