import Words

/// A lesson's Markdown cut into its parts: the front matter, the introduction, and a section for each step and for the question.
/// What a part says is for others to read.
struct LessonPages {
    /// Lines as they stand in the file, and which line the first of them is.
    struct Part {
        var firstLine: Int
        var lines: [Substring] = []

        /// As the reader of YAML wants it, so that it names the lines of the whole file.
        var yaml: [UInt8] {
            [UInt8](repeating: UInt8(ascii: "\n"), count: firstLine - 1) + Array(lines.joined(separator: "\n").utf8)
        }
    }

    /// What stands under a heading.
    struct Section {
        var title: String
        var line: Int
        var text: String
        /// Its ```step block.
        var step: Part?
        /// The text's lines that are no comments, and where they stand.
        var lines: [(number: Int, text: Substring)] = []
    }

    let file: String
    private(set) var frontMatter: Part
    private(set) var intro: Section
    private(set) var sections: [Section] = []

    /// Nobody reads a longer lesson.
    private static let mostSections = 40

    /// - Throws: `FileProblem` for what is no text, has no front matter, or leaves something open.
    init(_ bytes: [UInt8], file: String) throws(FileProblem) {
        self.file = file
        func problem(_ line: Int, _ message: String) -> FileProblem {
            FileProblem(file: file, line: line, key: "", message: message)
        }
        guard bytes.count <= YAMLReader.mostBytes else {
            throw problem(0, "\(bytes.count) bytes are more than the \(YAMLReader.mostBytes) that such a file may have")
        }
        guard let text = String(validating: bytes, as: UTF8.self) else { throw problem(0, "this is not UTF-8") }
        let lines = text.split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" }
        guard lines.first == "---", let end = lines.dropFirst().firstIndex(of: "---") else {
            throw problem(1, "a lesson begins with front matter: a line ---, keys, a line ---")
        }
        frontMatter = Part(firstLine: 2, lines: Array(lines[1..<end]))
        intro = Section(title: "", line: end + 2, text: "")

        var section = intro
        var isIntro = true
        /// Where a block or a comment that is open began.
        var block: (line: Int, isStep: Bool)?
        var comment: Int?
        func close(_ section: Section) -> Section {
            var section = section
            let kept = section.lines.map(\.text).drop { $0.isBlank }
            let last = kept.lastIndex { !$0.isBlank }
            section.text = last.map { kept[...$0].joined(separator: "\n") } ?? ""
            return section
        }
        for (place, line) in lines.enumerated().dropFirst(end + 1) {
            let number = place + 1
            if let open = block {
                if line.starts(with: "```") {
                    block = nil
                    if open.isStep { continue }
                } else if open.isStep {
                    section.step?.lines.append(line)
                    continue
                }
                section.lines.append((number, line))
                continue
            }
            if comment == nil, line.starts(with: "```") {
                let isStep = line.dropFirst(3).drop { $0 == " " } == "step"
                block = (number, isStep)
                if isStep {
                    guard section.step == nil else { throw problem(number, "a step has one step block") }
                    section.step = Part(firstLine: number + 1)
                } else {
                    section.lines.append((number, line))
                }
                continue
            }
            if comment == nil, line.starts(with: "## ") {
                if isIntro { intro = close(section) } else { sections.append(close(section)) }
                guard sections.count < Self.mostSections else {
                    throw problem(number, "a lesson has at most \(Self.mostSections) sections")
                }
                isIntro = false
                let title = String(line.dropFirst(3).drop { $0 == " " })
                section = Section(title: title, line: number, text: "")
                continue
            }
            let kept = line.withoutComments(open: &comment, at: number)
            // A line that is nothing but a comment leaves no empty line.
            if kept.isBlank, !line.isBlank { continue }
            section.lines.append((number, kept))
        }
        if let block { throw problem(block.line, "this block has no end: a line ```") }
        if let comment { throw problem(comment, "this comment has no end: -->") }
        if isIntro { intro = close(section) } else { sections.append(close(section)) }
        for section in [intro] + sections {
            for (number, line) in [(section.line, Substring(section.title))] + section.lines {
                guard let bad = line.unicodeScalars.first(where: { !$0.isPrintable }) else { continue }
                let code = String(bad.value, radix: 16, uppercase: true)
                throw problem(number, "the character U+\(code) is none for a text that people read")
            }
        }
    }
}

extension Substring {
    fileprivate var isBlank: Bool { allSatisfy { $0 == " " || $0 == "\t" } }

    /// What is left of a line without its comments. - Parameter open: where one began that is not over.
    fileprivate func withoutComments(open: inout Int?, at number: Int) -> Substring {
        var kept = ""
        var rest = self
        while true {
            if open != nil {
                guard let end = rest.place(of: "-->") else { return Substring(kept) }
                rest = rest[rest.index(end, offsetBy: 3)...]
                open = nil
            }
            guard let start = rest.place(of: "<!--") else { return kept.isEmpty ? rest : Substring(kept + rest) }
            kept += rest[..<start]
            rest = rest[rest.index(start, offsetBy: 4)...]
            open = number
        }
    }

    private func place(of mark: String) -> Index? {
        indices.first { self[$0...].hasPrefix(mark) }
    }
}
