import Words

/// A tab's WebSocket: its requests are answered one after the other, and what happens is sent as it happens.
struct LiveTab: Sendable {
    private let bench: WorkbenchBench
    private let tab = Tab()

    /// What a client may take to finish a frame.
    private static let framePatience = Duration.seconds(10)

    init(_ bench: WorkbenchBench) {
        self.bench = bench
    }

    /// To its end.
    func serve(_ stream: WebStream) async {
        await bench.join(tab)
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                // A tab that does not take what it is sent is cut off; so is the reading then.
                try? await tab.drain { try await stream.send($0) }
                stream.patience.cut()
            }
            group.addTask {
                var stream = stream
                await read(&stream)
            }
        }
        await bench.leave(tab)
    }

    private func read(_ stream: inout WebStream) async {
        var reader = WebSocketReader()
        var isWaiting = false
        do {
            while let bytes = try await stream.anything() {
                reader.take(bytes)
                while let item = try reader.next() {
                    switch item {
                    case .text(let text):
                        tab.send(WebSocketFrame.text(await bench.answer(text, from: tab).description))
                    case .ping(let payload): tab.send(WebSocketFrame.pong(payload))
                    case .close(let code):
                        return tab.end(WebSocketFrame.close(code))
                    }
                }
                // A frame that has begun may not take for ever; nobody needs to begin one.
                if !reader.isInside {
                    isWaiting = false
                    stream.patience.end(.reading)
                } else if !isWaiting {
                    isWaiting = true
                    stream.patience.begin(.reading, Self.framePatience)
                }
            }
            tab.end(reader.isInside ? WebSocketFrame.close(1002, "a frame did not come to its end") : nil)
        } catch let problem as WebSocketReader.Problem {
            tab.end(WebSocketFrame.close(problem.code, problem.reason))
        } catch {
            tab.end(nil)
        }
    }
}
