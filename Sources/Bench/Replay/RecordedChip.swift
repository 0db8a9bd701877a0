package import Emulator
package import Images
package import Line
package import Replay
import Scenarios
import Trace
import Wire

extension Chip: Understudy {
    package mutating func restart(at moment: Instant) {
        switchPower(on: false, at: moment)
        switchPower(on: true, at: moment)
    }

    package func difference(from other: Chip) -> EffectDifference? {
        let (now, then) = (flash.contents, other.flash.contents)
        var first: Int?
        var count = abs(now.count - then.count)
        for address in 0..<min(now.count, then.count) where now[address] != then[address] {
            first = first ?? address
            count += 1
        }
        guard count > 0 else { return nil }
        let address = first ?? min(now.count, then.count)
        return EffectDifference(
            address: address, byteCount: count, expected: Array(then.dropFirst(address).prefix(16)),
            got: Array(now.dropFirst(address).prefix(16)))
    }
}

/// The chip that a recording was made of, as far as the recording tells: what takes over where a host leaves the trace, and
/// is asked what it would have answered.
package struct RecordedChip {
    /// The stub that runs where what is uploaded is none that is known; nil for the community's.
    package var stub: StubImage.Version?
    /// What the flash holds in the beginning; nil for a made-up plug.
    package var flash: [UInt8]?

    /// The eFuse; nil for that which the recording shows, or else a made-up one.
    package var efuse: [UInt8]?

    package init(stub: StubImage.Version? = nil, flash: [UInt8]? = nil, efuse: [UInt8]? = nil) {
        self.stub = stub
        self.flash = flash
        self.efuse = efuse
    }

    /// The chip before the session, in the mask ROM, where it waits for an upload.
    package func chip(of recording: Recording, time: TimeMode) -> Chip {
        let session = recording.events.lazy.compactMap {
            if case .session(let session) = $0.kind { session } else { nil as SessionDescription? }
        }.first
        var overrides = Overrides()
        overrides.start = .straps(.uart)
        overrides.flashID = recording.flashID.flatMap { $0.byteCount == nil ? nil : $0 } ?? flashID(session)
        if let stub = stub ?? session?["stub"].flatMap(StubImage.Version.init) { overrides.stub = .some(stub) }
        // No fault is asked for, so none can fail.
        guard let setup = try? Setup(Scenario(name: "replay"), seed: session?.seed ?? 1, overrides: overrides) else {
            preconditionFailure("a setup without faults can be made")
        }
        var settings = setup.chip
        settings.timing = time.chipTiming
        var contents = setup.sampleFlash()
        if let flash { contents.load(Array(flash.prefix(contents.byteCount))) }
        for (address, bytes) in recording.readings where address + bytes.count <= contents.byteCount {
            contents.load(bytes, at: address)
        }
        return Chip(
            settings: settings, flash: contents,
            efuse: (efuse ?? recording.efuse).map { EFuse(Array($0.prefix(EFuse.byteCount))) } ?? .sample)
    }

    private func flashID(_ session: SessionDescription?) -> FlashID? {
        session?["flash-id"].flatMap { FlashID($0) }
    }
}
