// Both inputs and their latest waves, which can be held and looked through.

import { $, readColours, say, sized } from "./bench-elements.js";
import { HEIGHT, Scope, range, widthFor } from "./bench-scope.js";
import { isJoined } from "./bench-state.js";
import { bytesOf, compare, hexByte, volts } from "./bench-words.js";

const INPUTS = [
  { direction: "host-to-chip", id: "chipInput", sender: "host" },
  { direction: "chip-to-host", id: "hostInput", sender: "chip" },
];

export class Waves {
  constructor() {
    this.isHeld = false;
    this.back = 0;
    this.ranges = {};
    $("hold").addEventListener("click", () => this.hold(!this.isHeld));
    $("earlier").addEventListener("click", () => this.step(1));
    $("later").addEventListener("click", () => this.step(-1));
    new ResizeObserver(() => this.redraw()).observe($("waves"));
  }

  hold(isHeld) {
    this.isHeld = isHeld;
    this.back = 0;
    $("hold").setAttribute("aria-pressed", String(isHeld));
    if (this.latest) this.show(this.latest);
  }

  step(by) {
    if (!this.isHeld) this.hold(true);
    const most = Math.max(...Object.values(this.waves).map((list) => list.length)) - 1;
    this.back = Math.max(0, Math.min(Math.max(0, most), this.back + by));
    this.redraw();
  }

  recolour() {
    this.colours = null;
    this.redraw();
  }

  show(state) {
    this.latest = state;
    const seen = this.isHeld && this.waves ? this.waves : state.waves;
    const { hookup } = state;
    if (this.waves === seen && this.hookup === hookup && this.power === state.power) return;
    const before = this.waves;
    const isSame = hookup === this.hookup && this.power === state.power;
    // Other wires, another range; with the same ones it only grows, so that nothing jumps.
    if (hookup !== this.hookup) this.ranges = {};
    Object.assign(this, { waves: seen, hookup, power: state.power });
    this.redraw(({ direction }) => !isSame || before?.[direction] !== seen[direction]);
  }

  redraw(isStale = () => true) {
    if (!this.waves) return;
    say($("waveAge"), !this.isHeld ? "" : this.back ? `held: ${this.back} before the last one` : "held");
    this.colours = this.colours || readColours();
    for (const input of INPUTS.filter(isStale)) {
      const list = this.waves[input.direction];
      this.draw(input, list[list.length - 1 - this.back] || null);
    }
  }

  // The same range for all that is usual; half a volt more where a level goes beyond it.
  rangeFor(id, wave) {
    const [least, most] = range(wave.millivolts);
    const [before, after] = this.ranges[id] || [-500, 3600];
    this.ranges[id] = [
      Math.min(before, Math.floor((least - 100) / 500) * 500), Math.max(after, Math.ceil((most + 100) / 500) * 500),
    ];
    return this.ranges[id];
  }

  draw({ id, direction, sender }, wave) {
    const canvas = $(id);
    const room = canvas.parentElement.clientWidth;
    if (room < 60) return;
    const shown = wave || idle(direction, this.hookup?.adapterMillivolts ?? 3300);
    const width = Math.max(room, wave ? widthFor(wave) : 0);
    const scope = new Scope(sized(canvas, width, HEIGHT), this.colours, shown, width, this.rangeFor(id, shown));
    scope.bands();
    if (wave) scope.decoded();
    scope.axis(Boolean(wave));
    const hasWire = isJoined(this.hookup, direction);
    if (wave || hasWire) scope.trace(!wave, sender === "host" ? this.colours.host : this.colours.chip);
    if (wave) scope.samples();
    const silence = hasWire ? "idle, nothing arrives" : `not joined to the ${sender}'s output`;
    say($(`${id}Text`), wave ? inWords(wave, sender) : silence);
    canvas.dataset.wave = wave ? wave.startNanoseconds : "";
  }
}

// What an input sees while nobody sends.
function idle(direction, level) {
  const rest = direction === "host-to-chip" ? level - 50 : 2970;
  return { millivolts: [rest, rest], stepNanoseconds: 1085, baud: 115200, threshold: 1980, low: 990, high: 2310 };
}

// What a wave shows, for those who do not see it; and the levels, for those who do.
export function inWords(wave, sender) {
  const [least, most] = range(wave.millivolts);
  const [sent, received] = [bytesOf(wave.sent), bytesOf(wave.received)];
  const { isLost, isWrong } = compare(sent, received);
  const hex = (bytes) => bytes.map(hexByte).join(" ") || "nothing";
  const isSame = !isLost.includes(true) && !isWrong.includes(true);
  const levels = `${volts(least)} to ${volts(most)}, threshold ${volts(wave.threshold)}`;
  if (wave.isUnread) return `${levels}. The ${sender} sent ${hex(sent)}; the chip has no power, and nobody reads it.`;
  if (isSame) return `${levels}. The ${sender} sent ${hex(sent)}, and so it arrived.`;
  return `${levels}. The ${sender} sent ${hex(sent)}; what arrived is ${hex(received)}.`;
}
