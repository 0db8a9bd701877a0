import Files
import SystemPackage

/// Why a trace file cannot be written, read or imported.
package struct CaptureError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What kind of trouble it is; more may come.
    package struct Code: Hashable, Sendable {
        private let name: String

        /// The file to be written is there already.
        package static let exists = Code(name: "exists")
        /// The operating system refused to open, create or rename a file.
        package static let inaccessible = Code(name: "inaccessible")
        /// Writing failed half-way, for instance on a full disk; what was written before stays readable.
        package static let writeFailed = Code(name: "writeFailed")
        /// The trace has reached the size that it may have; it is whole up to there.
        package static let full = Code(name: "full")
        /// Not a capture file at all.
        package static let notACapture = Code(name: "notACapture")
        /// A capture of something else than a serial line.
        package static let wrongLinkType = Code(name: "wrongLinkType")
        /// A capture whose bytes make no sense from some place on.
        package static let damaged = Code(name: "damaged")
        /// Written by a newer program.
        package static let tooNew = Code(name: "tooNew")
        /// A line of a text to be imported is wrong.
        package static let badLine = Code(name: "badLine")
        /// An option that has nothing to say of this file.
        package static let unusedOption = Code(name: "unusedOption")
        /// An event that the format cannot express.
        package static let unwritableEvent = Code(name: "unwritableEvent")
    }

    package var code: Code
    /// The file in question.
    package var path: String
    /// Line of a text file, counted from 1; nil for others.
    package var line: Int?
    /// What happened.
    package var message: String
    /// What to do about it.
    package var advice: String
    /// The system's error number beneath, when there was one.
    package var errno: Int32?

    package init(
        _ code: Code, path: String, line: Int? = nil, _ message: String, advice: String, errno: Int32? = nil
    ) {
        self.code = code
        self.path = path
        self.line = line
        self.message = message
        self.advice = advice
        self.errno = errno
    }

    package var description: String {
        "\(path)\(line.map { ":\($0)" } ?? ""): \(message)\(advice.isEmpty ? "" : "; \(advice)")"
    }
}

extension CaptureError {
    /// A trace's file could not be made.
    init(_ error: FileError) {
        let system = error.errno.map { ": \($0.description)" } ?? ""
        self.init(
            error.code == .exists ? .exists : .inaccessible, path: error.path, error.happened + system,
            advice: error.remedy, errno: error.errno?.rawValue)
    }
}
