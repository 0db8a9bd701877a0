import Bench
import Line
import Synchronization
import Words

/// All who look at the bench. Events are put into words once, and the same bytes go to everybody.
final class Tabs: Sendable {
    private struct State {
        var tabs: [ObjectIdentifier: Tab] = [:]
        var backlog = Backlog()
        var flasher = FlasherState()
        var hasEnded = false
    }

    private let state = Mutex(State())

    /// What any of them wants beside what everybody is told; the story in any case, for those who come later.
    var wanted: ControlStreams {
        state.withLock { state in state.tabs.values.reduce(.story) { $0.union($1.streams) } }
    }

    var count: Int { state.withLock(\.tabs.count) }

    /// On the emulation's thread: tells what has happened. It never waits.
    func tell(_ events: [ControlEvent]) {
        for event in events {
            let json = event.json.description
            let importance: TabQueue.Importance =
                event.stream == .waves ? .wave : event.stream == .story ? .story : .rest
            tell(json, of: event.stream, importance, isKept: event.stream.isEmpty || event.stream == .story)
        }
    }

    /// Tells everybody. - Parameter isKept: whether those who come later are told as well.
    func tell(
        _ json: String, of stream: ControlStreams = [], _ importance: TabQueue.Importance = .rest, isKept: Bool
    ) {
        let frame = WebSocketFrame.text(json)
        let tabs = state.withLock { state in
            if isKept { state.backlog.add(json) }
            return state.tabs.values.filter { $0.streams.isSuperset(of: stream) }
        }
        for tab in tabs { tab.send(frame, importance) }
    }

    /// What the flasher does has changed.
    func tell(flasher change: (inout FlasherState) -> JSONValue) {
        // Under one lock with those who join: nobody gets a line twice, or never.
        state.withLock { state in
            let frame = WebSocketFrame.text(change(&state.flasher).description)
            for tab in state.tabs.values { tab.send(frame) }
        }
    }

    /// What the flasher is doing.
    var flasher: FlasherState { state.withLock(\.flasher) }

    /// On the emulation's thread, so that what happens next comes next: one more looks at the bench.
    /// - Parameter welcome: what it is told first, but for the flasher and the backlog.
    func join(_ tab: Tab, _ welcome: [JSONValue.Member]) {
        state.withLock { state in
            guard !state.hasEnded else { return tab.end(WebSocketFrame.close(1001)) }
            let head = JSONValue.object(welcome + [.init("flasher", state.flasher.json)]).description
            tab.send(WebSocketFrame.text(head.dropLast() + ",\"backlog\":" + state.backlog.json + "}"))
            state.tabs[ObjectIdentifier(tab)] = tab
        }
    }

    /// On the emulation's thread: another bench stands there now. Everybody is told all of it, and nobody what was before.
    func beginAnew(_ welcome: [JSONValue.Member]) {
        state.withLock { state in
            state.backlog = Backlog()
            state.flasher = FlasherState()
            let text = JSONValue.object(
                welcome + [.init("flasher", state.flasher.json), .init("backlog", .array([]))]
            ).description
            let frame = WebSocketFrame.text(text)
            for tab in state.tabs.values { tab.send(frame) }
        }
    }

    func leave(_ tab: Tab) {
        state.withLock { $0.tabs[ObjectIdentifier(tab)] = nil }
    }

    /// The bench is taken down.
    func end() {
        state.withLock { state in
            state.hasEnded = true
            for tab in state.tabs.values { tab.end(WebSocketFrame.close(1001, "the workbench ends")) }
        }
    }
}
