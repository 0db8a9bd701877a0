import Testing
import Words

/// POSIX.1-2024, Shell Command Language, 2.2 Quoting.
@Suite struct ShellWordsTests {
    @Test(arguments: [
        ("", []), ("   ", []), ("a", ["a"]), ("a b\t c ", ["a", "b", "c"]),
        ("'a b' \"c d\"", ["a b", "c d"]), ("a'b c'd", ["ab cd"]), ("''", [""]), ("a \"\" b", ["a", "", "b"]),
        (#"a\ b"#, ["a b"]), (#"'a\b'"#, [#"a\b"#]), (#""a\b \" \\ \$ \`""#, [#"a\b " \ $ `"#]),
        (#""it's""#, ["it's"]), (#"'"'"#, ["\""]), ("{port} $HOME *", ["{port}", "$HOME", "*"]),
    ])
    func areCutAsByAShell(line: String, words: [String]) {
        #expect(shellWords(of: line) == words)
    }

    @Test(arguments: ["'a", "\"a", "a\\", "\"a\\", "a 'b\" c"]) func anOpenQuoteIsNone(line: String) {
        #expect(shellWords(of: line) == nil)
    }

    /// What is quoted for a shell is read as it was.
    @Test(arguments: ["plain", "two words", "it's", "", "\"", "\\", "a\\'b", "{out}"])
    func aQuotedWordComesBack(word: String) {
        #expect(shellWords(of: shellWord(word)) == [word])
    }
}
