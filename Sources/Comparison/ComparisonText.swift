import Line
import Story
import Wire
import Words

/// A comparison for a person: the steps that differ with what comes before and behind them, one a line, as `show` names
/// them. `-` is only in A, `+` only in B, `~` in both but different, `t` at another time.
package struct ComparisonText: Sendable {
    private let names: (a: String, b: String)
    private let isColoured: Bool
    private let most: Int
    private let window: Int
    package private(set) var tally = ComparisonTally()
    private var fold = DifferenceFold()
    private var hasHeader = false
    private var toldCount = 0
    /// Steps that differ and are not told: there are too many.
    private var untoldCount = 0
    /// The last steps that agree, and how many before them are not told.
    private var before: [(a: TraceStep, b: TraceStep)] = []
    private var skippedCount = 0
    /// How many of the next steps that agree are told.
    private var behindCount = 0

    /// Steps that agree are told so many before a difference, and so many behind it.
    private static let mostBefore = 2
    private static let mostBehind = 1
    /// Of what both have next where they cannot be aligned.
    private static let mostNext = 5

    /// - Parameters:
    ///   - a: the name of trace A.
    ///   - b: that of trace B.
    ///   - isColoured: whether lines carry ANSI colours.
    ///   - most: how many differences are told.
    ///   - window: the comparison's, in steps.
    package init(a: String, b: String, isColoured: Bool, most: Int, window: Int) {
        names = (a, b)
        self.isColoured = isColoured
        self.most = most
        self.window = window
    }

    /// Takes what was found. - Returns: the lines to print by now.
    package mutating func take(_ finding: Finding) -> [String] {
        tally.count(finding)
        return fold.take(finding).flatMap { lines($0) }
    }

    /// Nothing more is found. - Returns: the lines that are left, the last with the verdict.
    package mutating func finish() -> [String] {
        var text = fold.finish().flatMap { lines($0) }
        switch tally.outcome {
        case .agree: return text + ["\(names.a) and \(names.b) agree: \(plural(tally.sameCount, "step"))"]
        case .nothingToCompare:
            return text + ["neither trace has a byte of the host or the chip: there is nothing to compare"]
        case .differ, .gaveUp: break
        }
        let agreeing = skippedCount + before.count
        if agreeing > 0, untoldCount == 0, !tally.hasGivenUp { text.append(Self.agreeing(agreeing, "to the end")) }
        if untoldCount > 0 {
            text.append("… \(plural(untoldCount, "more step")) that differ\(untoldCount == 1 ? "s" : "") (--most)")
        }
        return text + [tally.words]
    }

    private mutating func lines(_ told: DifferenceFold.Told) -> [String] {
        switch told {
        case .same(let a, let b):
            guard behindCount > 0 else {
                skip(a, b)
                return []
            }
            behindCount -= 1
            return [line(" ", a, b)]
        case .difference(let difference):
            guard toldCount < most else {
                untoldCount += difference.count
                return []
            }
            toldCount += 1
            return lead() + lines(difference)
        case .gaveUp(let a, let b):
            let next = [(ComparedSide.a, a), (.b, b)].flatMap { side, steps in
                steps.prefix(Self.mostNext).map {
                    line(side == .a ? "-" : "+", side == .a ? $0 : nil, side == .b ? $0 : nil)
                }
            }
            return lead() + [
                paint("? gave up: nothing in the next \(window) steps of one goes on like the other (--window).", 33),
                paint("  Nothing from here on was compared. What A has next, and what B has:", 33),
            ] + next
        }
    }

    private mutating func skip(_ a: TraceStep, _ b: TraceStep) {
        before.append((a, b))
        guard before.count > Self.mostBefore else { return }
        before.removeFirst()
        skippedCount += 1
    }

    /// What comes before a difference.
    private mutating func lead() -> [String] {
        var lines: [String] = []
        if !hasHeader {
            hasHeader = true
            lines = [
                paint("- A: \(names.a)", 31), paint("+ B: \(names.b)", 32),
                "  \(Format.right("in A", Self.timeWidth)) \(Format.right("in B", Self.timeWidth))",
            ]
        }
        if skippedCount > 0 { lines.append(Self.agreeing(skippedCount, nil)) }
        lines += before.map { line(" ", $0.a, $0.b) }
        (skippedCount, before, behindCount) = (0, [], Self.mostBehind)
        return lines
    }

    private static func agreeing(_ count: Int, _ where: String?) -> String {
        "  … \(plural(count, "step")) agree\(count == 1 ? "s" : "")\(`where`.map { " \($0)" } ?? "")"
    }

    // MARK: Lines

    private func lines(_ difference: Difference) -> [String] {
        switch difference.kind {
        case .only(let side):
            [line(side == .a ? "-" : "+", difference.a, difference.b, times: difference.count)]
        case .changed: changedLines(difference)
        case .late(let place, let duration):
            [
                line("t", difference.a, difference.b),
                paint(Self.margin + Self.lateness(duration, at: place, difference), 33),
            ]
        }
    }

    private func changedLines(_ difference: Difference) -> [String] {
        guard let a = difference.a, let b = difference.b else { return [] }
        var lines = [line("~", a, b)]
        let fields = a.changedFields(to: b)
        if !fields.isEmpty {
            let words = fields.map { "\($0.name) \($0.a ?? "none") → \($0.b ?? "none")" }.joined(separator: ", ")
            lines += Format.wrapped(words, width: 44).map { paint(Self.margin + $0, 33) }
        } else if a.description != b.description {
            lines.append(paint(Self.margin + "in B: \(b.description)", 33))
        }
        guard !a.bytes.isEmpty || !b.bytes.isEmpty else { return lines }
        let changes = ByteChanges(a.bytes, b.bytes)
        lines.append(paint(Self.margin + changes.words(of: a.bytes.count, b.bytes.count), 33))
        for row in changes.rows { lines += self.lines(row) }
        if changes.hasMore { lines.append(Self.rowMargin + "…") }
        return lines
    }

    private func lines(_ row: ByteChanges.Row) -> [String] {
        let place = "0x" + Format.right(String(row.offset, radix: 16, uppercase: true), 4).replacing(" ", with: "0")
        let last = row.differs.lastIndex(of: true) ?? 0
        let marks = row.differs[...last].map { $0 ? "^^" : "  " }.joined(separator: " ")
        let blank = String(repeating: " ", count: place.count)
        return [
            Self.rowMargin + "\(place)  A  \(hexBytes(row.a))", Self.rowMargin + "\(blank)  B  \(hexBytes(row.b))",
            Self.rowMargin + paint("\(blank)     \(marks)", 33),
        ]
    }

    private static func lateness(_ duration: Duration, at place: Int, _ difference: Difference) -> String {
        let isEarlier = duration < .zero
        let nanoseconds = (isEarlier ? .zero - duration : duration).wholeNanosecondsClamped
        let count = difference.a?.bytes.count ?? 0
        let what = place == count - 1 ? "" : "byte \(hex(place)) "
        guard nanoseconds > 0 else { return "\(what)comes in time again" }
        return "\(what)comes \(Format.duration(nanoseconds)) \(isEarlier ? "earlier" : "later") in B"
    }

    private static let timeWidth = 11
    /// The longest kind of what is done to a port, "format", sets the column.
    private static let placeWidth = 9
    private static let margin = String(repeating: " ", count: 2 * timeWidth + 5 + placeWidth)
    private static let rowMargin = String(repeating: " ", count: 8)

    /// A step of one trace or of both.
    private func line(_ mark: String, _ a: TraceStep?, _ b: TraceStep?, times count: Int = 1) -> String {
        guard let step = a ?? b else { return "" }
        let times = [a, b].map { Format.right($0.map { Format.seconds($0.shownTime) } ?? "", Self.timeWidth) }
        let words = "\(count == 1 ? "" : "\(count) × ")\(step.description)"
        let place =
            switch step.what {
            case .bytes(let event): EventLines.arrow(event.direction)
            case .port: "· \(step.kindName)"
            }
        return paint(
            "\(mark) \(times[0]) \(times[1])  \(Format.left(place, Self.placeWidth))\(words)", Self.colour(of: mark))
    }

    private static func colour(of mark: String) -> Int? {
        switch mark {
        case "-": 31
        case "+": 32
        case "~", "t": 33
        default: nil
        }
    }

    private func paint(_ text: String, _ colour: Int?) -> String {
        guard isColoured, let colour else { return text }
        return "\u{1B}[\(colour)m\(text)\u{1B}[0m"
    }
}

extension TraceStep {
    /// In which fields another message differs from this one.
    func changedFields(to other: TraceStep) -> [FieldChange] {
        guard case .bytes(let one) = what, case .bytes(let another) = other.what else { return [] }
        return FieldChange.between(one.kind, another.kind)
    }
}

extension ByteChanges {
    /// How many bytes differ, and from where on.
    func words(of countA: Int, _ countB: Int) -> String {
        let place = "from \(hex(firstOffset)) on"
        guard countA == countB else {
            return "\(place) \(plural(self.countA, "byte")) in A, \(self.countB) in B"
        }
        if self.countA == 1 { return "byte \(hex(firstOffset)) differs" }
        return "\(self.countA) of \(countA) bytes differ, \(place)"
    }
}

extension Duration {
    /// Nanoseconds, or the most there are.
    var wholeNanosecondsClamped: Int64 {
        self > .nanoseconds(Int64.max) ? .max : self < .nanoseconds(Int64.min) ? .min : wholeNanoseconds
    }
}
