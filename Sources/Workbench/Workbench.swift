package import Logging
import Ports

/// The workbench, from its beginning to its end.
package enum Workbench {
    /// Serves until a signal comes.
    /// - Parameter begun: called with the page's address and the emulated port's name, once both are there.
    /// - Throws: `PortError`, `CaptureError`, `FileError`.
    package static func run(
        _ plan: WorkbenchPlan, log: Logger, begun: (_ url: String, _ port: String) -> Void
    ) async throws {
        // Before anything else is there that would have to be taken away again.
        let server = try WebServer(port: plan.port)
        let (signals, hear) = AsyncStream<Int32>.makeStream(bufferingPolicy: .bufferingOldest(1))
        let bench = try await WorkbenchBench(plan, log: log) { hear.yield($0) }
        let site = WorkbenchSite(bench, LoopbackRules(port: server.address.port))
        let serving = Task {
            do {
                try await server.run { await site.serve($0) }
            } catch {
                // Closed sockets are no failure once the end has begun.
                guard !Task.isCancelled else { return }
                log.error("the page is served no longer: \(error)")
                hear.yield(0)
            }
        }
        begun("http://\(server.address)/", bench.port)
        for await _ in signals { break }
        await bench.end()
        serving.cancel()
        _ = await serving.value
    }
}
