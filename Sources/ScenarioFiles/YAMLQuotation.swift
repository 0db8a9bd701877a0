import Words

/// A text as a double-quoted scalar of YAML, on one line: its escapes are those of JSON, and what only looks like an anchor
/// or an alias is escaped as well, for our own reader refuses both.
func yamlQuotation(_ text: String) -> String {
    JSONValue.string(text).description.replacing("&", with: "\\x26").replacing("*", with: "\\x2A")
}
