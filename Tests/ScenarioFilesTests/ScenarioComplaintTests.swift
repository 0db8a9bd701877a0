import Faults
import Testing

@testable import ScenarioFiles

/// What is said of a scenario that somebody wrote: file, line, key, and what would do instead.
@Suite struct ScenarioComplaintTests {
    /// A mistake below a head of two lines: it stands in line 3.
    struct Mistake: Sendable, CustomTestStringConvertible {
        var text: String
        var complaint: String
        /// Whether the schema sees it, too.
        var schemaSees = true

        var file: String { "solderless: 1\nname: mine\n\(text)\n" }
        var testDescription: String { text }

        init(_ text: String, _ complaint: String, schemaSees: Bool = true) {
            self.text = text
            self.complaint = complaint
            self.schemaSees = schemaSees
        }
    }

    static let mistakes = [
        // Keys and words.
        Mistake("poewr: {apply: start}", ":3: poewr: this key is not known here; did you mean \"power\"?"),
        Mistake("kind: board", ":3: kind: \"board\" is not known here; it is one of scenario"),
        Mistake("board: tnce-plgu", ":3: board: \"tnce-plgu\" is not known here; did you mean \"tnce-plug\"?"),
        Mistake("chip: {start: flsh}", ":3: chip.start: \"flsh\" is not known here; did you mean \"flash\"?"),
        Mistake("chip: {strat: rom}", ":3: chip.strat: this key is not known here; did you mean \"start\"?"),
        Mistake("chip: {fifo: 24}", ":3: chip.fifo: it is 16 or 32; the facts name both"),
        Mistake("chip: {crystal: 25 MHz}", ":3: chip.crystal: the chip takes 26 MHz or 40 MHz"),
        Mistake(
            "chip: {flash: GD25Q16}",
            ":3: chip.flash: \"GD25Q16\" is no flash: neither an id of six hexadecimal digits nor a part; did you mean "
                + "\"GD25Q16E\"?"),
        Mistake("chip: {stub: comunity}", ":3: chip.stub: \"comunity\" is not known here; did you mean \"community\"?"),
        Mistake("adapter: {type: ch341}", ":3: adapter.type: \"ch341\" is not known here; did you mean \"ch340\"?"),
        Mistake("adapter: {level: 5 V}", ":3: adapter: the key \"type\" is missing"),
        Mistake(
            "adapter: {type: ch340, level: 2.5 V}",
            ":3: adapter.level: an adapter's level is one of 1.8 V, 3.3 V, 5 V"),
        Mistake("adapter: {type: ch340, wrong-rates: []}", ":3: adapter.wrong-rates: the list is empty"),
        Mistake(
            "adapter: {type: ch340, wrong-rates: [{asked: 921600}]}",
            ":3: adapter.wrong-rates[0]: the key \"made\" is missing"),
        Mistake(
            "adapter: {type: ch340, wrong-rates: [{asked: 921600, made: 0}]}",
            ":3: adapter.wrong-rates[0].made: 0 is not between 300 and 10000000"),
        Mistake(
            "adapter: {type: ch340, wrong-rates: [{asked: 921600, made: 1000000}, {asked: 921600, made: 857143}]}",
            ":3: adapter.wrong-rates[1].asked: 921600 is there already", schemaSees: false),
        Mistake("adapter: ch340", ":3: adapter: expected a section with keys, found a single value"),
        Mistake(
            "wiring: {ground: lose}",
            ":3: wiring.ground: \"lose\" is not known here; it is joined, floating, or a time as in \"joined-after 2 s\""
        ),
        Mistake(
            "wiring: {ground: joined-after 2}",
            ":3: wiring.ground: \"2\" has no unit; it is one of ms, ns, us, µs, s, min"
        ),
        Mistake(
            "wiring: {floating: {noise: 1 V}}",
            ":3: wiring.floating: this ground is joined; say \"ground: floating\" or \"ground: joined-after 2 s\"",
            schemaSees: false),
        Mistake(
            "wiring: {ground: floating, floating: {nois: 1 V}}",
            ":3: wiring.floating.nois: this key is not known here; did you mean \"noise\"?"),
        Mistake("wiring: {rail: nothing}", ":3: wiring.rail: \"nothing\" is not known here; it is one of none"),
        Mistake(
            "wiring: {rail: {lift: 4 V}}", ":3: wiring.rail.lift: \"4 V\" is not between 0 V and 3300 mV",
            schemaSees: false),
        // Power.
        Mistake(
            "power: {apply: first-hots-byte}",
            ":3: power.apply: \"first-hots-byte\" is no moment; did you mean \"first-host-byte\"?"),
        Mistake("power: {apply: blok 3}", ":3: power.apply: \"blok\" is no moment; did you mean \"block\"?"),
        Mistake(
            "power: {apply: block 0}",
            ":3: power.apply: \"0\" is no count of 1 to 1000000, as in \"block 3\"", schemaSees: false),
        Mistake(
            "power: {apply: erase 99999999999999999999}",
            ":3: power.apply: \"99999999999999999999\" is no count of 1 to 1000000, as in \"erase 3\"",
            schemaSees: false),
        Mistake(
            "power: {apply: block 3 up}",
            ":3: power.apply: \"up\" is no direction; it is one of host-to-chip, chip-to-host"),
        Mistake("power: {apply: start 2}", ":3: power.apply: \"2\": there is only one start"),
        Mistake(
            "power: {apply: start - 1 s}",
            ":3: power.apply: a time can only be added, as in \"start + 0.5 s\": \"-\" is not taken"),
        Mistake(
            "power: {apply: block 3 -1s}",
            ":3: power.apply: a time can only be added, as in \"block + 0.5 s\": \"-1s\" is not taken"),
        Mistake(
            "power: {apply: block -3}", ":3: power.apply: \"-3\" is no count of 1 to 1000000, as in \"block 3\""),
        Mistake("power: {apply: erase 1 2}", ":3: power.apply: \"2\" is not understood here"),
        Mistake("power: {apply: start + }", ":3: power.apply: \"\" is no time; it is written like \"10 ms\""),
        Mistake("power: {apply: + 1 s}", ":3: power.apply: a moment is written like \"first-host-byte + 0.5 s\""),
        Mistake(
            "power: {apply: start + 25 s + 1 s}", ":3: power.apply: \"s + 1 s\" is no unit of time"),
        Mistake(
            "power: {apply: start + 1441 min}",
            ":3: power.apply: \"1441 min\" is not between 0 ms and 1440 min", schemaSees: false),
        Mistake("power: {ramp: 61 s}", ":3: power.ramp: \"61 s\" is not between 0 ms and 1 min", schemaSees: false),
        Mistake("power: {ramp: -1 s}", ":3: power.ramp: \"-1 s\" is no time; it is written like \"10 ms\""),
        Mistake(
            "power: {apply: never, bounce: {times: 1, every: 1 ms}}",
            ":3: power.bounce: a supply that is never applied does not bounce", schemaSees: false),
        Mistake("power: {bounce: {times: 31, every: 1 ms}}", ":3: power.bounce.times: 31 is not between 1 and 30"),
        Mistake("power: {cuts: []}", ":3: power.cuts: the list is empty"),
        Mistake("power: {cuts: [{for: 1 s}]}", ":3: power.cuts[0]: the key \"at\" is missing"),
        Mistake(
            "power: {cuts: [{at: start + 1440 min, for: 1 s}]}",
            ":3: power: the last switch comes more than a day later than what it is reckoned from", schemaSees: false),
        Mistake("power: {then: [{apply: start, cut: start}]}", ":3: power.then[0]: it is either \"apply\" or \"cut\""),
        Mistake("power: {then: [{}]}", ":3: power.then[0]: it is either \"apply\" or \"cut\""),
        Mistake("power: on", ":3: power: YAML takes on for a boolean; name it otherwise, or put it in quotes"),
        Mistake("power: {off: 1 s}", ":3: power: as a key, YAML takes off for a boolean", schemaSees: true),
        // Host and expectation.
        Mistake("host: {baud: 460800.5}", ":3: host.baud: \"460800.5\" is no whole number"),
        Mistake("host: {baud: 100}", ":3: host.baud: 100 is not between 300 and 10000000"),
        Mistake(
            "host: {baud: 99999999999999999999}",
            ":3: host.baud: \"99999999999999999999\" is not between 300 and 10000000"),
        Mistake("host: {task: rwite}", ":3: host.task: \"rwite\" is not known here; did you mean \"write\"?"),
        Mistake("host: {sync-for: 5}", ":3: host.sync-for: \"5\" has no unit; it is one of ms, ns, us, µs, s, min"),
        Mistake("expect: {within: 1 s}", ":3: expect: the key \"outcome\" is missing"),
        Mistake(
            "expect: {outcome: sucess}", ":3: expect.outcome: \"sucess\" is not known here; did you mean \"success\"?"),
        Mistake(
            "expect: {outcome: failure, cause: late-pwer}",
            ":3: expect.cause: \"late-pwer\" is not known here; did you mean \"late-power\"?"),
        Mistake(
            "expect: {outcome: success, cause: late-power}",
            ":3: expect.cause: what ends well has no cause of failure", schemaSees: false),
        // Faults.
        Mistake("faults: open-wire", ":3: faults: expected a list, found a single value"),
        Mistake("faults: [opne-wire]", ":3: faults[0]: \"opne-wire\" is no fault; did you mean \"open-wire\"?"),
        Mistake("faults: [{opne-wire: {}}]", ":3: faults[0]: \"opne-wire\" is no fault; did you mean \"open-wire\"?"),
        Mistake(
            "faults: [{open-wire: {}, drop: {at: eot}}]",
            ":3: faults[0]: a fault is one name with what belongs to it below, like \"- drop: {at: {eot: 1}}\""),
        Mistake("faults: [drop]", ":3: faults[0]: say at which step, like \"drop: {at: {block-ack: 3}}\""),
        Mistake("faults: [drop: {}]", ":3: faults[0].drop: the key \"at\" is missing"),
        Mistake(
            "faults: [drop: {at: {blok-ack: 3}}]",
            ":3: faults[0].drop.at: \"blok-ack\" is not known here; did you mean \"block-ack\"?"),
        Mistake(
            "faults: [drop: {at: {block-ack: 3, eot: 1}}]",
            ":3: faults[0].drop.at: it is aimed at one step, like {block-ack: 3}"),
        Mistake(
            "faults: [drop: {at: {block-ack: 0}}]", ":3: faults[0].drop.at.block-ack: 0 is not between 1 and 1000000"),
        Mistake(
            "faults: [drop: {at: {block-ack: -3}}]",
            ":3: faults[0].drop.at.block-ack: -3 is not between 1 and 1000000"),
        Mistake(
            "faults: [drop: {at: {block-ack: 99999999999999999999}}]",
            ":3: faults[0].drop.at.block-ack: \"99999999999999999999\" is not between 1 and 1000000"),
        Mistake(
            "faults: [drop: {at: eot, direction: up}]",
            ":3: faults[0].drop.direction: \"up\" is not known here; it is one of host-to-chip, chip-to-host"),
        Mistake(
            "faults: [swapped-wires: {direction: host-to-chip}]",
            ":3: faults[0].swapped-wires.direction: this key is not known here; no key is"),
        Mistake(
            "faults: [loose-wire: {at: eot}]", ":3: faults[0].loose-wire.at: this key is not known here"),
        Mistake(
            "faults: [loose-wire: {onste: 200 ppm}]",
            ":3: faults[0].loose-wire.onste: this key is not known here; did you mean \"onset\"?"),
        Mistake(
            "faults: [loose-wire: {onset: 200}]",
            ":3: faults[0].loose-wire.onset: \"200\" has no unit; it is one of ppm, %"),
        Mistake(
            "faults: [loose-wire: {onset: 200 ppb}]",
            ":3: faults[0].loose-wire.onset: \"ppb\" is no unit of deviation; did you mean \"ppm\"?"),
        Mistake(
            "faults: [loose-wire: {onset: -1 ppm}]",
            ":3: faults[0].loose-wire.onset: \"-1 ppm\" is not between 0 ppm and 100 %", schemaSees: false),
        // Not even with a signed unit is 0 more than the least.
        Mistake(
            "faults: [loose-wire: {recovery: 0 ppm}]",
            ":3: faults[0].loose-wire.recovery: \"0 ppm\" is not between 1 ppm and 100 %", schemaSees: false),
        Mistake(
            "faults: [wrong-crystal: {error: -51 %}]",
            ":3: faults[0].wrong-crystal.error: \"-51 %\" is not between -50 % and 50 %", schemaSees: false),
        Mistake(
            "faults: [loose-wire: {loss: 101 %}]",
            ":3: faults[0].loose-wire.loss: \"101 %\" is not between 0 % and 100 %", schemaSees: false),
        Mistake(
            "faults: [loose-wire: {loss: 0.01 %}]",
            ":3: faults[0].loose-wire.loss: \"0.01 %\" is no number, too large, or finer than permille",
            schemaSees: false),
        Mistake(
            "faults: [unplugged: {after: 1 us}]",
            ":3: faults[0].unplugged.after: it is a whole number of milliseconds", schemaSees: false),
        Mistake(
            "faults: [unplugged: {after: 9223372036854775807 min}]",
            ":3: faults[0].unplugged.after: \"9223372036854775807 min\" is no number, too large, or finer than ns",
            schemaSees: false),
        Mistake(
            "faults: [worn-sector: {address: A000}]",
            ":3: faults[0].worn-sector.address: \"A000\" is not understood here; it is written like 0x10000"),
        Mistake(
            "faults: [worn-sector: {address: 0x1000000}]",
            ":3: faults[0].worn-sector.address: \"0x1000000\" is not between 0x0 and 0xFFFFFF"),
        Mistake(
            "faults: [change-characters: {xor: 0x0}]",
            ":3: faults[0].change-characters.xor: \"0x0\" is not between 0x1 and 0xFF"),
        Mistake(
            "faults: [wrong-flash-id: {id: \"40C8\"}]",
            ":3: faults[0].wrong-flash-id.id: \"40C8\" is not understood here; it is written like 1540C8"),
        Mistake(
            "faults: [change-characters: {xor: 0x100}]",
            ":3: faults[0].change-characters.xor: \"0x100\" is not between 0x1 and 0xFF"),
        Mistake(
            "faults: [change-characters: {xor: 0x0000000000000000000000000000080}]",
            ":3: faults[0].change-characters.xor: \"0x0000000000000000000000000000080\" has more digits than it takes; it "
                + "is written like 0x80", schemaSees: false),
        Mistake(
            "faults: [change-characters: {xor: 0}]",
            ":3: faults[0].change-characters.xor: \"0\" is not understood here; it is written like 0x80, between 0x1 and "
                + "0xFF"),
        Mistake(
            "faults: [worn-sector: {address: -1}]",
            ":3: faults[0].worn-sector.address: \"-1\" is not understood here; it is written like 0x10000, between 0x0 "
                + "and 0xFFFFFF"),
        Mistake(
            "faults: [worn-sector: {address: 0xFFFFFFFFFFFFFFFFFFFF}]",
            ":3: faults[0].worn-sector.address: \"0xFFFFFFFFFFFFFFFFFFFF\" is not between 0x0 and 0xFFFFFF"),
        Mistake("faults: [stuck-bit: {bit: 8}]", ":3: faults[0].stuck-bit.bit: 8 is not between 0 and 7"),
        // Texts.
        Mistake(
            "about: \"\\e[2J\"", ":3: about: the character U+1B is none for a text that people read", schemaSees: false),
        Mistake(
            "about: \"a\\u202Eb\"", ":3: about: the character U+202E is none for a text that people read",
            schemaSees: false),
        Mistake("about: [a]", ":3: about: expected a single value, found a list"),
        Mistake(
            "about: *mine", ":3: anchors (&) and aliases (*) are not taken: write the value where it belongs",
            schemaSees: false),
    ]

    @Test(arguments: mistakes)
    func complaintsNameLineAndKey(mistake: Mistake) {
        let found = ScenarioFileTests.complaint(mistake.file)
        #expect(found.hasPrefix("mine.yaml\(mistake.complaint)"), "\(found)")
    }

    @Test(arguments: [
        ("name: mine", "mine.yaml:1: the key \"solderless\" is missing"),
        ("solderless: 1", "mine.yaml:1: the key \"name\" is missing"),
        ("solderless: 2\nname: a", "mine.yaml:1: solderless: this program reads version 1"),
        ("solderless: one\nname: a", "mine.yaml:1: solderless: \"one\" is no whole number"),
        ("solderless: 1\nname: a b", "mine.yaml:2: name: \"a b\" is no name: 1 to 40 letters, digits, - and _"),
        ("solderless: 1\nname: ''", "mine.yaml:2: name: \"\" is no name: 1 to 40 letters, digits, - and _"),
        ("solderless: 1\nname: a\nname: b", "mine.yaml:3: the key \"name\" stands in line 2 already"),
        (
            "solderless: 1\nname: a\n# name: c\nboard: tnce-plug\n'name': b",
            "mine.yaml:5: the key \"name\" stands in line 2 already"
        ),
        ("solderless: 1\nname: a\nhost: {task: info, task: write}", "mine.yaml:3: the key \"task\" stands here twice"),
        (
            "solderless: 1\nname: a\nfaults:\n- delay:\n    at: eot\n- delay:\n    at: ready\n    by: 1 s\n    at: eot",
            "mine.yaml:9: the key \"at\" stands in line 7 already"
        ),
        ("- solderless", "mine.yaml:1: expected a section with keys, found a list"),
        ("", "mine.yaml: the file is empty"),
    ])
    func theHeadMustBeRight(text: String, complaint: String) {
        let found = ScenarioFileTests.complaint(text)
        #expect(found == complaint)
    }

    /// The line is that of the mistake, however deep it lies.
    @Test func theLineIsTheMistakes() {
        let text = "solderless: 1\nname: a\nfaults:\n  - open-wire\n  - drop:\n      at:\n        blok: 1\n"
        #expect(
            ScenarioFileTests.complaint(text)
                == "mine.yaml:7: faults[1].drop.at: \"blok\" is not known here; did you mean \"block\"?")
    }

    @Test(arguments: [
        ("", "there is no fault's name"), ("  ", "there is no fault's name"),
        ("opne-wire", "\"opne-wire\" is no fault; did you mean \"open-wire\"?"),
        ("[open-wire]", "expected a single value, found a list"), ("drop: {", "this is not YAML"),
        ("drop", "say at which step"), ("drop: {at: {block-ack: x}}", "\"x\" is no whole number"),
        ("drop: {at: *a}", "anchors (&) and aliases (*)"),
        ("stuck-wire: {level: 2}", "stuck-wire.level: 2 is not between 0 and 1"),
        ("swapped-wires: {direction: chip-to-host}", "swapped-wires.direction: this key is not known here; no key is"),
    ])
    func aFaultOfTheCommandLineIsRefusedLikewise(text: String, reason: String) {
        #expect {
            try FaultChoice(parsing: text)
        } throws: { error in
            "\(error)".hasPrefix("--fault") && "\(error)".contains(reason)
        }
    }

    /// A terminal is told nothing that it obeys, nor what turns a line round, and no more than a line of it.
    @Test(arguments: ["\\e[2J", "\\u202E", "\\u202A", "\\u2066", "\\u2069", "\\u200F", "\\u2028", "\\x85", "\\x07"])
    func whatATerminalObeysIsNotRepeated(escape: String) {
        let head = "solderless: 1\nname: a\n"
        let value = ScenarioFileTests.complaint(head + "board: \"a\(escape)b\"")
        #expect(value.hasPrefix("mine.yaml:3: board: \"a\\u{"), "\(value)")
        let key = ScenarioFileTests.complaint(head + "\"a\(escape)b\": c")
        #expect(key.hasPrefix("mine.yaml:3: a\\u{"), "\(key)")
    }

    @Test func longTextsAreCut() {
        let long = String(repeating: "x", count: 50_000)
        let value = ScenarioFileTests.complaint("solderless: 1\nname: a\nboard: \(long)")
        #expect(value.contains("\"\(String(repeating: "x", count: 60))…\" is not known here"), "\(value.prefix(200))")
        let key = ScenarioFileTests.complaint("solderless: 1\nname: a\n\"\(long.prefix(900))\": b")
        #expect(key.contains("\(String(repeating: "x", count: 60))…: this key"), "\(key.prefix(200))")
        #expect(value.utf8.count < 500 && key.utf8.count < 500)
    }

    @Test func aThousandFaultsAreEnough() {
        let list = { (count: Int) in
            "solderless: 1\nname: a\nfaults: [\(Array(repeating: "open-wire", count: count).joined(separator: ", "))]"
        }
        #expect(ScenarioFileTests.complaint(list(1000)) == "nothing")
        #expect(
            ScenarioFileTests.complaint(list(1001))
                == "mine.yaml:3: faults: these are 1001 faults; at most 1000 are allowed")
    }

    @Test func sixtyFourSwitchesAreEnough() {
        let list = { (count: Int) in
            let switches = Array(repeating: "{cut: start}", count: count).joined(separator: ", ")
            return "solderless: 1\nname: a\npower: {apply: never, then: [\(switches)]}"
        }
        #expect(ScenarioFileTests.complaint(list(64)) == "nothing")
        #expect(
            ScenarioFileTests.complaint(list(65))
                == "mine.yaml:3: power: these are 65 switches of the supply; at most 64 are allowed")
    }
}
