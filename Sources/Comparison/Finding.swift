import Line

/// What a comparison of two traces comes to, in the order of their steps.
package enum Finding: Sendable {
    /// Both have it.
    case same(TraceStep, TraceStep)
    /// Both have it, and B has its byte at `place` so much later than A, counted from their first bytes: less than zero
    /// for earlier, zero where it is within the tolerance again. Only where times are compared, and only where that is
    /// another time than it was before.
    case late(TraceStep, TraceStep, place: Int, by: Duration)
    /// One of them alone has it.
    case only(ComparedSide, TraceStep)
    /// Both have it, and it differs.
    case changed(TraceStep, TraceStep)
    /// From here on the two have so little in common that they were not compared any further. What both have next.
    case gaveUp(a: [TraceStep], b: [TraceStep])
}
