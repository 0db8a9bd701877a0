import Files
import Glibc
import Words

/// A library that the dynamic loader is to put into a program (tools/preload).
package struct PreloadLibrary: Sendable {
    package enum Purpose: String, Sendable {
        /// Tells a recorder what the program does.
        case attach
        /// Gives the program's port control lines.
        case lines

        fileprivate var inWords: String { self == .attach ? "record --attach" : "control lines" }
    }

    package let path: String

    /// Beside this program, or where an installed one has it: in `../lib/solderless`.
    /// - Throws: `PortError` `.missing` where it was not built.
    package init(_ purpose: Purpose) throws(PortError) {
        let folder = folderAndName(of: resolved("/proc/self/exe") ?? "").folder
        let name = "libsolderless-\(purpose.rawValue).so"
        let places = [folder, "\(folderAndName(of: folder).folder)/lib/solderless"].map { "\($0)/\(name)" }
        guard let path = places.first(where: { access($0.systemName, R_OK) == 0 }) else {
            throw PortError(
                .missing, path: places[0], "the preload library of \(purpose.inWords) is not there",
                remedy: "make demo builds it, or: tools/preload/build \(shellWord(folder))")
        }
        guard !path.contains(where: { " :$".contains($0) }) else {
            throw PortError(
                .system, path: path,
                "the dynamic loader takes no preload library whose path has a blank, a colon or a $",
                remedy: "move the program and its library")
        }
        self.path = path
    }

    /// What a recorded program's environment has beside ours.
    /// - Parameters:
    ///   - socket: where the library reports.
    ///   - exceptions: terminals that are no ports, packed as messages have them.
    package func variables(socket: String, exceptions: [UInt32]) -> [(name: String, value: String?)] {
        let numbers = exceptions.map(numbered).joined(separator: ",")
        return [loading, ("SOLDERLESS_ATTACH", socket), ("SOLDERLESS_ATTACH_EXCEPT", numbers)]
    }

    /// What the environment of a program has beside ours that is to have control lines.
    /// - Parameters:
    ///   - socket: where the library asks.
    ///   - device: the port, as `Terminals` numbers it.
    package func variables(socket: String, device: UInt32) -> [(name: String, value: String?)] {
        // The address sanitizer's shared runtime refuses to be anything but the first library.
        let others = environmentVariable("ASAN_OPTIONS").map { "\($0):" } ?? ""
        return [
            loading, ("SOLDERLESS_LINES", "\(numbered(device)):\(socket)"),
            ("ASAN_OPTIONS", "\(others)verify_asan_link_order=0"),
        ]
    }

    /// Before other preloaded libraries: what the program sees is recorded, even where one of them answers.
    private var loading: (name: String, value: String?) {
        ("LD_PRELOAD", path + (environmentVariable("LD_PRELOAD").map { " \($0)" } ?? ""))
    }

    private func numbered(_ device: UInt32) -> String { "\(device >> 20):\(device & 0xF_FFFF)" }
}
