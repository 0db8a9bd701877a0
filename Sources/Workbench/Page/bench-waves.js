// Both inputs as an oscilloscope shows them: the voltage against the input's own ground, the levels it is promised to
// read, where it took its samples, and what it made of them.

import { $, readColours, say, sized } from "./bench-elements.js";
import { bytesOf, duration, hexByte, letter, volts } from "./bench-words.js";

const HEIGHT = 190;
const [LEFT, RIGHT, TOP, BOTTOM] = [40, 8, 24, 44];
// Below this a bit has no room for its digit.
const LEAST_STEP = 0.62;
const INPUTS = [
  { direction: "host-to-chip", id: "chipInput", wire: "adapter-tx", pad: "gpio5", sender: "host" },
  { direction: "chip-to-host", id: "hostInput", wire: "adapter-rx", pad: "gpio6", sender: "chip" },
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

  draw({ id, direction, wire, pad, sender }, wave) {
    const canvas = $(id);
    const room = canvas.parentElement.clientWidth;
    if (room < 60) return;
    const plugged = !this.hookup || this.hookup.wires[wire] === pad;
    const shown = wave || idle(direction, this.hookup?.adapterMillivolts ?? 3300);
    const steps = Math.max(1, shown.millivolts.length);
    const width = Math.max(room, Math.ceil(LEFT + RIGHT + (wave ? steps * LEAST_STEP : 0)));
    const scope = new Scope(sized(canvas, width, HEIGHT), this.colours, shown, width, this.rangeFor(id, shown));
    scope.bands();
    if (wave) scope.decoded();
    scope.axis(Boolean(wave));
    scope.trace(!wave, sender === "host" ? this.colours.host : this.colours.chip);
    if (wave) scope.samples();
    say($(`${id}Text`), wave ? inWords(wave, sender) : plugged ? "idle: nothing sent yet" : "idle: no wire of the sender is here");
    canvas.dataset.wave = wave ? wave.startNanoseconds : "";
  }
}

// What an input sees while nobody sends.
function idle(direction, level) {
  const high = direction === "host-to-chip" ? level - 50 : 2970;
  return { millivolts: [high, high], stepNanoseconds: 542, threshold: 1980, low: 990, high: 2310, samples: [], baud: 115200 };
}

class Scope {
  constructor(context, colours, wave, width, [least, most]) {
    Object.assign(this, { context, colours, wave, width, least, most });
    this.step = (width - LEFT - RIGHT) / Math.max(1, wave.millivolts.length - 1);
  }
  x(step) {
    return LEFT + step * this.step;
  }
  y(millivolts) {
    return TOP + ((this.most - millivolts) / (this.most - this.least)) * (HEIGHT - TOP - BOTTOM);
  }

  bands() {
    const { context, colours, wave, width } = this;
    const { low, high, threshold } = wave;
    context.fillStyle = colours.sure;
    context.fillRect(LEFT, this.y(this.most), width - LEFT - RIGHT, this.y(high) - this.y(this.most));
    context.fillRect(LEFT, this.y(low), width - LEFT - RIGHT, this.y(this.least) - this.y(low));
    context.font = colours.font;
    context.textBaseline = "middle";
    for (let level = Math.ceil(this.least / 1000) * 1000; level <= this.most; level += 1000) {
      context.fillStyle = colours.grid;
      context.fillRect(LEFT, Math.round(this.y(level)), width - LEFT - RIGHT, 1);
      context.fillStyle = colours.faint;
      context.textAlign = "right";
      context.fillText(`${level / 1000} V`.replace("-", "−"), LEFT - 6, this.y(level));
    }
    context.textAlign = "left";
    context.strokeStyle = colours.again;
    context.setLineDash([5, 4]);
    context.beginPath();
    context.moveTo(LEFT, this.y(threshold));
    context.lineTo(width - RIGHT, this.y(threshold));
    context.stroke();
    context.setLineDash([]);
  }

  trace(isIdle, colour) {
    const { context, wave, width } = this;
    context.strokeStyle = colour;
    context.globalAlpha = isIdle ? 0.55 : 1;
    context.lineWidth = 1.8;
    context.lineJoin = "round";
    context.beginPath();
    if (isIdle) {
      context.moveTo(LEFT, this.y(wave.millivolts[0]));
      context.lineTo(width - RIGHT, this.y(wave.millivolts[0]));
    } else {
      wave.millivolts.forEach((level, step) => {
        // A level holds for its tick; what jumps, jumps at its end.
        const before = wave.millivolts[step - 1];
        if (step && Math.abs(level - before) > 600) context.lineTo(this.x(step - 0.15), this.y(before));
        context.lineTo(this.x(step), this.y(level));
      });
    }
    context.stroke();
    context.globalAlpha = 1;
    context.lineWidth = 1;
  }

  samples() {
    const { context, colours, wave } = this;
    context.font = colours.font;
    context.textAlign = "center";
    const hasRoom = this.step * 16 > 8;
    (wave.samples || []).forEach(([step, bit], index) => {
      const level = wave.millivolts[Math.min(wave.millivolts.length - 1, Math.max(0, Math.round(step)))];
      const isSure = bit ? level >= wave.high : level <= wave.low;
      context.beginPath();
      context.arc(this.x(step), this.y(level), 3.2, 0, 7);
      context.fillStyle = isSure ? colours.text : colours.trouble;
      context.fill();
      if (!hasRoom) return;
      const isFrame = index % 10 === 0 || index % 10 === 9;
      context.fillStyle = isFrame ? colours.faint : colours.text;
      context.fillText(String(bit), this.x(step), HEIGHT - BOTTOM + 9);
    });
    context.textAlign = "left";
  }

  // Characters: above what was sent, below what the input made of it; those that differ are marked.
  decoded() {
    const { context, colours, wave } = this;
    const [sent, received] = [bytesOf(wave.sent), bytesOf(wave.received)];
    const { isLost, isWrong } = compare(sent, received);
    context.textBaseline = "middle";
    // Where the sender's characters lie; as many as were received lie where those do.
    const taken = sent.length === received.length ? wave.samples || [] : [];
    sent.forEach((byte, index) => {
      const from = wave.sentSteps?.[index] ?? (taken[index * 10]?.[0] ?? NaN) - 8;
      if (!Number.isFinite(from)) return;
      this.character(byte, this.x(from), this.x(from + 160), 4, isLost[index] ? colours.trouble : colours.faint, false);
    });
    received.forEach((byte, index) => {
      const [from, to] = [wave.samples?.[index * 10], wave.samples?.[index * 10 + 9]];
      if (!from || !to) return;
      const colour = isWrong[index] ? colours.trouble : colours.good;
      this.character(byte, this.x(from[0] - 6), this.x(to[0] + 6), HEIGHT - BOTTOM + 16, colour, isWrong[index]);
    });
    context.textAlign = "left";
  }

  character(byte, left, right, top, colour, isMarked) {
    const { context, colours } = this;
    context.strokeStyle = colour;
    context.strokeRect(left + 1.5, top + 0.5, Math.max(2, right - left - 3), 13);
    if (isMarked) {
      context.fillStyle = colour;
      context.globalAlpha = 0.16;
      context.fillRect(left + 1.5, top + 0.5, right - left - 3, 13);
      context.globalAlpha = 1;
    }
    context.font = colours.mono;
    context.fillStyle = isMarked ? colours.trouble : colours.text;
    context.textAlign = "center";
    const text = letter(byte) ? `${hexByte(byte)} ${letter(byte)}` : hexByte(byte);
    if (right - left > 18) context.fillText(right - left > 34 ? text : hexByte(byte), (left + right) / 2, top + 7.5);
  }

  axis(isLive) {
    const { context, colours, wave, width } = this;
    if (!isLive) return;
    context.font = colours.font;
    context.fillStyle = colours.faint;
    context.textBaseline = "alphabetic";
    const perStep = wave.stepNanoseconds;
    const step = round((perStep / this.step) * 90);
    for (let at = 0; LEFT + (at / perStep) * this.step < width - 40; at += step) {
      const x = LEFT + (at / perStep) * this.step;
      context.fillRect(Math.round(x), HEIGHT - 12, 1, 4);
      context.fillText(at ? duration(at) : "0", x + 3, HEIGHT - 2);
    }
  }
}

function round(least) {
  let unit = 1;
  while (unit * 10 <= least) unit *= 10;
  return unit * [1, 2, 5, 10].find((factor) => factor * unit >= least);
}

function range(levels) {
  let [least, most] = [Infinity, -Infinity];
  for (const level of levels) {
    least = Math.min(least, level);
    most = Math.max(most, level);
  }
  return Number.isFinite(least) ? [least, most] : [0, 0];
}

// Which characters of the one are not in the other, in order: the longest that both have is what arrived.
export function compare(sent, received) {
  const table = Array.from({ length: sent.length + 1 }, () => new Array(received.length + 1).fill(0));
  for (let i = sent.length - 1; i >= 0; i--) {
    for (let j = received.length - 1; j >= 0; j--) {
      table[i][j] = sent[i] === received[j] ? table[i + 1][j + 1] + 1 : Math.max(table[i + 1][j], table[i][j + 1]);
    }
  }
  const [isLost, isWrong] = [sent.map(() => true), received.map(() => true)];
  let [i, j] = [0, 0];
  while (i < sent.length && j < received.length) {
    if (sent[i] === received[j]) isLost[i++] = isWrong[j++] = false;
    else if (table[i + 1][j] >= table[i][j + 1]) i++;
    else j++;
  }
  return { isLost, isWrong };
}

// What a wave shows, for those who do not see it; and the levels, for those who do.
export function inWords(wave, sender) {
  const [least, most] = range(wave.millivolts);
  const [sent, received] = [bytesOf(wave.sent), bytesOf(wave.received)];
  const { isLost, isWrong } = compare(sent, received);
  const hex = (bytes) => bytes.map(hexByte).join(" ") || "nothing";
  const isSame = !isLost.includes(true) && !isWrong.includes(true);
  const levels = `${volts(least)} to ${volts(most)}, threshold ${volts(wave.threshold)}`;
  if (isSame) return `${levels}. The ${sender} sent ${hex(sent)}, and so it arrived.`;
  return `${levels}. The ${sender} sent ${hex(sent)}; what arrived is ${hex(received)}.`;
}
