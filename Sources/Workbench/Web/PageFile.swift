/// A file of the page, `Sources/Workbench/Page`: the program carries them inside itself.
struct PageFile: Sendable {
    let name: String
    let bytes: [UInt8]

    /// What `/` is.
    static let first = "bench.html"

    /// By name.
    static let all: [String: PageFile] = Dictionary(
        uniqueKeysWithValues: files.map { ($0.name, PageFile(name: $0.name, bytes: $0.bytes)) })

    private static let files: [(name: String, bytes: [UInt8])] = [
        ("bench-board.js", PackageResources.bench_board_js),
        ("bench-cards.css", PackageResources.bench_cards_css),
        ("bench-chip.js", PackageResources.bench_chip_js),
        ("bench-elements.js", PackageResources.bench_elements_js),
        ("bench-faults.js", PackageResources.bench_faults_js),
        ("bench-flasher.js", PackageResources.bench_flasher_js),
        ("bench-flashmap.js", PackageResources.bench_flashmap_js),
        ("bench-layout.js", PackageResources.bench_layout_js),
        ("bench-lesson.js", PackageResources.bench_lesson_js),
        ("bench-live.js", PackageResources.bench_live_js),
        ("bench-main.js", PackageResources.bench_main_js),
        ("bench-markdown.js", PackageResources.bench_markdown_js),
        ("bench-parts.css", PackageResources.bench_parts_css),
        ("bench-parts.js", PackageResources.bench_parts_js),
        ("bench-player.js", PackageResources.bench_player_js),
        ("bench-scope.js", PackageResources.bench_scope_js),
        ("bench-setup.js", PackageResources.bench_setup_js),
        ("bench-state.js", PackageResources.bench_state_js),
        ("bench-story.js", PackageResources.bench_story_js),
        ("bench-waves.js", PackageResources.bench_waves_js),
        ("bench-wiring.js", PackageResources.bench_wiring_js),
        ("bench-words.js", PackageResources.bench_words_js),
        ("bench.css", PackageResources.bench_css),
        ("bench.html", PackageResources.bench_html),
    ]

    /// What it is, as a browser wants to be told.
    var kind: String {
        switch name.split(separator: ".").last {
        case "html": "text/html; charset=utf-8"
        case "css": "text/css; charset=utf-8"
        case "js": "text/javascript; charset=utf-8"
        case "svg": "image/svg+xml"
        default: "application/octet-stream"
        }
    }
}
