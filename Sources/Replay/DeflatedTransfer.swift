import Digests

/// What a compressed write says: compressors differ, so what counts is what their streams inflate to (ECR6600 facts §10, 97).
struct DeflatedData: Sendable {
    /// All that the recorded stream says.
    private(set) var bytes: [UInt8] = []
    /// How much of it each part has said by its end.
    private(set) var ends: [Int] = []

    /// A flash of this chip has no more.
    static let mostBytes = 16 << 20

    /// - Returns: nil for what is no whole deflate stream.
    init?(_ stream: DataStream) {
        var inflater = Inflater()
        for part in stream.parts {
            inflater.feed(Array(stream.data[part.range]), into: &bytes, limit: Self.mostBytes)
            guard inflater.status != .bad else { return nil }
            ends.append(bytes.count)
        }
        guard inflater.status == .ended else { return nil }
    }

    /// The part that has said so much: the first of those that have.
    func part(saying count: Int) -> Int { ends.firstIndex { $0 >= count } ?? ends.count - 1 }
}

/// How far a host has come in a compressed write that is not the recorded one byte for byte.
struct DeflatedTransfer {
    private var inflater = Inflater()
    private var place = 0
    /// As before the last piece, which may come again.
    private var before: (inflater: Inflater, place: Int)?

    /// - Parameter start: what has come, which was as recorded.
    init(_ start: ArraySlice<UInt8>) {
        var said: [UInt8] = []
        inflater.feed(Array(start), into: &said, limit: DeflatedData.mostBytes)
        place = said.count
    }

    /// Whether its end has come.
    var isOver: Bool { inflater.status == .ended }

    /// Takes a piece. - Returns: the part of the recorded stream that has said as much; nil where it says something else.
    mutating func take(_ piece: ArraySlice<UInt8>, isAgain: Bool, _ recorded: DeflatedData) -> Int? {
        if isAgain, let before { (inflater, place) = before }
        before = (inflater, place)
        var said: [UInt8] = []
        inflater.feed(Array(piece), into: &said, limit: recorded.bytes.count - place)
        guard inflater.status != .bad, recorded.bytes[place..<(place + said.count)].elementsEqual(said) else {
            return nil
        }
        place += said.count
        if isOver { return place == recorded.bytes.count ? recorded.ends.count - 1 : nil }
        return recorded.part(saying: place)
    }
}
