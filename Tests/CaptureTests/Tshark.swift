import Foundation
import Testing

/// Wireshark's command, a reader that nobody here wrote.
enum Tshark {
    /// Where it is; nil when it is not installed.
    static let path = ["/usr/bin/tshark", "/usr/local/bin/tshark", "/opt/homebrew/bin/tshark"].first {
        FileManager.default.isExecutableFile(atPath: $0)
    }

    /// What it prints, by lines that are not empty, without what the user's own plug-ins and preferences would change.
    static func lines(_ arguments: [String]) throws -> [String] {
        let process = Process()
        process.executableURL = URL(filePath: try #require(path))
        process.arguments = arguments
        process.environment = ["HOME": packageFolder + "/nobody", "LC_ALL": "C.UTF-8"]
        let output = Pipe()
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        let data = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        return String(decoding: data, as: UTF8.self).split(separator: "\n").map(String.init)
    }
}

extension Trait where Self == ConditionTrait {
    static var whereTsharkIs: Self {
        .enabled(
            if: Tshark.path != nil,
            "TSHARK IS NOT INSTALLED: nobody but ourselves has read our traces in this run; apt-get install tshark")
    }
}
