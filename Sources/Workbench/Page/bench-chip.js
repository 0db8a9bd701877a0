// What the chip is doing: the stages of a start, the window's bar, both rates, both lamps, and the last start against
// time.

import { $, isCalm, make, readColours, say, sized } from "./bench-elements.js";
import { LONGEST_PAUSE, WINDOW, spansOf, stage, stageOf } from "./bench-state.js";
import { duration, nominal } from "./bench-words.js";

// The stages of a start, and what each of them is.
const STAGES = [
  ["off", "off", ""], ["rom", "mask ROM", "built into the chip; starts uboot"],
  ["uboot", "uboot", "listens for a moment, then starts the firmware"],
  ["application", "application", "the plug's firmware"], ["stub", "stub", "the flasher's program, in RAM"],
];
// A lamp stays lit for so long after a character.
const GLOW = 180e6;
// What is shown of a start: before the power came, and after.
const [BEFORE, AFTER] = [150e6, 350e6];
// What the word "window" takes, in CSS pixels.
const LABEL = 54;

export class Chip {
  constructor() {
    this.parts = new Map(STAGES.map(([name, text, about]) => {
      const bar = make("span", "bar", make("i"));
      const item = make("li", `stage ${name}`, make("b", "", text), make("span", "what"));
      if (name === "uboot") item.append(bar);
      item.dataset.about = about;
      return [name, item];
    }));
    $("stages").append(...this.parts.values());
    this.canvas = $("start");
  }

  // `now` is the line's clock at this moment. - Returns: in how many milliseconds to show it again; null for never.
  show(state, now) {
    const current = stage(state);
    const { window: open } = state.start;
    const isOpen = current === "uboot" && open && now < open.to && state.start.answered === null;
    for (const [name, item] of this.parts) {
      item.classList.toggle("now", name === current);
      if (name === current) item.setAttribute("aria-current", "step");
      else item.removeAttribute("aria-current");
      say(item.querySelector(".what"), name === current ? what(state, name, isOpen, open, now) : item.dataset.about);
    }
    const bar = this.parts.get("uboot").querySelector(".bar i");
    const left = isOpen ? Math.max(0, Math.min(1, (open.to - now) / (open.to - open.from || WINDOW))) : 0;
    bar.style.inlineSize = `${(left * 100).toFixed(1)}%`;
    // Who has left has no rate, whatever the port was left at.
    const hostBaud = state.isPortOpen === false ? null : state.hostBaud;
    say($("hostBaud"), hostBaud ? `${nominal(hostBaud)} baud` : "–");
    say($("chipBaud"), state.chipBaud && current !== "off" ? `${nominal(state.chipBaud)} baud` : "–");
    const differs = hostBaud && state.chipBaud && current !== "off"
      && Math.abs(hostBaud / state.chipBaud - 1) > 0.06;
    $("chip").classList.toggle("differs", Boolean(differs));
    const glow = isCalm() ? 4 * GLOW : GLOW;
    const lit = (direction) => now - state.sentAt[direction] < glow;
    $("hostLamp").classList.toggle("lit", lit("host-to-chip"));
    $("chipLamp").classList.toggle("lit", lit("chip-to-host"));
    const isLit = current !== "off";
    if (this.start !== state.start || this.isLit !== isLit || this.isOpen !== isOpen) {
      this.isOpen = isOpen;
      this.drawStart(state.start, isLit);
    }
    if (isOpen) return 0;
    return lit("host-to-chip") || lit("chip-to-host") ? 90 : null;
  }

  recolour() {
    this.colours = null;
    if (this.start) this.drawStart(this.start, this.isLit);
  }

  drawStart(start, isLit) {
    Object.assign(this, { start, isLit });
    const { clientWidth: width } = this.canvas.parentElement;
    const { power } = start;
    // Its room is kept: what is below does not move when the power comes for the first time.
    this.canvas.classList.toggle("empty", power === null);
    if (width < 40) return;
    const colours = this.colours = this.colours || readColours();
    const across = width - 26;
    const context = sized(this.canvas, across, 62);
    say($("startText"), startInWords(start, isLit, this.isOpen));
    if (power === null) return;
    const x = (at) => ((at - power + BEFORE) / (BEFORE + AFTER)) * across;
    const fill = (colour, from, to, top, height) => {
      const [left, right] = [Math.max(0, x(from)), Math.min(across, x(to))];
      context.fillStyle = colour;
      if (right > left) context.fillRect(left, top, Math.max(1, right - left), height);
    };
    const shades = { rom: colours.rom, uboot: colours.rom, application: colours.application, stub: colours.stub };
    start.programs.forEach((program, index) => {
      const end = start.programs[index + 1]?.at ?? power + AFTER;
      const kind = stageOf(program.name);
      fill(shades[kind] || colours.edge, program.at, end, 22, 14);
      const hasRoom = x(end) - Math.max(0, x(program.at)) > 64;
      // The window's own label lies over uboot's.
      const isNamed = kind !== "off" && !(kind === "uboot" && start.window);
      if (hasRoom && isNamed) label(context, colours, new Map(STAGES).get(kind), x(program.at) + 5);
    });
    if (start.window) {
      // The window ends with the answer; how long it would have been stays to be seen.
      const { from, due } = start.window;
      const to = Math.min(start.window.to, start.answered ?? Infinity);
      context.globalAlpha = 0.35;
      fill(colours.window, from, due, 22, 14);
      context.globalAlpha = 1;
      fill(colours.window, from, to, 22, 14);
      // Where the answer's mark would cross it, at the other end: what runs then has its name behind the mark.
      const isCrossed = to < due && x(to) - x(from) < LABEL;
      if (x(due) - x(from) > LABEL) label(context, colours, "window", isCrossed ? x(due) - LABEL : x(from) + 7);
    }
    context.globalAlpha = 0.3;
    for (const { from, to } of spansOf(start.asked)) fill(colours.host, from, to, 9, 8);
    context.globalAlpha = 1;
    context.fillStyle = colours.host;
    for (const at of start.asked) if (x(at) >= 0 && x(at) <= across) context.fillRect(Math.round(x(at)) - 1, 6, 2, 14);
    context.fillStyle = colours.chip;
    if (start.answered !== null) {
      const at = x(start.answered);
      context.fillRect(at - 1, 22, 3, 16);
    }
    axis(context, colours, across, x(power));
  }
}

function label(context, colours, text, x) {
  context.font = colours.bold;
  context.textBaseline = "middle";
  context.fillStyle = colours.text;
  context.fillText(text, Math.max(4, x), 29.5);
}

function axis(context, colours, width, zero) {
  context.font = colours.font;
  context.textBaseline = "alphabetic";
  context.fillStyle = colours.edge;
  context.fillRect(0, 38, width, 1);
  const scale = width / (BEFORE + AFTER);
  const step = width < 420 ? 100e6 : 50e6;
  for (let at = -BEFORE + (BEFORE % step); at <= AFTER; at += step) {
    const x = zero + at * scale;
    context.fillStyle = colours.edge;
    context.fillRect(Math.round(x), 38, 1, 5);
    context.fillStyle = colours.faint;
    const text = at ? `${at / 1e6}` : "power on";
    context.textAlign = x < 20 ? "left" : x > width - 24 ? "right" : "center";
    context.fillText(text.replace("-", "−") + (at === AFTER ? " ms" : ""), Math.min(width, Math.max(0, x)), 56);
  }
  context.textAlign = "left";
  context.fillStyle = colours.text;
  context.fillRect(Math.round(zero), 4, 1, 38);
}

function startInWords({ power, window: open, asked, answered }, isLit, isOpen) {
  if (power === null) return isLit ? "The chip got its power before this began." : "The chip has not been powered yet.";
  const since = (at) => duration(at - power);
  if (!open) return "Since power-on, uboot has not listened.";
  if (answered !== null) {
    const words = `uboot listened from ${since(open.from)} after power-on, and answered the host at ${since(answered)}`;
    // A word that comes a moment early waits in the chip's receiver until somebody reads it.
    const isAsked = (from, to) => asked.some((at) => at >= from && at <= to);
    const isEarly = isAsked(power, open.from) && !isAsked(open.from, answered);
    return isEarly ? `${words}: its sync word had come before, and waited in the chip's receiver.` : `${words}.`;
  }
  if (isOpen) return `uboot listens from ${since(open.from)} to ${since(open.to)} after power-on.`;
  const listened = `uboot listened from ${since(open.from)} to ${since(open.to)} after power-on.`;
  const spans = spansOf(asked);
  if (spans.some(({ from, to }) => from <= open.to && to >= open.from)) {
    return `${listened} The host was asking meanwhile; no answer came.`;
  }
  const late = spans.find(({ from }) => from > open.to);
  // A host that takes noise for an answer leaves off asking, and begins again.
  const begins = late === spans[0] ? "The host began to ask" : "The host's next sync word came";
  if (late) return `${listened} ${begins} ${duration(late.from - open.to)} after that.`;
  const early = spans[spans.length - 1];
  const pause = early ? open.from - early.to : Infinity;
  // Not every sync word is reported: the host may still have been asking.
  if (pause <= LONGEST_PAUSE) return `${listened} The host had asked shortly before; no answer came.`;
  if (pause < 10e9) {
    return `${listened} The host had stopped asking ${duration(pause)} before that.`;
  }
  return `${listened} The host did not ask.`;
}

function what(state, name, isOpen, open, now) {
  if (state.isHeldInReset) return "held in reset";
  switch (name) {
    case "off": return state.power === "on" ? "starting" : "no power";
    case "rom": {
      const mode = state.program.replace(/^mask ROM,? ?/, "");
      return mode === "UART boot" ? `${mode}: listens` : mode;
    }
    case "uboot":
      if (state.start.answered !== null) return "has answered";
      return isOpen ? `listens: ${duration(Math.max(0, open.to - now))} left` : "its window is over";
    case "stub": return state.program.replace(/^stub ?/, "");
    default: return state.program === name ? "runs" : state.program;
  }
}

export const stageInWords = (state) => {
  const name = stage(state);
  return { off: "The chip is off.", rom: "The mask ROM runs.", uboot: "uboot runs.", stub: "A stub runs." }[name]
    || `The application runs: ${state.program}.`;
};

