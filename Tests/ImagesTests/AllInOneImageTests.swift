import Images
import Testing
import Wire

/// ECR6600 facts §6, the end.
@Suite struct AllInOneImageTests {
    /// The table of allinone_at.bin: sizes and offsets of its five entries.
    @Test func offsetsOfARealImage() throws {
        let lengths: [(AllInOneImage.EntryType, UInt32, Int)] = [
            (.stub, 0x10000, 0x298C), (.flash, 0x0, 0x1000), (.flash, 0x1000, 0x4F20), (.flash, 0x7000, 0x11AA68),
            (.flash, 0x1FB000, 0x3000),
        ]
        let image = try AllInOneImage(
            entries: lengths.map { .init($0.0, at: $0.1, data: [UInt8](repeating: 0, count: $0.2)) })
        #expect(image.entryOffsets == [0x5, 0x299A, 0x39A3, 0x88CC, 0x12333D])
        #expect(image.byteCount == 1_205_062)
        #expect(image.bytes.count == 1_205_062)
        #expect(image.overlaps.isEmpty)
    }

    @Test func bytesOfASmallImage() throws {
        let image = try AllInOneImage(entries: [.init(.flash, at: 0x7000, data: [1, 2])])
        #expect(image.bytes == [0x6F, 0x6E, 0x65, 0x62, 1, 2, 0x00, 0x70, 0, 0, 2, 0, 0, 0, 1, 2])
    }

    @Test func roundTrip() throws {
        var random = SystemRandomNumberGenerator()
        for _ in 0..<200 {
            let entries = (0..<Int.random(in: 0...6, using: &random)).map { _ in
                AllInOneImage.Entry(
                    .init(rawValue: .random(in: 0...255)), at: .random(in: 0 ... .max),
                    data: (0..<Int.random(in: 0...40)).map { _ in .random(in: 0...255) })
            }
            let image = try AllInOneImage(entries: entries)
            #expect(try AllInOneImage(parsing: image.bytes.span) == image)
            // Every shorter file is refused, and so is a longer one.
            for count in 0..<image.byteCount {
                #expect(throws: WireError.self) { try AllInOneImage(parsing: Array(image.bytes[..<count]).span) }
            }
            #expect(throws: WireError.self) { try AllInOneImage(parsing: (image.bytes + [0]).span) }
        }
    }

    @Test func errorsNameThePlace() throws {
        var bytes = try AllInOneImage(entries: [.init(.flash, at: 0, data: [1, 2, 3])]).bytes
        bytes[10] = 9
        #expect {
            try AllInOneImage(parsing: bytes.span)
        } throws: { error in
            (error as? WireError)?.offset == 10 && (error as? WireError)?.found == "9"
        }
    }

    @Test func overlapsAreTold() throws {
        let image = try AllInOneImage(entries: [
            .init(.stub, at: 0x0, data: [1, 2]), .init(.flash, at: 0x0, data: [1, 2]),
            .init(.flash, at: 0x1, data: [3]),
            .init(.flash, at: 0x2, data: [4]), .init(.flash, at: .max, data: [1, 2]),
        ])
        #expect(image.overlaps.map { [$0.earlier, $0.later] } == [[1, 2]])
    }
}
