import ArgumentParser
import Words

/// How a command reports: as text for a person or as JSON for a program. Every `--json` is this one.
struct ReportFormat: ParsableArguments {
    @Flag(help: "JSON instead of text.") var json = false

    /// Prints a report on standard output: its JSON on one line, or its text, with a line feed at the end.
    func print(_ value: @autoclosure () -> JSONValue, text: @autoclosure () -> String) {
        print(value()) {
            let text = text()
            Console.write(text.hasSuffix("\n") ? text : text + "\n", to: 1)
        }
    }

    /// The same for text that goes to standard error in part: `say` prints all of it.
    func print(_ value: @autoclosure () -> JSONValue, say: () -> Void) {
        if json {
            Console.print(value().description)
        } else {
            say()
        }
    }
}
