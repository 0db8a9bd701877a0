import CPorts
import Files
import Glibc
import SystemPackage
import Words

/// A program that is waited for. As a rule it does not outlive the thread that started it: the kernel kills it then,
/// whatever has ended us.
package struct ChildProcess: Sendable {
    package let process: Int32

    /// How it ended.
    package enum Ending: Hashable, Sendable {
        case exited(Int32)
        case signalled(Int32)
    }

    /// Starts it. The calling thread is the one that has to live as long as it.
    /// - Parameters:
    ///   - words: the program and its arguments, in the bytes that it is to get. A program without a slash is looked for
    ///     in PATH.
    ///   - variables: what its environment has beside ours; nil for what it does not have.
    ///   - output: what becomes its standard output.
    ///   - hasOwnGroup: whether it leads a process group of its own.
    ///   - terminal: what its session has as its terminal, in place of `output`; nil for none.
    ///   - outlivesUs: whether it goes on when the thread that started it ends.
    /// - Throws: `PortError`, `.missing` when there is no such program.
    package init(
        _ words: [[UInt8]], setting variables: [(name: String, value: String?)], output: Int32, hasOwnGroup: Bool,
        terminal: OutputTerminal? = nil, outlivesUs: Bool = false
    ) throws(PortError) {
        let arguments = CStrings(words)
        let environment = CStrings(variables.map { name, value in (value.map { "\(name)=\($0)" } ?? name).keptBytes })
        process = withExtendedLifetime((arguments, environment)) {
            ports_child_start(
                arguments.pointers, environment.pointers, output, terminal?.program ?? -1, hasOwnGroup ? 1 : 0,
                outlivesUs ? 1 : 0)
        }
        defer { terminal?.letGo() }
        guard process > 0 else {
            throw .last(path: String(keeping: words[0]), "cannot start the command")
        }
    }

    /// Waits until it has ended. Until it is buried nobody else has its number. Other children that end meanwhile are
    /// buried: nobody else may wait for one.
    package func untilItEnds() -> Ending {
        var (wasSignalled, code): (Int32, Int32) = (0, 0)
        // The only reason to fail is that somebody else has buried it.
        guard ports_child_await(process, &wasSignalled, &code) == 0 else { return .signalled(SIGKILL) }
        return wasSignalled != 0 ? .signalled(code) : .exited(code)
    }

    /// Lets go of it, once it has ended.
    package func bury() {
        ports_child_bury(process)
    }

    /// From now on what a child starts and leaves behind becomes a child of ours.
    package static func adoptOrphans() {
        // An old kernel does without: what is left behind then lives on.
        _ = ports_adopt_orphans()
    }
}

/// An array of C strings with a null pointer at its end.
final class CStrings {
    let pointers: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>
    private let count: Int

    init(_ words: [[UInt8]]) {
        count = words.count
        pointers = .allocate(capacity: words.count + 1)
        for (index, word) in words.enumerated() {
            let copy = UnsafeMutablePointer<CChar>.allocate(capacity: word.count + 1)
            for (place, byte) in word.enumerated() { copy[place] = CChar(bitPattern: byte) }
            copy[word.count] = 0
            pointers[index] = copy
        }
        pointers[words.count] = nil
    }

    deinit {
        for index in 0..<count { pointers[index]?.deallocate() }
        pointers.deallocate()
    }
}
