import Bench
import Files
import Foundation
import Line
import Subprocess
import Synchronization
import SystemPackage
import Words

/// The flasher that the page can start: `solderless flash`, as a child of this process.
final class BuiltInFlasher: Sendable {
    private struct State {
        /// Ends it; nil while nothing runs.
        var stop: AsyncStream<Void>.Continuation?
        var run: _Concurrency.Task<Void, Never>?
        var backup: String?
        var backupNumber = 0
        /// Whether a lesson is being taken: the first back-up then is the one to go back to.
        var isInLesson = false
        var wasStopped = false
        var hasEnded = false
    }

    private let state = Mutex(State())
    /// `solderless`.
    private let program: String
    private let folder: String
    private let port: String
    private let images: ImageSlot
    private let tabs: Tabs
    private let moment: @Sendable () async -> Instant?

    /// What it may take to end after ^C, and after SIGTERM.
    private static let grace: [(signal: Signal, patience: Duration)] = [
        (.interrupt, .seconds(4)), (.terminate, .seconds(2)), (.kill, .seconds(2)),
    ]
    /// Its report is a few KB.
    private static let longestReport = 4 << 20

    /// - Parameter moment: the line's clock, as the tabs are told it.
    init(
        _ program: String, folder: String, port: String, images: ImageSlot, tabs: Tabs,
        moment: @escaping @Sendable () async -> Instant?
    ) {
        self.program = program
        self.folder = folder
        self.port = port
        self.images = images
        self.tabs = tabs
        self.moment = moment
    }

    /// The last back-up; nil for none.
    var backup: String? { state.withLock(\.backup) }

    var isRunning: Bool { state.withLock { $0.stop != nil } }

    /// A lesson begins: what was backed up before is of another plug.
    func beginLesson() {
        let old = state.withLock { state in
            defer { state.backup = nil }
            state.isInLesson = true
            state.stop?.yield()
            return state.backup
        }
        if let old { try? FileManager.default.removeItem(atPath: old) }
    }

    /// - Throws: `ControlRefusal` where one runs already, or has nothing to work with.
    func start(_ order: FlasherOrder) throws {
        guard FileStore.byteCount(path: program) != nil else {
            throw ControlRefusal(
                .failed, "\(program) is not there: build it (swift build -c release --product solderless)")
        }
        let image = try images.image()
        try state.withLock { state in
            guard state.stop == nil, !state.hasEnded else {
                throw ControlRefusal(.badArgument, "the flasher is running already; stop it first")
            }
            state.backupNumber += 1
            let newBackup = "\(folder)/backup-\(state.backupNumber).bin"
            let paths = FlasherOrder.Paths(
                port: port, image: image.path, isWholeFlash: image.isWholeFlash, newBackup: newBackup,
                backup: state.backup, isInLesson: state.isInLesson)
            guard let arguments = order.arguments(paths) else {
                throw ControlRefusal(.badArgument, "there is no back-up to restore yet: make one first")
            }
            let (stops, stop) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
            state.stop = stop
            state.wasStopped = false
            state.run = _Concurrency.Task { await self.carryOut(order, arguments, newBackup, stops) }
        }
    }

    /// - Throws: `ControlRefusal` where nothing runs.
    func stop() throws {
        guard let stop = state.withLock(\.stop) else { throw ControlRefusal(.badArgument, "no flasher is running") }
        stop.yield()
    }

    /// Ends it, and waits until it has ended.
    func end() async {
        let run = state.withLock { state in
            state.hasEnded = true
            state.stop?.yield()
            return state.run
        }
        await run?.value
    }

    // MARK: Running

    private func carryOut(
        _ order: FlasherOrder, _ arguments: [String], _ newBackup: String, _ stops: AsyncStream<Void>
    ) async {
        await tell(order, text: "the flasher starts: \(order.task.rawValue)") { state in
            state.begin(order)
            return []
        }
        let verdict = await run(order, arguments, stops)
        let backup = FileStore.byteCount(path: newBackup) == nil ? nil : newBackup
        let old = state.withLock { state in
            state.stop = nil
            guard let backup else { return nil as String? }
            guard !state.isInLesson || state.backup == nil else { return backup }
            defer { state.backup = backup }
            return state.backup
        }
        if let old { try? FileManager.default.removeItem(atPath: old) }
        await tell(order, text: "the flasher has ended: \(verdict.ending.rawValue)") { state in
            state.order = nil
            state.hasBackup = state.hasBackup || backup != nil
            return [
                .init("ending", .string(verdict.ending.rawValue)), .init("diagnosis", verdict.diagnosis?.json ?? .null),
                .init("hasBackup", .bool(state.hasBackup)),
            ]
        }
    }

    /// Opens the port as a terminal program would, and says what comes.
    private func listen(_ order: FlasherOrder, _ stops: AsyncStream<Void>) async -> FlasherVerdict {
        let flag = ThreadFlag()
        return await withTaskGroup(of: FlasherVerdict?.self) { group in
            group.addTask {
                for await _ in stops { flag.set() }
                return nil
            }
            let (lines, line) = AsyncStream<String>.makeStream()
            let port = port
            Thread.detachNewThread {
                do {
                    var listener = try PortListener(port)
                    let count = try listener.listen(
                        for: Self.listening, until: { flag.isSet }, { line.yield($0) })
                    line.yield(count == 0 ? "nothing came" : "\(count) bytes came")
                } catch {
                    line.yield("\(error)")
                }
                line.finish()
            }
            for await text in lines { await say(text, order) }
            group.cancelAll()
            return FlasherVerdict(report: [], code: 0, wasStopped: flag.isSet)
        }
    }
    private static let listening = Duration.seconds(10)

    private func run(_ order: FlasherOrder, _ arguments: [String], _ stops: AsyncStream<Void>) async -> FlasherVerdict {
        if order.task == .listen { return await listen(order, stops) }
        do {
            let result = try await Subprocess.run(
                .path(FilePath(platformString: program.systemName)),
                arguments: Arguments(arguments.map { $0.keptBytes + [0] }), input: .none,
                output: .bytes(limit: Self.longestReport), error: .sequence
            ) { execution in
                try await withThrowingTaskGroup(of: Void.self) { group in
                    group.addTask {
                        for try await line in execution.standardError.strings() { await self.say(line, order) }
                    }
                    group.addTask {
                        for await _ in stops {
                            self.state.withLock { $0.wasStopped = true }
                            for (signal, patience) in Self.grace {
                                try? execution.send(signal: signal)
                                try await _Concurrency.Task.sleep(for: patience)
                            }
                        }
                    }
                    try await group.next()
                    group.cancelAll()
                }
            }
            let code: Int32? =
                if case .exited(let code) = result.terminationStatus { code } else { nil }
            return FlasherVerdict(report: result.standardOutput, code: code, wasStopped: state.withLock(\.wasStopped))
        } catch {
            await say("the flasher could not be started: \(error)", order)
            return FlasherVerdict(report: [], code: nil, wasStopped: false)
        }
    }

    private func say(_ line: String, _ order: FlasherOrder) async {
        guard !line.isEmpty else { return }
        await tell(order, text: line) { state in [.init("line", .string(state.add(line)))] }
    }

    private func tell(
        _ order: FlasherOrder, text: String, _ change: @escaping (inout FlasherState) -> [JSONValue.Member]
    ) async {
        let moment = await moment()
        tabs.tell { state in
            let members = change(&state)
            return .object(
                [
                    .init("version", .integer(ControlRequest.version)), .init("event", .string("flasher")),
                    .init("atNanoseconds", moment.map { .integer($0.nanoseconds) } ?? .null),
                    .init("isRunning", .bool(state.isRunning)), .init("program", .string(order.program.rawValue)),
                    .init("task", .string(order.task.rawValue)),
                ] + members + [.init("text", .string(text))])
        }
    }
}
