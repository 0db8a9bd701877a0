package import Emulator
import Line
import Wire

/// Where a run of a program that is not ours is cut, and how.
package struct CutCase: Hashable, Sendable {
    /// A point for each cut: the first run's, then that of the command given again.
    package var points: [CutPoint]
    /// Whether the USB plug is pulled out, in place of the power.
    package var pullsPlug: Bool
    /// Whether an operation of the flash that is under way is left half done.
    package var tears: Bool
    /// Where the last of them is, in words, and what the host was about; empty where nobody has recorded it.
    package var words: String
    package var stretch: String

    package init(
        at points: [CutPoint], pullsPlug: Bool = false, tears: Bool = false, words: String? = nil, stretch: String = ""
    ) {
        self.points = points
        self.pullsPlug = pullsPlug
        self.tears = tears
        self.words = words ?? points.last?.words ?? ""
        self.stretch = stretch
    }

    /// What goes. The raw values are names that programs may rely on.
    package enum Way: String, Hashable, Sendable, CaseIterable {
        case power
        /// The power, in the middle of an operation of the flash.
        case torn
        case plug
    }

    package var way: Way { pullsPlug ? .plug : tears ? .torn : .power }

    /// What two reports are compared by.
    package static func key(_ path: String, _ way: String?) -> String {
        way == nil || way == Way.power.rawValue ? path : "\(path), \(way ?? "")"
    }

    /// As `--cut` takes it.
    package var path: String { points.map(\.description).joined(separator: ".") }

    /// The same in the name of a file.
    var fileName: String {
        path.replacing(":", with: "-").replacing("+", with: "-") + (way == .power ? "" : "-\(way.rawValue)")
    }

    /// What happens to the n-th run, from 0; nil for one that is not cut. Each way to a flash has its own chance.
    package func plan(of index: Int, seed: UInt64) -> PlannedCut? {
        guard index < points.count else { return nil }
        if pullsPlug { return PlannedCut(at: points[index], .plug) }
        guard tears else { return PlannedCut(at: points[index], .power(tearing: nil)) }
        var generator = SplitMix64(seed: seed)
        var tearing = generator.next()
        for point in points[...index] {
            for byte in point.description.utf8 {
                generator = SplitMix64(seed: tearing ^ UInt64(byte))
                tearing = generator.next()
            }
        }
        return PlannedCut(at: points[index], .power(tearing: tearing))
    }
}

extension CutPoint {
    /// For people: `after block-ack 3`, `1024 bytes into data-frame 2`, `in the middle of erase 4`.
    package var words: String {
        switch event {
        case .step(let step, nil): "after \(step.rawValue) \(count)"
        case .step(let step, let byteCount?): "\(byteCount) bytes into \(step.rawValue) \(count)"
        case .flash(let kind): "in the middle of \(kind.rawValue) \(count)"
        }
    }

    /// What there is to be cut.
    package var kind: CutPlace.Kind {
        switch event {
        case .step(_, nil): .step
        case .step: .bytes
        case .flash: .flash
        }
    }
}
