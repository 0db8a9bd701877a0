import Images

extension Stub {
    /// Enters what was uploaded: what it is decides which stub runs; where it says nothing, the settings do, and an
    /// event tells.
    init(running image: [UInt8], _ processor: inout Processor) {
        let wanted: StubImage.Version
        if let identified = StubImage(identifying: image) {
            wanted = identified.version
            processor.report(.note("uploaded \(image.count) bytes: \(identified.description)"))
        } else {
            wanted = processor.settings.stub ?? .community
            processor.report(
                .note("uploaded \(image.count) bytes, not a known stub; stub \(wanted.rawValue) runs instead"))
        }
        self.init(version: wanted)
    }
}
