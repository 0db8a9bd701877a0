// What host and chip say, line after line: it follows the end unless somebody reads further up.

import { $, make } from "./bench-elements.js";
import { LIMITS } from "./bench-state.js";
import { seconds } from "./bench-words.js";

const ARROWS = { "host-to-chip": "→", "chip-to-host": "←" };
const SPOKEN = { "host-to-chip": "host: ", "chip-to-host": "chip: " };
// What nobody at a real bench is told, who has but one end of the wires: in a lesson it would give the fault away.
const TELLTALES = ["differs", "lost", "garbled"];

export class Story {
  constructor() {
    this.rows = $("rows");
    this.shown = 0;
    this.follows = true;
    this.rows.addEventListener("scroll", () => this.scrolled(), { passive: true });
    $("storyEnd").addEventListener("click", () => this.toEnd());
    $("storyKind").addEventListener("change", () => this.refill());
    $("storySearch").addEventListener("input", () => {
      clearTimeout(this.pause);
      this.pause = setTimeout(() => this.refill(), 120);
    });
  }

  show(state) {
    const { story } = state;
    const isTaught = Boolean(state.lesson);
    if (story === this.story && isTaught === this.isTaught) return;
    // Another bench, or a moment before: it begins anew.
    const isOther = isTaught !== this.isTaught || state.told < this.shown
      || (this.story?.length && story.length && story[0].id < this.story[0].id);
    Object.assign(this, { story, isTaught });
    if (isOther) this.refill();
    else this.append();
  }

  append() {
    const fresh = [];
    for (let i = this.story.length - 1; i >= 0 && this.story[i].id > this.shown; i--) fresh.push(this.story[i]);
    this.shown = this.story.length ? this.story[this.story.length - 1].id : 0;
    const fits = this.filter();
    const lines = fresh.reverse().filter(fits).map(rowOf);
    if (!lines.length) return;
    const excess = this.rows.childElementCount + lines.length - LIMITS.story;
    for (let i = 0; i < excess && this.rows.firstChild; i++) this.rows.firstChild.remove();
    this.rows.append(...lines);
    if (this.follows) this.rows.scrollTop = this.rows.scrollHeight;
  }

  refill() {
    this.rows.replaceChildren();
    this.shown = 0;
    if (this.story) this.append();
  }

  filter() {
    const kind = $("storyKind").value;
    const word = $("storySearch").value.trim().toLowerCase();
    return (line) => (kind === "all" || line.direction === kind || (kind === "trouble" && line.tone === "trouble"))
      && !(this.isTaught && TELLTALES.includes(line.kind)) && (!word || line.text.toLowerCase().includes(word) || String(line.kind).toLowerCase().includes(word));
  }

  scrolled() {
    const { scrollTop, clientHeight, scrollHeight } = this.rows;
    this.follows = scrollTop + clientHeight > scrollHeight - 30;
    $("storyEnd").hidden = this.follows;
  }

  toEnd() {
    this.follows = true;
    this.rows.scrollTop = this.rows.scrollHeight;
  }
}

function rowOf({ at, kind, direction, tone, text, pitfall }) {
  const row = make("div", `line ${tone === "trouble" || tone === "again" ? tone : ""}`);
  if (direction) row.classList.add(direction);
  const time = make("span", "time", Number.isFinite(at) ? seconds(at) : "");
  const way = make("span", "way", ARROWS[direction] || "·");
  way.ariaHidden = "true";
  const who = make("span", "unseen", SPOKEN[direction] || `${kind}: `);
  row.append(time, way, who, make("span", "words", text));
  if (pitfall) row.lastChild.append(make("span", "pitfall", pitfall));
  if (!direction && kind) row.insertBefore(make("span", "kind", String(kind).replace("-", " ")), row.lastChild);
  return row;
}
