import Wire

extension FlashID {
    /// What is to be known of this flash under the community stub; nil when there is nothing.
    ///
    /// For a size code that it does not know the stub says `flash!` and goes on with a size of 0 (ECR6600 facts §4).
    var communityStubRemark: String? {
        guard let byteCount, !Self.communityStubSizeCodes.contains(sizeCode) else { return nil }
        return "the community stub does not know flash \(self) (\(byteCount >> 20) MB) and treats it as having 0 "
            + "bytes: it refuses every read and write"
    }
}
