/// What waits in order, first in, first out, in one array that uses its room again.
///
/// Taking from the head moves an index. The room in front of it comes back with the next append, in amortised constant
/// time, so that a queue that never runs empty stays as large as what waits in it.
///
/// It is public, as nothing else here needs to be: only so do other rooms get it made for their own elements.
@frozen public struct Queue<Element> {
    @usableFromInline var elements: [Element] = []
    @usableFromInline var head = 0

    @inlinable public init() {}

    @inlinable public var isEmpty: Bool { head == elements.count }

    @inlinable public var count: Int { elements.count - head }

    /// The element that has waited longest.
    @inlinable public var first: Element? { isEmpty ? nil : elements[head] }

    /// The element that came last.
    @inlinable public var last: Element? { isEmpty ? nil : elements[elements.count - 1] }

    /// Everything that waits; 0 is the head. A view, not a copy, while nothing is appended.
    @inlinable public var waiting: ArraySlice<Element> { elements[head...] }

    /// - Parameter index: counted from the head.
    @inlinable public subscript(index: Int) -> Element {
        _read { yield elements[head + index] }
        _modify { yield &elements[head + index] }
    }

    @inlinable public mutating func append(_ element: Element) {
        reclaim()
        elements.append(element)
    }

    @inlinable public mutating func append(contentsOf run: Span<Element>) {
        reclaim()
        run.withUnsafeBufferPointer { elements.append(contentsOf: $0) }
    }

    /// Lets `write` append to the array in the queue; it must leave alone what the array holds already.
    @inlinable public mutating func append<Result>(by write: (inout [Element]) -> Result) -> Result {
        reclaim()
        return write(&elements)
    }

    /// Takes the element at the head, which must be there.
    @inlinable public mutating func removeFirst() -> Element {
        let element = elements[head]
        head += 1
        return element
    }

    /// Moves `count` elements, no more than there are, to the end of `destination`.
    @inlinable public mutating func take(_ count: Int, into destination: inout [Element]) {
        destination.append(contentsOf: elements[head..<(head + count)])
        head += count
    }

    /// Throws `count` elements away, no more than there are.
    @inlinable public mutating func drop(_ count: Int) {
        precondition(count <= self.count, "more than waits")
        head += count
    }

    @inlinable public mutating func removeAll() {
        elements.removeAll(keepingCapacity: true)
        head = 0
    }

    @inlinable mutating func reclaim() {
        if isEmpty {
            removeAll()
        } else if head > elements.count / 2 {
            elements.removeFirst(head)
            head = 0
        }
    }
}

extension Queue: Sendable where Element: Sendable {}
