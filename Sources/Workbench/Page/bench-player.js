// A recorded session plays in the page: the same reducer takes its events, at their times.

import { $, say } from "./bench-elements.js";
import { initialState, reduceAll } from "./bench-state.js";
import { seconds } from "./bench-words.js";

// What needs the live bench is out of reach while a recording plays.
function setAside(isAside) {
  document.body.classList.toggle("playing", isAside);
  for (const id of ["lesson", "faults"]) $(id).inert = isAside;
}

export class Player {
  // `changed` is called whenever there is another state to show.
  constructor(changed) {
    this.changed = changed;
    this.session = null;
    $("play").addEventListener("click", () => this.toggle());
    $("scrubber").addEventListener("input", () => this.seek((Number($("scrubber").value) / 1000) * this.length));
    $("leaveSession").addEventListener("click", () => this.close());
  }

  get isOpen() {
    return this.session !== null;
  }

  // `live` lends what a recording does not have: the size of the flash, the list of faults.
  open(session, live) {
    this.session = session;
    this.events = (session.events || []).filter((event) => event && typeof event === "object");
    this.times = this.events.map((event) => event.atNanoseconds ?? 0);
    this.first = this.times.length ? this.times[0] : 0;
    this.length = Math.max(1, session.durationNanoseconds || 0, (this.times[this.times.length - 1] || 0) - this.first);
    const sectors = new Uint8Array(live.flash.sectors.length);
    this.blank = {
      ...initialState(), board: session.board || live.board, hookup: session.hookup || null, isPlaying: true,
      flash: { ...live.flash, sectors, operations: [], done: 0, isKnown: false },
    };
    // A session that says what the flash held begins with that.
    if (session.flash) this.blank.flash = reduceAll(this.blank, [{ event: "welcome", flash: session.flash }]).flash;
    say($("playerTitle"), `Recording: ${session.name || "a trace"}`);
    $("player").hidden = false;
    setAside(true);
    this.seek(0);
    this.toggle(true);
    $("play").focus();
  }

  close() {
    this.pause();
    this.session = null;
    $("player").hidden = true;
    setAside(false);
    this.changed();
  }

  toggle(isPlaying = !this.timer) {
    if (!isPlaying) {
      this.pause();
      return;
    }
    if (this.at >= this.length) this.seek(0);
    this.timer = true;
    this.before = performance.now();
    say($("play"), "Pause");
    const step = (now) => {
      if (!this.timer) return;
      const elapsed = Math.min(250, now - this.before) * 1e6 * Number($("speed").value);
      this.before = now;
      this.advance(Math.min(this.length, this.at + elapsed));
      if (this.at >= this.length) this.pause();
      else requestAnimationFrame(step);
    };
    requestAnimationFrame(step);
  }

  pause() {
    this.timer = false;
    say($("play"), "Play");
  }

  // On from where it is: only what happened meanwhile is taken.
  advance(at) {
    let end = this.next;
    while (end < this.events.length && this.times[end] - this.first <= at) end++;
    this.state = reduceAll(this.state, this.events.slice(this.next, end));
    this.next = end;
    this.moveTo(at);
  }

  // To any moment: from the beginning, since a state has no way back.
  seek(at) {
    let end = 0;
    while (end < this.events.length && this.times[end] - this.first <= at) end++;
    this.state = { ...reduceAll(this.blank, this.events.slice(0, end)), isPlaying: true };
    this.next = end;
    this.moveTo(at);
  }

  moveTo(at) {
    this.at = at;
    const place = String(Math.round((at / this.length) * 1000));
    if ($("scrubber").value !== place) $("scrubber").value = place;
    const text = `${seconds(at).slice(0, -3)} of ${seconds(this.length).slice(0, -3)} s`;
    say($("playerTime"), text);
    $("scrubber").setAttribute("aria-valuetext", text);
    this.changed();
  }

  // The line's clock, as far as it has been played.
  get now() {
    return this.first + this.at;
  }
}
