/// A stub image that is told by its size and SHA-256 (ECR6600 facts §4, "Known images").
package struct KnownStub: Hashable, Sendable {
    /// The loader that it is.
    package var version: StubImage.Version
    package var byteCount: Int
    /// SHA-256 in lower-case hexadecimal digits.
    package var digest: String
    /// When it was made, where one version string stands for several builds.
    package var build: String?
    /// Whether what it knows is known. Otherwise that it is `version` is an assumption.
    package var isExamined: Bool

    package init(
        _ version: StubImage.Version, byteCount: Int, digest: String, build: String? = nil, isExamined: Bool = true
    ) {
        self.version = version
        self.byteCount = byteCount
        self.digest = digest
        self.build = build
        self.isExamined = isExamined
    }

    /// Those of the facts. All builds of the community stub call themselves 1.0.0.
    package static let all = [
        KnownStub(
            .vendor131, byteCount: 10468, digest: "5d64162fe32766cd48a1f3910a1a878326f809acf8cfc9115b5ef0fedd752e3c"),
        KnownStub(
            .vendor134, byteCount: 10636, digest: "f4a9a55de6c5e8baf1ef55aa2bab532164ea42632d93536077723799b2820975"),
        KnownStub(
            .vendor1311, byteCount: 17308, digest: "25b1d1153edab3c0b37cce35d830fffbec56fe865cd8712654bfe8d54185b247"),
        KnownStub(
            .vendor140, byteCount: 6904, digest: "0e4f155a110095baa0447cb512b4b448fc40cc5d6172f04d8c7ff3ff719d6197"),
        KnownStub(
            .community, byteCount: 26096, digest: "d6eb33df007eafc3b5e4ef1d4abf1479cde79444489c6a5194d5e913a2ecf5c8",
            build: "11 July 2026"),
        KnownStub(
            .community, byteCount: 25912, digest: "dcba74c56b31ccd605b300fb827ac4068eef2d926b8060f44b34459f019117f4",
            build: "5 July 2026", isExamined: false),
        KnownStub(
            .community, byteCount: 25668, digest: "527b6c26646bae8f7f6db488e22d859e0703c0663ee9f46c5c1fa3b1b14116bf",
            build: "2 July 2026", isExamined: false),
        KnownStub(
            .community, byteCount: 19784, digest: "27ce1aa3c8ff3c45c20800d671f44157b3d0c59c0a44bc66ad576ba62c2b489c",
            build: "26 June 2026", isExamined: false),
        KnownStub(
            .communityOfDecember2025, byteCount: 6860,
            digest: "ba3dcc00dbb1b89bd9364e2bc557c14a1f5753d98936d19d0513a5670bcf29b5", build: "December 2025"),
    ]
}
