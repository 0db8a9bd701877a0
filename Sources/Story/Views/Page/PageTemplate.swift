import Digests
import Words

/// The files of `Sources/Story/Page` as one page, around what is written of a session.
enum PageTemplate {
    /// The page's files in the order in which they stand in it.
    private static let style = text(PackageResources.page_css)
    private static let script = [
        PackageResources.decode_js, PackageResources.words_js, PackageResources.model_js, PackageResources.lanes_js,
        PackageResources.draw_js, PackageResources.view_js, PackageResources.detail_js, PackageResources.list_js,
        PackageResources.setup_js, PackageResources.main_js,
    ].map(text).joined()

    /// Up to the place of the data, and from there on.
    private static let parts: (head: String, foot: String) = {
        let parts = text(PackageResources.page_html).split(separator: "<!--data-->", maxSplits: 1).map(String.init)
        return (parts[0], parts[1])
    }()

    /// Nothing is loaded, and no script or style runs but the page's own.
    private static let policy =
        "default-src 'none'; script-src 'sha256-\(hash(script))'; style-src 'sha256-\(hash(style))'; "
        + "base-uri 'none'; form-action 'none'"

    static func head(name: String) -> String {
        parts.head.replacing("<!--policy-->", with: policy).replacing("<!--style-->", with: style)
            .replacing("<!--name-->", with: markup(name))
    }

    static var foot: String { parts.foot.replacing("<!--script-->", with: script) }

    /// A block for the script; a browser takes it for a script that it does not know.
    /// - Parameter content: without "<".
    static func block(_ name: String, count: Int? = nil, _ content: String) -> String {
        let count = count.map { " data-count=\"\($0)\"" } ?? ""
        return "<script type=\"text/plain\" class=\"\(name)\"\(count)>\(content)</script>\n"
    }

    private static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

    private static func hash(_ text: String) -> String { base64(SHA256.of(Array(text.utf8))) }
}
