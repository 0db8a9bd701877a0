extension Mark {
    /// What marks of a kind are about: a sentence for somebody who has not seen one before; empty for other words.
    package static func meaning(of kind: String) -> String {
        switch kind {
        case "trace": "What the recording is of, and which clock its times are on."
        case "baud": "One end of the line now runs at this rate."
        case "format": "One end of the line now frames its characters so."
        case "error": "A receiver says that characters came with an error, or not at all."
        case "port": "The host opened or closed its port."
        case "flush": "The host threw away what lay in its port's queues: an answer that had come is lost with it."
        case "lines": "The host's port now asserts these control lines; on many boards RTS resets the chip."
        case "break": "The host held its wire low for longer than a character."
        case "power":
            "The chip's supply was switched. Without power it hears nothing and forgets everything but its flash."
        case "chip": "This program now runs on the chip."
        case "clock":
            "A pseudo-terminal takes bytes faster than a wire: up to here the line's clock went ahead of the wall's, and "
                + "the chip lived through what waited at the speed of the wire."
        case "differs": "What arrived at one end is not what was sent at the other."
        case lostKind: "Bytes that were sent, and that their receiver never had or did not take."
        case "garbled": "The two ends did not run at one rate, so that other characters arrived than were sent."
        case "fault": "A fault of the scenario begins to do something."
        case "note": "A remark of the recorder's."
        default: ""
        }
    }
}
