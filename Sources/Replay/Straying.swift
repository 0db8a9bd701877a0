/// The other side has left the recorded bytes, in a replay that goes on all the same: with one byte that is another, or with
/// some too many or too few. It is found again where what it sends is what was recorded, near by or where a message was
/// sent once more.
struct Straying {
    /// The last bytes that it sent.
    private var recent: [UInt8] = []
    /// How many have come since it left, or since it last fell quiet: how far is searched depends on it.
    private var count = 0
    /// How many of them in a row are those that stand at the place where they would be if only bytes were changed.
    private var inPlace = 0
    /// Whether it is taken to wait for an answer.
    private(set) var isQuiet = false

    /// In a row they are no accident: a sync word has as many.
    private static let fewBytes = 4
    /// The same where many places are looked at, or frames begin alike.
    private static let manyBytes = 8
    /// Bytes that are searched through both ways while a message begins, and after that.
    private static let farPlaces = 1 << 16
    private static let nearPlaces = 1100
    /// A message begins with as many.
    private static let beginning = 32
    /// Where it falls quiet so near to the end of a message, it is at that end.
    static let nearEnd = 16
    /// After so long without a byte it is taken to wait for the answer, in nanoseconds: hosts wait 50 ms and more
    /// (ECR6600 facts §11).
    static let quiet: Int64 = 20_000_000

    /// - Parameter isInPlace: whether it is the byte that was recorded at the place.
    mutating func take(_ byte: UInt8, isInPlace: Bool) {
        if recent.count == Self.manyBytes { recent.removeFirst() }
        recent.append(byte)
        count += 1
        isQuiet = false
        inPlace = isInPlace ? inPlace + 1 : 0
    }

    mutating func fallQuiet() {
        count = 0
        isQuiet = true
    }

    /// Where the recorded bytes go on, if what has come is found in them.
    /// - Parameter place: where they would go on if only bytes were changed.
    func found(in recorded: [UInt8], near place: Int) -> Int? {
        if inPlace >= Self.fewBytes { return place }
        let far = count <= Self.beginning ? Self.farPlaces : Self.nearPlaces
        for distance in 1...far {
            // More came than was recorded, of which the last may be a word that is said over and over.
            if distance <= Self.fewBytes, ends(at: place - distance, Self.fewBytes, recorded) {
                return place - distance
            }
            if ends(at: place - distance, Self.manyBytes, recorded) { return place - distance }
            if ends(at: place + distance, Self.manyBytes, recorded) { return place + distance }
        }
        return nil
    }

    /// Whether all that it sent last is a message that ends at a place, or the end of one.
    func ends(at place: Int, in recorded: [UInt8]) -> Bool {
        recent.count >= Self.fewBytes && ends(at: place, recent.count, recorded)
    }

    /// Whether the last `length` bytes are those that are recorded before a place.
    private func ends(at place: Int, _ length: Int, _ recorded: [UInt8]) -> Bool {
        guard recent.count >= length, place >= length, place <= recorded.count, recent.last == recorded[place - 1]
        else {
            return false
        }
        return recorded[(place - length)..<place].elementsEqual(recent.suffix(length))
    }
}
