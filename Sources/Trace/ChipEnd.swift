package import Line

/// Makes the chip's end of a line of the host's and of the differences between the two, as they come in a trace.
package struct ChipEnd: Sendable {
    /// Bytes of the host's end that have gone by.
    private var places = Pair(0)
    private var waiting = Pair([LineDifference]())

    package init() {}

    /// Takes a difference. - Returns: what the chip's end has at once; empty where bytes of the host's end come first.
    package mutating func note(_ difference: LineDifference) -> [UInt8] {
        let direction = difference.direction
        guard difference.hostCount == 0, difference.hostOffset == places[direction], waiting[direction].isEmpty else {
            waiting[direction].append(difference)
            return []
        }
        return difference.chipCharacters
    }

    /// What the chip's end has where the host's has these bytes.
    package mutating func data(_ bytes: Span<UInt8>, _ direction: Direction) -> [UInt8] {
        let start = places[direction]
        let end = start + bytes.count
        places[direction] = end
        var chip: [UInt8] = []
        var place = start
        func copy(to limit: Int) {
            for index in place..<max(place, limit) { chip.append(bytes[index - start]) }
            place = max(place, limit)
        }
        var used = 0
        for difference in waiting[direction] {
            guard difference.hostOffset < end else { break }
            used += 1
            // Those of a damaged trace may overlap: what is past is past.
            guard difference.hostOffset >= place else { continue }
            copy(to: difference.hostOffset)
            chip += difference.chipCharacters
            let behind = difference.hostOffset + difference.hostCount
            place = min(end, behind)
            guard behind > end else { continue }
            used -= 1
            waiting[direction][used].hostOffset = end
            waiting[direction][used].hostCount = behind - end
            waiting[direction][used].chipCharacters = []
            break
        }
        waiting[direction].removeFirst(used)
        copy(to: end)
        return chip
    }
}
