import Digests
import Embedded
import Words

/// The files of `Sources/Story/Page` as one page, around what is written of a session.
enum PageTemplate {
    /// The page's files in the order in which they stand in it.
    private static let style = text("page.css")
    private static let script = [
        "decode.js", "words.js", "model.js", "lanes.js", "draw.js", "view.js", "detail.js", "list.js", "setup.js",
        "main.js",
    ].map(text).joined()

    /// Up to the place of the data, and from there on.
    private static let parts: (head: String, foot: String) = {
        let parts = text("page.html").split(separator: "<!--data-->", maxSplits: 1).map(String.init)
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

    private static func text(_ name: String) -> String { EmbeddedFile.text(of: "Sources/Story/Page/\(name)") }

    private static func hash(_ text: String) -> String { base64(SHA256.of(Array(text.utf8))) }
}
