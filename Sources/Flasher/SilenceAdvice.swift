extension Fault {
    /// Nothing at all came back to the sync word. What a person at the bench needs to know, in the order of
    /// likelihood (ECR6600 facts §11.3, §12, §1.3).
    static func silence(for window: Duration) -> Fault {
        Fault(
            what: """
                the chip did not answer the sync word for \(tenths(window)) s. \
                (Where a stray byte comes instead, RDTool says “RECV_RSP: recv timeout: recv length is: 1”.)
                """,
            remedy: """
                Silence alone cannot tell which of these it is. In the order of likelihood:
                1. Power came too late or too early. The chip listens only within about a second of power-on. \
                Check: start this first, switch the power on half a second later; several times.
                2. No common ground. Check: with a meter, 0 Ω between the adapter's GND and the GND of the \
                3.3 V supply; join them if not.
                3. TX and RX swapped, or on other pads. Adapter TX goes to GPIO5 (RXD), adapter RX to GPIO6 (TXD). \
                Check: swap the two; nothing breaks.
                4. The adapter stands at 1.8 V. Check: its TX pin at rest must be at about 3.3 V against GND.
                If all four hold and it stays silent, look at the chip's marking: a later revision of the plug \
                carries another chip (T34), which never answers.
                """)
    }

    /// Something came, but neither 01 nor FF.
    static let noise = Fault(
        what: "something came back, but no answer to the sync word (01 or FF).",
        remedy: """
            Text means that the application runs: switch the power off and on while this is synchronising. \
            Zeros or random bytes mean a wrong baud, a floating RX wire or a bad ground. \
            The sync words themselves mean that TX and RX touch each other.
            """)
}

/// A duration in seconds with one decimal: `0.5`, `30.0`.
private func tenths(_ duration: Duration) -> String {
    let tenths = duration / .milliseconds(100)
    return "\((tenths).rounded() / 10)"
}
