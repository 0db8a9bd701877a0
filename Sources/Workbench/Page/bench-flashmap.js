// The flash as a map of its sectors: what is in them, and what is being done to them.

import { $, isCalm, make, readColours, say, sized } from "./bench-elements.js";
import { SECTOR } from "./bench-state.js";
import { count, hexNumber, size } from "./bench-words.js";

// An operation's colour fades in so many milliseconds; a shade of what was written or verified stays.
const FADE = 900;
const STAYS = ["program", "verify"];
const SHADE = 0.35;
const NAMES = { erase: "erased", program: "wrote", read: "read", verify: "verified" };

export class FlashMap {
  constructor() {
    this.canvas = $("map");
    this.touched = new Map();
    this.shades = new Map();
    this.seen = 0;
    new ResizeObserver(() => this.paint()).observe($("flash"));
  }

  recolour() {
    this.colours = null;
    this.paint();
  }

  // - Returns: in how many milliseconds to show it again, for colours that fade; null for never.
  show(state) {
    const { flash } = state;
    if (flash !== this.flash) {
      const isOther = flash.done < this.seen || flash.partitions !== this.flash?.partitions;
      if (isOther) this.listPartitions(flash);
      if (isOther) this.forget();
      this.note(flash);
      this.flash = flash;
      this.isStale = true;
      this.describe();
    }
    if (this.isStale || this.touched.size) this.paint();
    return this.touched.size ? 80 : null;
  }

  // Nothing was done yet to this flash.
  forget() {
    this.touched.clear();
    this.shades.clear();
    this.last = null;
  }

  note(flash) {
    const fresh = Math.min(flash.operations.length, Math.max(0, flash.done - this.seen));
    this.seen = flash.done;
    const now = performance.now();
    for (const operation of fresh ? flash.operations.slice(-fresh) : []) {
      const last = Math.min(flash.sectors.length, Math.ceil((operation.address + operation.length) / SECTOR));
      const touch = { kind: operation.kind, at: now };
      for (let i = Math.floor(operation.address / SECTOR); i < last; i++) {
        this.touched.set(i, touch);
        if (STAYS.includes(operation.kind)) this.shades.set(i, operation.kind);
        else if (operation.kind === "erase") this.shades.delete(i);
      }
      this.last = operation;
    }
  }

  paint() {
    const { flash } = this;
    const width = $("flash").clientWidth - 26;
    if (!flash || width < 60) return;
    this.isStale = false;
    const colours = this.colours = this.colours || readColours();
    const columns = width < 460 ? 32 : 64;
    const sectors = flash.sectors.length;
    const cell = width / columns;
    const down = Math.min(18, Math.max(13, cell));
    const rows = Math.ceil(sectors / columns);
    const context = sized(this.canvas, width, Math.max(1, rows) * down + 1);
    const now = performance.now();
    const calm = isCalm();
    for (let i = 0; i < sectors; i++) {
      const [x, y] = [(i % columns) * cell, Math.floor(i / columns) * down];
      context.fillStyle = flash.sectors[i] ? colours.data : colours.erased;
      context.fillRect(x + 0.5, y + 0.5, cell - 1, down - 1);
      if (this.shades.has(i)) {
        context.globalAlpha = SHADE;
        context.fillStyle = colours[this.shades.get(i)];
        context.fillRect(x + 0.5, y + 0.5, cell - 1, down - 1);
        context.globalAlpha = 1;
      }
      const touch = this.touched.get(i);
      if (!touch) continue;
      const left = 1 - (now - touch.at) / FADE;
      if (left <= 0) {
        this.touched.delete(i);
        continue;
      }
      context.globalAlpha = calm ? 1 : Math.min(1, left * 1.4);
      context.fillStyle = colours[touch.kind] || colours.read;
      context.fillRect(x + 0.5, y + 0.5, cell - 1, down - 1);
      context.globalAlpha = 1;
    }
    flash.partitions.forEach((partition) => this.outline(context, colours, partition, columns, cell, down));
  }

  // A partition's edge, and its name where there is room for it.
  outline(context, colours, { name, address, length }, columns, cell, down) {
    const [first, end] = [Math.floor(address / SECTOR), Math.ceil((address + length) / SECTOR)];
    const [x, y] = [(first % columns) * cell, Math.floor(first / columns) * down];
    // The line between it and what is before: two rows share it, unless a row begins with it.
    context.strokeStyle = colours.text;
    context.beginPath();
    if (x > 0) context.moveTo(0, y + down);
    if (x > 0) context.lineTo(x, y + down);
    context.moveTo(x, y + down);
    context.lineTo(x, Math.max(0.5, y));
    context.lineTo(columns * cell, Math.max(0.5, y));
    context.stroke();
    const room = Math.min(columns - (first % columns), end - first) * cell - 6;
    context.font = colours.bold;
    if (context.measureText(name).width > room) return;
    context.textBaseline = "middle";
    context.lineWidth = 3;
    context.strokeStyle = colours.panel;
    context.strokeText(name, x + 4, y + down / 2 + 0.5);
    context.lineWidth = 1;
    context.fillStyle = colours.text;
    context.fillText(name, x + 4, y + down / 2 + 0.5);
  }

  describe() {
    const { flash, last } = this;
    const data = flash.sectors.reduce((sum, sector) => sum + sector, 0);
    const verb = last && (NAMES[last.kind] || last.kind);
    const what = last ? ` Last: ${verb} ${size(last.length)} at ${hexNumber(last.address)}.` : "";
    const sectors = `${size(flash.byteCount)}, ${count(flash.sectors.length, "sector")} of 4 KB`;
    const held = flash.isKnown ? `${data} hold data` : `${data} written; what the others held is not recorded`;
    say($("mapText"), flash.byteCount ? `${sectors}; ${held}.${what}` : "");
    for (const [row, { address, length }] of this.rows || []) say(row.cells[3], this.dataIn(address, length));
  }

  dataIn(address, length) {
    const part = this.flash.sectors.subarray(Math.floor(address / SECTOR), Math.ceil((address + length) / SECTOR));
    return `${part.reduce((sum, sector) => sum + sector, 0)} of ${part.length}`;
  }

  listPartitions({ partitions }) {
    this.rows = partitions.map((partition) => {
      const row = make("tr", "", make("th", "", partition.name), make("td", "", hexNumber(partition.address)),
        make("td", "", size(partition.length)), make("td"));
      row.firstChild.scope = "row";
      return [row, partition];
    });
    $("partitions").tBodies[0].replaceChildren(...this.rows.map(([row]) => row));
  }
}
