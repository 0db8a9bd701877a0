import Wire

extension FlashID {
    /// What is to be known of this flash under the community stub; nil when there is nothing.
    ///
    /// The stub knows the size codes 14, 15 and 16 only. For any other it says `flash!` and goes on with a size of 0.
    var communityStubRemark: String? {
        guard let byteCount, !(0x14...0x16).contains(sizeCode) else { return nil }
        return "the community stub does not know flash \(self) (\(byteCount >> 20) MB) and treats it as having 0 "
            + "bytes: it refuses every read and write"
    }
}
