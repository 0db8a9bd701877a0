import Check
import Emulator
import Line
import Trace
import Wire
import Words

/// Finds the places of a run: every step of the protocol, every operation of the flash, every 1,024 bytes of a transfer.
struct CutPlaces {
    private var drafts: [CutPlace] = []
    private var stretch = "before the first message"
    private var characterPicoseconds = BitRate(baud: 115_200).characterPicoseconds

    private static let piece = 1024
    /// The end of a message is a place of its own: this near to it there is no other.
    private static let leastRest = 64

    /// - Parameters:
    ///   - events: of the run, in the order of time.
    ///   - operations: what the flash did.
    static func places(of events: [TraceEvent], _ operations: [FlashOperation]) -> [CutPlace] {
        var finder = CutPlaces()
        var decoder = SessionDecoder()
        for event in events {
            switch event.kind {
            case .data(let direction, let bytes):
                decoder.feed(bytes.span, direction, stamp: event.time.nanoseconds)
                finder.take(&decoder)
            case .baud(.host, let rate) where rate > 0:
                finder.characterPicoseconds = BitRate(baud: Int(rate)).characterPicoseconds
            default: break
            }
        }
        decoder.finish()
        finder.take(&decoder)
        finder.drafts += operations.map(finder.place)
        return finder.numbered()
    }

    private mutating func take(_ decoder: inout SessionDecoder) {
        while let event = decoder.nextEvent() {
            note(event.kind)
            let end = Instant(nanoseconds: event.end)
            for done in stride(from: Self.piece, to: event.byteCount - Self.leastRest, by: Self.piece) {
                let missing = Int64(event.byteCount - done) * characterPicoseconds / 1000
                add(.bytes, Instant(nanoseconds: event.end - missing), "\(done) bytes into \(event)")
            }
            add(.step, end, "after \(event)")
        }
    }

    private mutating func add(_ kind: CutPlace.Kind, _ moment: Instant, _ words: String) {
        drafts.append(CutPlace(number: 0, kind: kind, moment: moment, stretch: stretch, words: words))
    }

    /// In the middle of it.
    private func place(of operation: FlashOperation) -> CutPlace {
        let half = operation.start.duration(to: operation.end) / 2
        let what = operation.kind == .erase ? "erasing" : "programming"
        return CutPlace(
            number: 0, kind: .flash, moment: operation.start.advanced(by: half), stretch: "",
            words: "while \(what) \(hex(operation.range.lowerBound))")
    }

    private mutating func note(_ kind: SessionEvent.Kind) {
        switch kind {
        case .syncWord, .syncAnswer, .amtWord: stretch = "sync"
        case .downloadHeader, .payload, .filler: stretch = "upload"
        case .request(let request):
            if case .data = request.body { return }
            stretch = request.command.description
        default: break
        }
    }

    /// In the order of time, each moment once. What the flash does belongs to the stretch that it falls into.
    private func numbered() -> [CutPlace] {
        var places: [CutPlace] = []
        let inOrder = drafts.enumerated().sorted { ($0.element.moment, $0.offset) < ($1.element.moment, $1.offset) }
        for draft in inOrder.map(\.element) where draft.moment != places.last?.moment {
            var place = draft
            place.number = places.count + 1
            if place.stretch.isEmpty { place.stretch = places.last?.stretch ?? stretch }
            places.append(place)
        }
        return places
    }
}
