import Bench
import Emulator
import Files
import Images
import Line
import Logging
import Ports
import ScenarioFiles
import Scenarios
import Wire
import Words

/// A bench with its emulation, its built-in flasher, and all who look at it.
final class WorkbenchBench: Sendable {
    let emulation: EmulationThread
    let tabs: Tabs
    let flasher: BuiltInFlasher
    let images: ImageSlot
    let folder: PrivateFolder
    private let welcome: Welcome
    private let lessons: LessonDesk

    /// - Parameters:
    ///   - heardSignal: called for each signal that would end the process, on the emulation's thread.
    /// - Throws: `PortError`, `CaptureError`, `FileError`.
    init(
        _ plan: WorkbenchPlan, log: Logger, heardSignal: @escaping @Sendable (Int32) -> Void
    ) async throws {
        let folder = try PrivateFolder()
        let tabs = Tabs()
        var emulated = plan.emulation
        emulated.tracePath = Self.trace(in: folder)
        let emulation: EmulationThread
        do {
            emulation = try await EmulationThread.start(emulated, log: log, heardSignal: heardSignal) { emulation in
                emulation.audience = EmulationAudience(.story) { tabs.tell($0) }
            }
        } catch {
            folder.remove()
            throw error
        }
        let images = ImageSlot(
            folder: folder.path, flashByteCount: plan.emulation.setup.scenario.flashID.byteCount ?? 2 << 20)
        self.emulation = emulation
        self.tabs = tabs
        self.folder = folder
        self.images = images
        lessons = LessonDesk(try Catalogue.lessons(), record: Self.record(log))
        flasher = BuiltInFlasher(
            plan.program, folder: folder.path, port: emulation.link ?? emulation.path, images: images, tabs: tabs,
            moment: { try? await emulation.perform { $0.moment } })
        welcome = Welcome(plan)
    }

    /// The port that a flasher opens.
    var port: String { emulation.link ?? emulation.path }
    var trace: String { Self.trace(in: folder) }

    private static func trace(in folder: PrivateFolder) -> String { "\(folder.path)/trace.pcap" }

    /// Takes everything down: flasher, port, sockets, files.
    func end() async {
        await flasher.end()
        tabs.end()
        _ = await emulation.stop()
        folder.remove()
    }

    /// Which lessons are done; nil, and a warning, where that cannot be known.
    private static func record(_ log: Logger) -> LessonRecord? {
        do {
            return try LessonRecord()
        } catch {
            log.warning("which lessons are done cannot be kept: \(error)")
            return nil
        }
    }

    // MARK: Tabs

    /// One more looks at it.
    func join(_ tab: Tab) async {
        let (welcome, images, flasher, tabs, lessons) = (welcome, images, flasher, tabs, lessons)
        do {
            try await emulation.perform { emulation in
                tabs.join(
                    tab,
                    welcome.members(
                        emulation, hasImage: images.isFilled, hasBackup: flasher.backup != nil, lessons: lessons))
            }
        } catch {
            tab.end(WebSocketFrame.close(1001, "the emulation has ended"))
        }
    }

    func leave(_ tab: Tab) async {
        tabs.leave(tab)
        await listen()
    }

    /// Waves and operations are only looked for while somebody wants them.
    private func listen() async {
        let wanted = tabs.wanted
        try? await emulation.perform { $0.audience?.streams = wanted }
    }

    /// Answers a message.
    func answer(_ text: String, from tab: Tab) async -> JSONValue {
        let message: WorkbenchMessage
        do throws(ControlRefusal) {
            message = try WorkbenchMessage(text)
        } catch {
            return error.json
        }
        do {
            return try await carryOut(message.request, from: tab).json(to: message.id)
        } catch {
            let refusal = error as? ControlRefusal ?? ControlRefusal(.failed, "\(error)")
            return refusal.answering(message.id).json
        }
    }

    private func carryOut(_ request: WorkbenchMessage.Request, from tab: Tab) async throws -> ControlAnswer {
        switch request {
        case .control(.stop):
            throw ControlRefusal(.badArgument, "the workbench ends where it was started: press ^C there")
        case .control(.events(let streams)):
            tab.streams = streams
            await listen()
        case .control(let request): return try await emulation.perform { try $0.carryOut(request) }
        case .startFlasher(let order):
            // Another tab may have started it meanwhile: then it is not another program.
            if !flasher.isRunning, try await !emulation.isPortFree(), !flasher.isRunning {
                throw ControlRefusal(.badArgument, EmulationThread.portIsTaken)
            }
            try flasher.start(order)
        case .stopFlasher: try flasher.stop()
        case .lesson(let request):
            if case .start = request { flasher.beginLesson() }
            let (welcome, images, tabs, lessons) = (welcome, images, tabs, lessons)
            return try await emulation.perform { emulation in
                let members = try lessons.carryOut(request, emulation)
                if case .start = request {
                    tabs.beginAnew(
                        welcome.members(emulation, hasImage: images.isFilled, hasBackup: false, lessons: lessons))
                }
                return ControlAnswer(at: emulation.moment, members)
            }
        }
        return ControlAnswer(at: (try? await emulation.perform { $0.moment }) ?? .zero)
    }
}
