/// What a vendor's uboot can be told by: it carries no version, but prints what only some versions print (ECR6600 facts §6).
package struct UBootTexts: Hashable, Sendable {
    /// Such as 1.3.11.
    package let version: String
    /// What was found in the body.
    package let text: String

    /// `hcrc err` is in every 1.3.x, so it counts last. That one which is not 1.3.11 is like 1.3.4 is an assumption.
    private static let known = [
        UBootTexts(version: "1.4.0", text: "ty heap base"),
        UBootTexts(version: "1.3.11", text: "c_hash=0x%08x"),
        UBootTexts(version: "1.3.4", text: "hcrc err"),
    ]

    private init(version: String, text: String) {
        self.version = version
        self.text = text
    }

    /// Looks for the texts in a body; nil when it has none of them.
    package init?(in body: [UInt8]) {
        guard let found = Self.known.first(where: { body.firstOffset(of: Array($0.text.utf8)) != nil }) else {
            return nil
        }
        self = found
    }
}
