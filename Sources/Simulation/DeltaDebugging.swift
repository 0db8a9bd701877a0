/// Delta debugging: the smallest part of a list that still does what the whole list does.
package enum DeltaDebugging {
    /// `ddmin` as Zeller and Hildebrandt described it (2002): parts of the list are left out, the large ones first, as long
    /// as what is left still fails. What comes back is minimal in that no single element can be left out.
    ///
    /// - Parameters:
    ///   - list: what fails.
    ///   - fails: whether a part of it, in its order, fails as well. It is not asked about the whole list.
    package static func smallest<Element, Failure: Error>(
        _ list: [Element], fails: ([Element]) throws(Failure) -> Bool
    ) throws(Failure) -> [Element] {
        var list = list
        var pieces = 2
        while !list.isEmpty {
            let size = max(1, (list.count + pieces - 1) / pieces)
            var start = 0
            var isSmaller = false
            while start < list.count {
                let rest = Array(list[..<start] + list[min(start + size, list.count)...])
                if try fails(rest) {
                    // What follows has moved to `start`.
                    list = rest
                    isSmaller = true
                } else {
                    start += size
                }
            }
            if size == 1, !isSmaller { return list }
            if size > 1 { pieces = min(max(2, list.count), pieces * 2) }
        }
        return list
    }
}
