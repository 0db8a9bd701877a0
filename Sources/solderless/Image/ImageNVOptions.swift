import ArgumentParser
import Files
import Images

/// A back-up, or a partition in a file of its own, and which partition is meant.
struct ImageNVOptions: ParsableArguments {
    @Argument(help: "A back-up, or a file with an NV partition alone.") var file: String

    @Option(
        help: ArgumentHelp(
            "Partition of the back-up, such as nv_amt. (default: the only one, or the only one with the key)",
            valueName: "name"))
    var partition: String?

    /// The file and the partition in it that holds a key. - Throws: `PortError`, `Failure`.
    func open(holding key: String) throws -> (bytes: [UInt8], location: NVLocation) {
        let bytes = try ImageFile.read(file)
        do {
            return (bytes, try NVLocation.find(partition, holding: key, in: bytes))
        } catch {
            throw failure(error)
        }
    }

    /// The partition that is named. - Throws: `PortError`, `Failure`.
    func open() throws -> NVLocation {
        let bytes = try ImageFile.read(file)
        do {
            return try NVLocation.find(partition, in: bytes)
        } catch {
            throw failure(error)
        }
    }

    /// That a key is nowhere is an answer; that a partition is not named, wrong usage.
    private func failure(_ error: NVLocationError) -> Failure {
        let code: ExitCode =
            switch error {
            case .noneHolds: .failed
            case .noPartition, .ambiguous, .severalHold: .usage
            case .noKeys, .packed, .noTable: .environment
            }
        return Failure(code, "\(file): \(error)")
    }

    /// A key's failure as a command's.
    func failure(_ error: NVError) -> Failure {
        let code: ExitCode =
            switch error {
            case .noSuchKey: .failed
            case .badKey, .tooLong: .usage
            case .foreignSector, .damagedRecord, .full: .environment
            }
        return Failure(code, "\(file): \(error)")
    }
}

/// Where the changed copy goes: never back into the file it came from.
struct ImageCopyOptions: ParsableArguments {
    @Option(
        name: .shortAndLong, help: ArgumentHelp("The copy to write; the file itself is not changed.", valueName: "file")
    )
    var output: String

    @Flag(help: "Replace the copy if it exists.") var overwrite = false

    /// Changes a partition and writes the whole file with it as a copy. - Throws: `PortError`, `Failure`.
    func write(
        _ options: ImageNVOptions, _ key: String, changing change: (NVPartition) throws(NVError) -> [UInt8]
    ) throws {
        guard place(of: output) != place(of: options.file) else {
            throw Failure(.usage, "-o names the file itself, but changes go to a copy: name another file")
        }
        try ImageFile.check([output], overwrites: overwrite)
        let (bytes, location) = try options.open(holding: key)
        do {
            let changed = try change(location.partition)
            try ImageFile.write(location.replacing(with: changed, in: bytes), to: output)
        } catch let error as NVError {
            throw options.failure(error)
        }
    }
}
