/// A word as a shell takes it, for a command that a person may repeat. Stray bytes stand as `$'caf\xE9'`, which bash, zsh
/// and ksh know.
package func shellWord(_ word: String) -> String {
    let isPlain = word.allSatisfy { $0.isLetter || $0.isNumber || "/._-+,:@%".contains($0) }
    guard word.isEmpty || !isPlain else { return word }
    let hasStrayBytes = word.hasStrayBytes
    let escapes: [Unicode.Scalar: String] = hasStrayBytes ? ["\\": "\\\\", "'": "\\'"] : ["'": "'\\''"]
    let escaped = word.unicodeScalars.map { escapes[$0] ?? String($0) }.joined()
    return (hasStrayBytes ? "$'" : "'") + legible(escaped) + "'"
}
