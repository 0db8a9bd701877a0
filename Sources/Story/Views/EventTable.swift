import Line
import Wire
import Words

/// A session for a spreadsheet: a row an event or mark, as RFC 4180 has it.
package struct EventTable {
    /// The first row. Times are seconds since the trace's beginning; a message has that of its first and of its last byte.
    package static let head = "start,end,direction,offset,bytes,kind,text,pitfall\r\n"

    private var origin: Int64?

    package init() {}

    /// The row of a message or a mark.
    package mutating func row(_ told: SessionFollower.Told) -> String {
        switch told {
        case .event(let event, _):
            row([
                seconds(event.start), seconds(event.end), event.direction.name, "\(event.offset)", "\(event.byteCount)",
                event.kind.name, event.description, event.pitfall?.name ?? "",
            ])
        case .mark(let mark):
            row([seconds(mark.stamp), seconds(mark.stamp), "", "", "", mark.kind, mark.text, mark.pitfall?.name ?? ""])
        }
    }

    private func row(_ fields: [String]) -> String {
        fields.map(Self.quoted).joined(separator: ",") + "\r\n"
    }

    /// In quotes where a comma, a quote or the end of a line is in it.
    private static func quoted(_ field: String) -> String {
        guard field.utf8.contains(where: { [0x22, 0x2C, 0x0A, 0x0D].contains($0) }) else { return field }
        return "\"" + field.replacing("\"", with: "\"\"") + "\""
    }

    private mutating func seconds(_ stamp: Int64) -> String {
        let origin = origin ?? stamp
        self.origin = origin
        return Decimals.text(stamp - origin, places: 9)
    }
}

/// Whole numbers of a small unit as decimals of a larger one, exactly.
enum Decimals {
    /// `value` as a multiple of 10^-places: `text(1500, places: 3)` is "1.500".
    static func text(_ value: Int64, places: Int) -> String {
        let digits = String(value.magnitude)
        let padded = String(repeating: "0", count: max(0, places + 1 - digits.count)) + digits
        return (value < 0 ? "-" : "") + padded.dropLast(places) + "." + padded.suffix(places)
    }
}
