import Digests
import Images

extension Stub {
    /// Enters what was uploaded: what it is decides which stub runs; where it says nothing, the settings do, and an
    /// event tells.
    ///
    /// A gzip file is what a host uploads that has forgotten to unpack its stub (ECR6600 facts §4). No chip runs it, so
    /// nothing runs here either, unless the settings want a certain stub.
    static func loader(running image: [UInt8], _ processor: inout Processor) -> any Loader {
        let wanted: StubImage.Version
        if Gzip.begins(image) {
            let what =
                "uploaded \(image.count) bytes: a gzip file with \(contents(of: image)) in it, which no chip runs"
            guard let stub = processor.settings.stub else {
                processor.report(.note("\(what): unpack it before the upload; nothing runs now"))
                return Wedged()
            }
            wanted = stub
            processor.report(.note("\(what); stub \(wanted.rawValue) runs instead"))
        } else if let identified = StubImage(identifying: image, among: processor.settings.knownStubs) {
            wanted = identified.version
            processor.report(.recognised("uploaded \(image.count) bytes: \(identified.description)"))
            if !identified.isExamined {
                processor.report(
                    .note(
                        "what this build of the community stub knows is unknown: it runs as that of 11 July 2026 "
                            + "(assumption)"))
            }
        } else {
            wanted = processor.settings.stub ?? .community
            processor.report(
                .note("uploaded \(image.count) bytes, not a known stub; stub \(wanted.rawValue) runs instead"))
        }
        return Stub(version: wanted)
    }

    /// More does not fit into the RAM for it (§4.2, command 01).
    private static let longestStub = 0xA_0000

    private static func contents(of image: [UInt8]) -> String {
        guard let stub = try? Gzip.unpack(image, limit: longestStub) else { return "damaged data" }
        return StubImage(identifying: stub)?.description ?? "\(stub.count) unknown bytes"
    }
}
