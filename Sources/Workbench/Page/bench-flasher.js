// The flashers: the port for one's own, the built-in ones with their output, what they write and what they saved.

import { $, make, say } from "./bench-elements.js";
import { post } from "./bench-live.js";
import { wiringOf } from "./bench-state.js";
import { count } from "./bench-words.js";

const LARGEST_IMAGE = 4 << 20;
// How many causes of a failure are shown at once, and how a line begins that has one.
const MOST_CAUSES = 2;
const CAUSE = /^\d+\. /;
const ENDINGS = { success: "It ended well.", failure: "It failed.", stopped: "It was stopped." };
const OUTCOMES = { success: "done", failure: "failed", stopped: "stopped" };
// In some steps the power must stay off, so the flasher's advice to switch it on is left out.
const WAITING = /^\s*waiting for the chip\b/;

export class FlasherCard {
  constructor(act, complain) {
    this.act = act;
    this.complain = complain;
    $("copyPort").addEventListener("click", () => this.copy());
    $("portPath").addEventListener("focus", () => $("portPath").select());
    $("flasherForm").addEventListener("submit", (event) => {
      event.preventDefault();
      act({ verb: "flasher", do: "start", program: $("program").value, task: $("task").value });
    });
    $("stopFlasher").addEventListener("click", () => {
      say($("stopFlasher"), "Stopping …");
      act({ verb: "flasher", do: "stop" });
    });
    $("image").addEventListener("change", () => this.upload());
  }

  async copy() {
    const path = $("portPath");
    try {
      await navigator.clipboard.writeText(path.value);
      say($("copyPort"), "Copied");
      setTimeout(() => say($("copyPort"), "Copy"), 1500);
    } catch {
      // Without permission it is at least marked, to be copied by hand.
      path.focus();
      path.select();
    }
  }

  async upload() {
    const [file] = $("image").files;
    if (!file) return;
    // The same file may be chosen again, when it is another one by then.
    $("image").value = "";
    if (file.size > LARGEST_IMAGE) {
      this.complain(`${file.name} has ${file.size} bytes; the bench takes 4 MB at most.`);
      return;
    }
    say($("imageState"), "sending …");
    try {
      await post("/image", file);
      this.imageName = file.name;
      say($("imageState"), `${file.name} is on the bench`);
    } catch (error) {
      say($("imageState"), "");
      this.complain(`The image was not taken: ${error.message}`);
    }
  }

  show(state) {
    const { flasher, port, hasBackup, hasImage, isPlaying } = state;
    if ($("portPath").value !== port) $("portPath").value = port;
    const [start, stop] = [$("startFlasher"), $("stopFlasher")];
    const focused = document.activeElement;
    start.disabled = flasher.isRunning || isPlaying;
    stop.disabled = !flasher.isRunning || isPlaying;
    if (!flasher.isRunning) say(stop, "Stop");
    // Keyboard focus moves to the button that can be pressed, without scrolling the page.
    if (focused === start && start.disabled) stop.focus({ preventScroll: true });
    if (focused === stop && stop.disabled) start.focus({ preventScroll: true });
    $("backup").classList.toggle("missing", !hasBackup);
    if (hasBackup) $("backup").removeAttribute("aria-disabled");
    else $("backup").setAttribute("aria-disabled", "true");
    $("backup").tabIndex = hasBackup ? 0 : -1;
    if (!this.imageName && hasImage) say($("imageState"), "an image is on the bench");
    this.summarise(flasher, state.lesson);
    // A failure that a step asked for, or that happened on a bench wired differently, is no alarm.
    const isOld = isPast(flasher, state);
    $("why").classList.toggle("past", isOld);
    say($("whyHeading"), isOld ? "Why the last run failed" : "Why did that fail?");
    if (flasher === this.flasher) return;
    // After a reload the list shows what runs.
    if (flasher.isRunning && flasher.task && flasher.task !== this.flasher?.task) $("task").value = flasher.task;
    this.write(flasher);
    this.explain(flasher);
    this.flasher = flasher;
  }

  // Its last line, where the lesson is read: its card may be out of sight.
  summarise({ lines, isRunning, ending, task }, lesson) {
    // A lesson that begins, and a step, have nothing to do with what ended before them.
    const step = lesson ? `${lesson.name} ${lesson.current}` : null;
    if (step !== this.step && !isRunning) this.isOver = true;
    // One that begins, or begins anew, asks first, as all of them do.
    const [name, reached] = this.step?.split(" ") || [];
    if (!isRunning && (lesson?.name !== name || lesson?.current < reached)) $("task").value = "info";
    if (isRunning) this.isOver = false;
    this.step = step;
    const title = [...$("task").options].find(({ value }) => value === task)?.text || "flasher";
    const last = WAITING.test(lines.at(-1)) ? "waiting for the chip" : lines.at(-1);
    const line = isRunning ? last || "begun" : this.isOver ? "" : OUTCOMES[ending];
    $("lessonFlasher").hidden = !lesson;
    say($("lessonFlasher"), line ? `${title}: ${line}` : "");
  }

  // The output: only what is new is added.
  write({ lines, isRunning, ending }) {
    const output = $("output");
    const before = this.flasher?.lines || [];
    const isAtEnd = output.scrollTop + output.clientHeight > output.scrollHeight - 24;
    const continues = lines.length >= before.length && before.every((line, i) => lines[i] === line);
    if (!continues) output.replaceChildren();
    output.querySelector(".ending")?.remove();
    const fresh = continues ? lines.slice(before.length) : lines;
    if (fresh.length) output.append(fresh.map((line) => `${line}\n`).join(""));
    if (!isRunning && ending) output.append(make("b", `ending ${ending}`, ENDINGS[ending] || ending));
    output.classList.toggle("empty", !lines.length && !ending);
    if (isAtEnd) output.scrollTop = output.scrollHeight;
  }

  explain({ diagnosis, ending, isRunning, lostPower }) {
    const isShown = Boolean(diagnosis && !isRunning && ending === "failure");
    $("why").hidden = !isShown;
    if (!isShown) return;
    const title = String(diagnosis.title || "");
    say($("whyTitle"), title.charAt(0).toUpperCase() + title.slice(1));
    $("lostPower").hidden = !lostPower;
    // The likely causes come first; the others only to who asks.
    const lines = String(diagnosis.text || "").split("\n").filter(Boolean);
    const causes = lines.filter((line) => CAUSE.test(line));
    const rest = lines.filter((line) => !CAUSE.test(line)).map((line) => make("p", "", line));
    const seldom = causes.slice(MOST_CAUSES);
    const more = make("details", "", make("summary", "", `${count(seldom.length, "cause")} less likely`), listOf(seldom));
    more.querySelector("ol").start = MOST_CAUSES + 1;
    const likely = causes.length ? [listOf(causes.slice(0, MOST_CAUSES))] : [];
    $("whyText").replaceChildren(...likely, ...(seldom.length ? [more] : []), ...rest);
  }
}

// Whether the lesson has gone on since a run began, or the bench was changed since it ended.
function isPast({ begun, ended }, { lesson, hookup }) {
  const hasGoneOn = begun && (begun.lesson !== lesson?.name || begun.step !== lesson?.current);
  return Boolean(hasGoneOn || (ended && ended.wiring !== JSON.stringify(wiringOf(hookup))));
}

const listOf = (causes) => make("ol", "", ...causes.map((line) => make("li", "", line.replace(CAUSE, ""))));
