import Emulator
import Faults
import Flasher
import Images
import Line
import Scenarios
import Simulation
import Testing
import Wire

/// A bench that somebody changes while a flasher asks: a wire is plugged, a switch is moved, a fault ends.
@Suite struct RewiringTests {
    private typealias Line = VirtualLine<Flasher, Chip>

    /// A chip in UART boot and a flasher that wants to know which it is, over what `hookup` makes of a good line.
    private func line(_ hookup: Hookup) throws -> Line {
        var settings = ChipSettings()
        settings.start = .rom
        let chip = Chip(settings: settings, flash: SampleFlash.flash(.gd25q16e, seed: 1), isInterruptible: true)
        let flasher = Flasher(job: .info, stub: StubImage.placeholder(for: .community))
        return Line(host: flasher, device: chip, conditions: try hookup.conditions(.perfect))
    }

    private func run(_ line: inout Line, forSeconds seconds: Int) -> Outcome? {
        let end = line.now.advanced(by: .seconds(seconds))
        line.run(until: end) { line in
            while let report = line.host.nextReport() { if case .finished = report { return true } }
            return false
        }
        return line.host.outcome
    }

    private static func pulled(_ wire: Hookup.Wire, onto pad: Hookup.Pad? = nil) -> Hookup {
        var hookup = Hookup.wired
        hookup[wire] = pad
        return hookup
    }

    /// ECR6600 facts §11.3 (the ground) and §12 (the pads): joining it cures it, and a flasher that goes on asking gets through.
    @Test(arguments: [
        pulled(.adapterTX), pulled(.adapterRX), pulled(.adapterTX, onto: .otherRXD), pulled(.adapterGround),
    ])
    func plugging(hookup: Hookup) throws {
        var line = try line(hookup)
        #expect(run(&line, forSeconds: 5) == nil)
        line.rewire(try Hookup.wired.conditions(.perfect))
        // After a wrong byte that was taken for an answer it looks for its way for a while.
        guard case .success = run(&line, forSeconds: 60) else {
            Issue.record("\(String(describing: line.host.outcome))")
            return
        }
    }

    @Test func pulling() throws {
        var line = try line(.wired)
        line.rewire(try Self.pulled(.adapterRX).conditions(.perfect))
        #expect(run(&line, forSeconds: 5) == nil)
        #expect(line.incidents.map(\.label) == ["adapter-rx loose"])
        #expect(line.incidents[0].count == 1)
    }

    /// What a fault did is counted, also when it is gone, and when it comes back.
    @Test func incidentsStay() throws {
        var line = try line(Self.pulled(.adapterTX))
        _ = run(&line, forSeconds: 1)
        line.rewire(.perfect)
        #expect(line.incidents.map(\.count) == [1])
        _ = run(&line, forSeconds: 1)
        line.rewire(try Self.pulled(.adapterTX).conditions(.perfect))
        _ = run(&line, forSeconds: 1)
        #expect(line.incidents.count == 1)
    }

    /// The same changes at the same moments are the same run.
    @Test func itIsDeterministic() throws {
        func digest() throws -> String? {
            var noisy = Self.pulled(.adapterGround)
            noisy.switchedOn = [FaultChoice("loose-wire", values: ["onset": 200_000])]
            var line = try line(noisy)
            line.tap = LineTap()
            _ = run(&line, forSeconds: 3)
            noisy.adapterLevel = 1800
            line.rewire(try noisy.conditions(.perfect))
            _ = run(&line, forSeconds: 3)
            line.tap?.finish("", flash: [])
            return line.tap.map { "\($0.digest)" }
        }
        #expect(try digest() == digest())
    }

    @Test func theAdaptersSwitchIsMoved() throws {
        var low = Hookup.wired
        low.adapterLevel = 1800
        var line = try line(low)
        line.rewire(try Hookup.wired.conditions(.perfect))
        guard case .success = run(&line, forSeconds: 10) else {
            Issue.record("\(String(describing: line.host.outcome))")
            return
        }
    }
}
