// Faults to switch on, each with what it does.

import { $, make, say } from "./bench-elements.js";

export class Faults {
  constructor(act) {
    this.act = act;
    this.boxes = new Map();
  }

  show(state) {
    if (state.faults !== this.faults) this.build(state.faults);
    for (const [name, box] of this.boxes) {
      const isOn = Boolean(state.hookup?.faults?.includes(name));
      if (box.checked !== isOn) box.checked = isOn;
      box.disabled = Boolean(state.isPlaying);
    }
  }

  build(faults) {
    this.faults = faults;
    this.boxes.clear();
    $("faults").hidden = !faults.length;
    $("faultList").replaceChildren(...faults.map(({ name, about }) => {
      const box = make("input");
      box.type = "checkbox";
      box.addEventListener("change", () => this.act({ verb: "fault", fault: name, is: box.checked ? "on" : "off" }));
      this.boxes.set(name, box);
      const text = make("span", "", make("b"), " ", make("span", "about"));
      say(text.firstChild, name.replaceAll("-", " "));
      say(text.lastChild, about || "");
      return make("li", "", make("label", "", box, text));
    }));
  }
}
