/// In what the versions differ: a column each of the tables in ECR6600 facts §1.3 and §2.
struct UBootDescription {
    /// 1.4.0 opens its window first thing; 1.3.x only after it has checked and copied the application.
    let listensBeforeLoading: Bool
    /// Printed once the window has shut, whatever the flash holds.
    let heapLine: String
    /// Printed with secure boot.
    let secureLine: String
    /// What becomes of an application that cannot be started.
    let onError: OnError
    /// Whether both sums are printed, once, before the first `dcrc err`.
    let printsHashes: Bool
    /// What is known of an update over the air.
    let update: Update

    enum OnError {
        /// Says so and listens for 1000 ms, again and again.
        case printAndListen
        /// Says nothing and never listens again.
        case silence
    }

    enum Update {
        /// Counts, `OTA:%d%%\r\n`; 1.3.11 says much besides, whose text is not known.
        case counts(saysMore: Bool)
        /// Runs other code, DIFF2YA, of which only this is known: what it says without a heap.
        case difference(heapError: String)
    }

    /// The column of a version.
    static func column(for version: UBootVersion) -> UBootDescription {
        switch version {
        case .v134: v134
        case .v1311: v1311
        case .v140: v140
        }
    }

    private static let v134 = UBootDescription(
        listensBeforeLoading: false, heapLine: "", secureLine: "secure boot\n", onError: .printAndListen,
        printsHashes: false, update: .counts(saysMore: false))

    private static let v1311 = UBootDescription(
        listensBeforeLoading: false, heapLine: "", secureLine: "secure boot\r\n", onError: .printAndListen,
        printsHashes: true, update: .counts(saysMore: true))

    private static let v140 = UBootDescription(
        listensBeforeLoading: true, heapLine: "\nty heap base: 1f000 size: 196352\n", secureLine: "secure boot\n",
        onError: .silence, printsHashes: false, update: .difference(heapError: "\nty_heap init error"))
}
