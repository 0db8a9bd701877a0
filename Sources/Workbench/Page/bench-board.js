// The bench as a drawing: made anew when the screen or the board becomes another one, changed in place otherwise.

import { draw, set } from "./bench-elements.js";
import { LEVELS, PADS, PAD_ORDER, WIRES, curve, endOf, layOut } from "./bench-layout.js";
import { drawAdapter, drawBoard, drawConnector, drawLevelSwitch, drawPad, drawSupply } from "./bench-parts.js";
import { Wiring } from "./bench-wiring.js";

const NARROW = 620;
const EMPTY = {
  wires: Object.fromEntries(WIRES.map(({ name }) => [name, null])), adapterMillivolts: 3300, supply: "off",
  chipHasPower: false, faults: [],
};

export class Board {
  // `act` is given a request for the bench; `say` what is to be read aloud and seen.
  constructor(holder, act, say) {
    Object.assign(this, { holder, act, say, hookup: EMPTY, board: { name: "", pads: [] }, isPlaying: false });
    this.wiring = new Wiring(this);
    new ResizeObserver(() => this.fit()).observe(holder);
  }

  fit() {
    const isNarrow = this.holder.clientWidth < NARROW;
    if (this.layout && isNarrow === (this.layout.name === "tall")) return;
    this.build(isNarrow);
  }

  show(state) {
    const isOther = state.board.name !== this.board.name || state.board.pads.join() !== this.board.pads.join();
    this.board = state.board;
    this.isPlaying = Boolean(state.isPlaying);
    // A recording says nothing of the wires, but whether there was power.
    this.hookup = state.hookup || { ...EMPTY, supply: state.power };
    this.isKnown = Boolean(state.hookup);
    this.runs = state.power === "on" ? state.program : null;
    // Off and on again: the button stays pressed while the supply rests, and the chip is off though its wires are on.
    this.rests = Boolean(this.hookup.chipHasPower) && state.power === "off";
    if (isOther || !this.layout) this.build(this.holder.clientWidth < NARROW);
    else this.update();
  }

  get pads() {
    return PAD_ORDER.filter((pad) => this.board.pads.includes(pad));
  }

  build(isNarrow) {
    const layout = this.layout = layOut(isNarrow);
    const svg = this.svg = draw("svg", {
      viewBox: `0 0 ${layout.width} ${layout.height}`, class: `bench ${layout.name}`, role: "group",
      "aria-labelledby": "benchTitle",
    });
    svg.append(drawAdapter(layout), drawLevelSwitch(layout), drawSupply(layout));
    svg.append(drawBoard(layout, this.board, this.pads.includes("reset")));
    for (const wire of WIRES) svg.append(drawConnector(layout, wire, layout.connectors[wire.name]));
    this.padParts = new Map(this.pads.map((pad) => [pad, drawPad(layout, pad, layout.pads[pad], PADS[pad])]));
    svg.append(...this.padParts.values());
    this.wireParts = new Map(WIRES.map((wire) => [wire.name, drawWire(wire)]));
    svg.append(...this.wireParts.values());
    this.holder.replaceChildren(svg);
    this.wiring.listen(svg);
    this.listenToLevels();
    this.listenToOutput();
    this.update();
  }

  listenToLevels() {
    const levels = Array.from(this.svg.querySelectorAll(".level"));
    const choose = (level) => this.act({ verb: "adapter", millivolts: Number(level.dataset.level) });
    for (const level of levels) {
      level.addEventListener("click", () => choose(level));
      level.addEventListener("keydown", (event) => {
        const by = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key] || 0;
        if (!by && event.key !== " " && event.key !== "Enter") return;
        event.preventDefault();
        const next = levels[(levels.indexOf(level) + by + levels.length) % levels.length];
        next.focus();
        choose(next);
      });
    }
  }

  listenToOutput() {
    const output = this.svg.querySelector(".output");
    output.addEventListener("click", () => this.pressOutput());
    output.addEventListener("keydown", (event) => {
      if (event.key !== " " && event.key !== "Enter") return;
      event.preventDefault();
      this.pressOutput();
    });
  }

  pressOutput() {
    this.act({ verb: "power", to: this.hookup.supply === "on" ? "off" : "on" });
  }

  // What has changed since, and nothing else: focus stays where it is.
  update() {
    const { svg, hookup, layout } = this;
    if (!svg) return;
    const isOn = hookup.supply === "on" && !this.rests;
    svg.classList.toggle("on", isOn);
    svg.classList.toggle("playing", this.isPlaying);
    svg.classList.toggle("unknown", !this.isKnown);
    svg.classList.toggle("lit", Boolean(this.runs) && !/^(mask ROM|uboot|stub)/.test(this.runs));
    set(svg.querySelector(".output"), { "aria-checked": isOn });
    // Both of its wires on one pad: its current limit holds.
    const { "supply-gnd": ground, "supply-3v3": plus } = hookup.wires;
    svg.querySelector(".reading").textContent = isOn && !(plus && plus === ground) ? "3.30" : "0.00";
    for (const level of svg.querySelectorAll(".level")) {
      const isChosen = Number(level.dataset.level) === hookup.adapterMillivolts;
      set(level, { "aria-checked": isChosen, tabindex: isChosen ? 0 : -1 });
    }
    if (!LEVELS.includes(hookup.adapterMillivolts)) set(svg.querySelector(".level"), { tabindex: 0 });
    for (const wire of WIRES) this.placeWire(wire, this.wiring.endOf(wire.name) || endOf(layout, hookup, wire.name));
    for (const [pad, part] of this.padParts) {
      const on = WIRES.filter(({ name }) => hookup.wires[name] === pad).map(({ title }) => title);
      set(part, { "aria-label": `Pad ${PADS[pad].title}: ${on.length ? on.join(" and ") : "free"}` });
    }
  }

  placeWire(wire, end) {
    const part = this.wireParts.get(wire.name);
    const d = curve(this.layout, this.layout.connectors[wire.name], end);
    for (const path of part.querySelectorAll("path.run")) set(path, { d });
    const angle = this.layout.out.y ? 90 : 0;
    set(part.querySelector(".plug"), { transform: `translate(${end.x} ${end.y}) rotate(${angle})` });
    const pad = this.hookup.wires[wire.name];
    const place = pad ? `on pad ${PADS[pad]?.title ?? pad}` : "loose";
    set(part, { "aria-label": `Wire of the ${wire.title}, ${place}` });
  }
}

// A wire and its plug, drawn from the plug's own origin, with room for fingers around it.
function drawWire(wire) {
  const plug = draw("g", { class: "plug" },
    draw("rect", { class: "target", x: -34, y: -18, width: 50, height: 36 }),
    draw("rect", { class: "tip", x: -9, y: -2, width: 12, height: 4, rx: 1 }),
    draw("rect", { class: "housing", x: -28, y: -6, width: 21, height: 12, rx: 2 }),
    draw("rect", { class: "ring", x: -32, y: -11, width: 40, height: 22, rx: 6 }));
  const run = (kind) => draw("path", { class: `run ${kind}` });
  return draw("g", { class: `wire ${wire.name}`, role: "button", tabindex: "0", "data-wire": wire.name },
    run("reach"), run("casing"), run("colour"), run("gloss"), plug);
}
