"""Three lessons for the simulated bench."""

import copy

RIGHT = {"adapter-tx": "gpio5", "adapter-rx": "gpio6", "adapter-gnd": "gnd", "supply-gnd": "gnd", "supply-3v3": "3v3"}


def are_plugged(*wires):
    return lambda bench, event: all(bench.wires[wire] == RIGHT[wire] for wire in wires)


def happens(name, **members):
    def holds(bench, event):
        return event["event"] == name and all(event.get(key) == value for key, value in members.items())

    return holds


LESSONS = {
    "wiring": {
        "number": 2, "title": "Wiring, and the two grounds",
        "intro": "Four wires and **two grounds**. A wire's name is that of its *own* end: the adapter's `TX` sends.\n\n"
                 "> Never on mains. The supply alone powers the plug.",
        "steps": [
            ("Power", "Plug the supply's two wires:\n\n- `−` to GND\n- `+` to 3V3",
             are_plugged("supply-gnd", "supply-3v3"), ["Both wires of the supply hang loose.", "`−` goes to GND, `+` to 3V3."]),
            ("Send and receive", "Plug the adapter's TX and RX.", are_plugged("adapter-tx", "adapter-rx"),
             ["What one end sends, the other receives.", "TX to RX (GPIO5), RX to TX (GPIO6)."]),
            ("The second ground", "Plug the adapter's GND.", are_plugged("adapter-gnd"), ["To the same GND."]),
        ],
        "mistake": (lambda bench, event: bench.wires["adapter-tx"] in ("gpio6", "gpio21", "gpio22"),
                    "That pad is not the one that receives. `RX` is printed twice: GPIO5 is the right one."),
        "question": ("Why does the adapter need a ground of its own?",
                     ["It powers the chip.", "A voltage is always between two points."],
                     1, ["It does not: the supply does.", "Without it each end measures against something else."]),
    },
    "power-window": {
        "number": 4, "title": "The power window",
        "intro": "uboot listens for 100 ms after power-on, and then never again. "
                 "So the host must ask *before* the power comes.",
        "steps": [
            ("See it missed", "Switch the supply on and wait until the application runs.",
             happens("program", program="Tuya"), ["The button is on the supply."]),
            ("Catch it", "Switch off. Start the flasher with `identify the flash`, then switch on.",
             happens("program", program="stub community"), ["First Start, then the button."]),
        ],
        "mistake": (lambda bench, event: False, ""),
        "question": ("When do you switch on?", ["Before Start.", "After Start."], 1,
                     ["Then the window has shut before the host asks.", "The host asks already when the window opens."]),
    },
    "no-ground": {
        "number": 7, "title": "No common ground", "intro": "Recognise it, then cure it.",
        "steps": [("Recognise it", "Start the flasher without the adapter's GND.",
                   happens("flasher", ending="failure"), ["Pull it off."]),
                  ("Cure it", "Plug the adapter's GND.", are_plugged("adapter-gnd"), ["GND to GND."])],
        "mistake": (lambda bench, event: False, ""),
        "question": ("How did it look?", ["Square.", "Like spikes on a slow wave."], 1, ["No.", "The edges alone got across."]),
    },
}


class Lessons:
    """Which one is open, how far it is, and what is done."""

    def __init__(self, bench):
        self.bench, self.done, self.open = bench, set(), None

    def list(self):
        return [{"name": name, "number": lesson["number"], "title": lesson["title"], "isDone": name in self.done}
                for name, lesson in LESSONS.items()]

    def take(self, request):
        if request["do"] == "start":
            self.open = {"name": request["name"], "current": 0, "hints": 0, "mistake": None, "chosen": None}
            if request["name"] in ("wiring", "power-window"):
                is_wired = request["name"] == "power-window"
                self.bench.wires.update({wire: pad if is_wired else None for wire, pad in RIGHT.items()})
                self.bench.is_on = False
                self.bench.say("hookup", hookup=copy.deepcopy(self.bench.hookup()))
                self.bench.settle()
        elif request["do"] == "leave":
            self.open = None
        elif not self.open:
            raise ValueError("no lesson is open")
        elif request["do"] == "hint":
            self.open["hints"] += 1
        elif request["do"] == "answer":
            self.open["chosen"] = request["choice"]
            if request["choice"] == LESSONS[self.open["name"]]["question"][2]:
                self.done.add(self.open["name"])
        self.bench.say("lesson", lesson=self.shown())

    def notice(self, event):
        if not self.open or event["event"] == "lesson":
            return
        lesson = LESSONS[self.open["name"]]
        if self.open["current"] >= len(lesson["steps"]):
            return
        when, text = lesson["mistake"]
        mistake = text if when(self.bench, event) else None
        before = dict(self.open)
        self.open["mistake"] = mistake
        steps = lesson["steps"]
        while self.open["current"] < len(steps) and steps[self.open["current"]][2](self.bench, event):
            self.open.update(current=self.open["current"] + 1, hints=0, mistake=None)
        if self.open != before:
            self.bench.say("lesson", lesson=self.shown())

    def shown(self):
        if not self.open:
            return None
        lesson, current = LESSONS[self.open["name"]], self.open["current"]
        steps = [{"title": title, "text": text, "isDone": index < current}
                 for index, (title, text, _, _) in enumerate(lesson["steps"])]
        hints = lesson["steps"][current][3] if current < len(steps) else []
        hint = hints[min(len(hints), self.open["hints"]) - 1] if hints and self.open["hints"] else None
        question = None
        if current == len(steps):
            text, choices, right, why = lesson["question"]
            chosen = self.open["chosen"]
            verdict, is_right = (None, None) if chosen is None else (why[chosen], chosen == right)
            question = {"text": text, "choices": choices, "chosen": chosen, "verdict": verdict, "isRight": is_right}
        return {
            "name": self.open["name"], "number": lesson["number"], "title": lesson["title"], "intro": lesson["intro"],
            "steps": steps, "current": current, "hint": hint, "mistake": self.open["mistake"], "question": question,
            "isDone": bool(question and question["isRight"]),
        }
