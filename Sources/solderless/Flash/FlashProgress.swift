import Bench
import Files
import Flasher
import Foundation
import Images
import Words

/// Files that a flash command fills.
struct FlashFiles {
    /// What was asked for.
    var output: String?
    /// The back-up.
    var backup: String?

    /// Whether they can be written, as far as that can be told before there is something to write.
    /// - Throws: `PortError`, `Failure`.
    func check(overwrites: Bool) throws {
        for path in [output, backup] {
            guard let path else { continue }
            try FileStore.checkReplaceable(path: path)
            try FlashFiles.check(path, overwrites: overwrites)
        }
    }

    /// - Throws: `Failure` when a file is there and may not be replaced.
    static func check(_ path: String, overwrites: Bool) throws {
        guard overwrites || !FileStore.wouldReplace(path: path) else {
            throw Failure(.environment, "\(path) exists already; name another file or add --overwrite")
        }
    }

    /// `backup-20261122-181500.bin`, in local time.
    static var datedBackup: String {
        let format = DateFormatter()
        format.locale = Locale(identifier: "en_US_POSIX")
        format.dateFormat = "yyyyMMdd-HHmmss"
        return "backup-\(format.string(from: Date())).bin"
    }
}

/// Tells a person how a job goes, and keeps what it brings: a bar on a terminal, plain lines otherwise.
final class FlashProgress {
    private let job: Job
    private let files: FlashFiles
    private let overwrites: Bool
    private var phaseStart = ContinuousClock.now
    private var lastDraw = ContinuousClock.now
    private var isBarShown = false
    /// Files that were written, with what they are.
    private(set) var written: [(what: String, path: String)] = []
    private(set) var chip: ChipInfo?
    private var lines = RepeatedLines()
    /// What the imitated tool would have said.
    private(set) var log: [String] = []
    private(set) var efuse: EFuseText?

    init(_ job: Job, files: FlashFiles, overwrites: Bool) {
        self.job = job
        self.files = files
        self.overwrites = overwrites
    }

    var audience: HostSession.Audience {
        HostSession.Audience(hear: hear, saveBackup: saveBackup, isWaiting: isWaiting)
    }

    /// A long silence looks like a hang.
    private func isWaiting(_ silence: Duration, left: Duration) {
        guard left >= .seconds(1) else { return }
        clearBar()
        say(
            "  nothing has come for \(silence.components.seconds) s: the chip may be at work, or without power; this try ends "
                + "in \(left.components.seconds) s")
    }

    private func hear(_ report: FlasherReport) throws {
        switch report {
        case .started(let phase, let range):
            clearBar()
            phaseStart = .now
            let place = range.map { " \(hex($0.lowerBound)) +\(hex($0.count))" } ?? ""
            say("\(phase.rawValue)\(place)")
            if phase == .synchronise { say("  waiting for the chip: switch its power on now, or off and on again") }
        case .progress(let phase, let done, let total):
            draw(phase, done, total)
        case .identified(let info):
            chip = info
            clearBar()
            let id = info.flashID.map { "\($0), " } ?? ""
            Console.error("  flash \(id)\(Format.bytes(Int64(info.flashByteCount)))")
        case .retry(_, let reason):
            clearBar()
            say("  \(Console.paint("retry:", .yellow, on: 2)) \(reason)")
        case .log(let line):
            clearBar()
            Console.error(line)
            log.append(line)
        case .readResult(let bytes, _):
            clearBar()
            if let output = files.output { try keep(bytes, as: "read", at: output) }
        case .efuse(let bytes):
            efuse = EFuseText(bytes)
        case .backup, .finished:
            break
        }
    }

    /// The job is over.
    func end() {
        clearBar()
        if let untold = lines.end() { Console.error(untold) }
    }

    private func say(_ line: String) {
        lines.take(line).forEach(Console.error)
    }

    private func saveBackup(_ bytes: [UInt8]) throws {
        clearBar()
        guard let path = files.backup else { return }
        try keep(bytes, as: "back-up", at: path)
        Console.error("    back-up: \(path), \(Format.bytes(Int64(bytes.count)))")
        // The flash is known now, and nothing in it has changed yet.
        if let change = FlashMAC.change(from: FlashMAC(of: bytes), to: FlashMAC(of: job.contents(after: bytes))) {
            Console.error("    beware: after this job \(change)")
        }
    }

    private func keep(_ bytes: [UInt8], as what: String, at path: String) throws {
        // Once more: a read takes minutes, and somebody may have put a file there.
        try FlashFiles.check(path, overwrites: overwrites)
        try FileStore.replace(path: path, with: bytes.span)
        written.append((what, path))
    }

    // MARK: Bar

    private func draw(_ phase: Phase, _ done: Int, _ total: Int) {
        guard total > 0 else { return }
        let now = ContinuousClock.now
        guard Console.isTerminal else { return log(done * 100 / total, at: now) }
        guard now - lastDraw > .milliseconds(80) || done == total else { return }
        lastDraw = now
        let seconds = (now - phaseStart) / .seconds(1)
        let rate = seconds > 0 ? Double(done) / seconds : 0
        let left = rate > 0 ? Double(total - done) / rate : 0
        let numbers = String(format: " %3d %%  %.1f KB/s  %.0f s left ", done * 100 / total, rate / 1024, left)
        let room = max(10, min(40, Console.width - numbers.count - phase.rawValue.count - 4))
        let filled = room * done / total
        let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: room - filled)
        Console.write("\r\u{1B}[K  \(phase.rawValue) \(bar)\(numbers)", to: 2)
        isBarShown = true
    }

    /// Where no bar can be drawn, somebody may read along all the same.
    private func log(_ percent: Int, at now: ContinuousClock.Instant) {
        guard now - max(lastDraw, phaseStart) > Self.logPause, percent < 100 else { return }
        lastDraw = now
        Console.error("  \(percent) %")
    }
    private static let logPause = Duration.seconds(5)

    private func clearBar() {
        if isBarShown { Console.write("\r\u{1B}[K", to: 2) }
        isBarShown = false
    }
}
