// One wave as an oscilloscope shows it: the voltage against the input's own ground, the levels it is promised to read,
// where it took its samples, and what it made of them.

import { bytesOf, compare, duration, hexByte, letter } from "./bench-words.js";

export const HEIGHT = 190;
const [LEFT, RIGHT, TOP, BOTTOM] = [40, 8, 24, 44];
// Below so many pixels, a bit has no room for its digit.
const LEAST_BIT = 9.5;
// What an input is made for at most, in millivolts (ECR6600 facts §8).
const MOST = 3600;
// Ticks of the idle line before the first start edge (Sources/Line/Levels/WaveCapture.swift).
const LEAD = 12;

// How many steps a receiver has in a bit: 8 or 16.
const bitOf = (wave) => Math.max(1, Math.round(1e9 / wave.baud / wave.stepNanoseconds));

// How wide a wave has to be to be read.
export const widthFor = (wave) => Math.ceil(LEFT + RIGHT + (wave.millivolts.length / bitOf(wave)) * LEAST_BIT);

export class Scope {
  constructor(context, colours, wave, width, [least, most]) {
    Object.assign(this, { context, colours, wave, width, least, most, bit: bitOf(wave) });
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
    const top = this.y(Math.min(this.most, MOST));
    context.fillRect(LEFT, top, width - LEFT - RIGHT, this.y(high) - top);
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
    const hasRoom = this.step * this.bit > 8;
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
    // The sender's characters follow each other at its own rate.
    const length = 10 * this.bit * (wave.baud / (wave.senderBaud || wave.baud));
    sent.forEach((byte, index) => {
      const from = LEAD + index * length;
      const colour = isLost[index] ? colours.trouble : colours.faint;
      this.character(byte, this.x(from), this.x(from + length), 4, colour, false);
    });
    received.forEach((byte, index) => {
      const [from, to] = [wave.samples?.[index * 10], wave.samples?.[index * 10 + 9]];
      if (!from || !to) return;
      const colour = isWrong[index] ? colours.trouble : colours.good;
      const [left, right] = [this.x(from[0] - this.bit / 2), this.x(to[0] + this.bit / 2)];
      this.character(byte, left, right, HEIGHT - BOTTOM + 16, colour, isWrong[index]);
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

// A round step of time.
function round(least) {
  let unit = 1;
  while (unit * 10 <= least) unit *= 10;
  return unit * [1, 2, 5, 10].find((factor) => factor * unit >= least);
}

// The lowest and the highest level.
export function range(levels) {
  let [least, most] = [Infinity, -Infinity];
  for (const level of levels) {
    least = Math.min(least, level);
    most = Math.max(most, level);
  }
  return Number.isFinite(least) ? [least, most] : [0, 0];
}
