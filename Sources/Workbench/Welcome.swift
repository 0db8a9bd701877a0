import Bench
import Emulator
import Images
import Lessons
import Line
import Scenarios
import Words

/// What a page is told first: all of the bench as it is now.
struct Welcome: Sendable {
    private let board: Board

    init(_ plan: WorkbenchPlan) {
        board = plan.board
    }

    /// On the emulation's thread.
    func members(
        _ emulation: Emulation, hasImage: Bool, hasBackup: Bool, lessons: LessonDesk
    ) -> [JSONValue.Member] {
        [
            .init("version", .integer(ControlRequest.version)), .init("event", .string("welcome")),
            .init("atNanoseconds", .integer(emulation.moment.nanoseconds)), .init("text", .string("welcome")),
            .init("status", emulation.status.json), .init("hookup", emulation.shownHookup.json),
            .init("board", json(of: board, hasResetPad: emulation.hasResetPad)),
            .init("flash", json(of: emulation.shownFlash)),
            .init(
                "faults",
                .array(
                    Hookup.faults.map {
                        .object([.init("name", .string($0.name)), .init("about", .string($0.about))])
                    })),
            .init("hasImage", .bool(hasImage)), .init("hasBackup", .bool(hasBackup)),
            .init("lessons", lessons.list), .init("lesson", emulation.lesson?.run.json ?? .null),
        ]
    }

    private func json(of board: Board, hasResetPad: Bool) -> JSONValue {
        let pads = Hookup.Pad.allCases.filter { $0 != .reset || hasResetPad }
        return .object([
            .init("name", .string(board.name)), .init("about", .string(board.about)),
            .init("pads", .array(pads.map { .string($0.rawValue) })),
        ])
    }

    private func json(of flash: NORFlash) -> JSONValue {
        let size = NORFlash.sectorByteCount
        let contents = flash.contents
        let sectors = stride(from: 0, to: contents.count, by: size).map { start in
            contents[start..<min(start + size, contents.count)].allSatisfy { $0 == 0xFF } ? "." : "#"
        }
        let first = Array(contents.prefix(PartitionTable.byteCount))
        let table = try? PartitionTable(parsing: first.span)
        return .object([
            .init("byteCount", .integer(Int64(flash.byteCount))), .init("sectors", .string(sectors.joined())),
            .init(
                "partitions",
                .array(
                    (table?.entries ?? []).map { entry in
                        .object([
                            .init("name", .string(entry.name)), .init("address", .integer(Int64(entry.address))),
                            .init("length", .integer(Int64(entry.byteCount))),
                        ])
                    })),
        ])
    }
}
