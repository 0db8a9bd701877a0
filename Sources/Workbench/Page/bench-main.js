// The workbench: joins the connection, the state and what shows it.

import { Board } from "./bench-board.js";
import { Chip, stageInWords } from "./bench-chip.js";
import { $, make, say } from "./bench-elements.js";
import { Faults } from "./bench-faults.js";
import { FlashMap } from "./bench-flashmap.js";
import { FlasherCard } from "./bench-flasher.js";
import { PADS, PAD_ORDER, WIRES } from "./bench-layout.js";
import { LessonCard } from "./bench-lesson.js";
import { Live, post } from "./bench-live.js";
import { Player } from "./bench-player.js";
import { initialState, reduceAll, stage } from "./bench-state.js";
import { Story } from "./bench-story.js";
import { listenToKeys, makeTheme } from "./bench-setup.js";
import { Waves } from "./bench-waves.js";

// Events are taken together where they come thick: so often at most.
const TURN = 70;
const MOST_WAITING = 2000;
const LARGEST_SESSION = 64 << 20;

let live = initialState();
let queue = [];
let turnedAt = -Infinity;
let isTurning = false;
let isPainting = false;
let next = 0;
// The line's clock less the page's, in milliseconds: an event is never later than it is heard.
let clock = -Infinity;

const usualHint = $("hint").textContent;

// --- What shows it

const board = new Board($("drawing"), act, hint);
const chip = new Chip();
const waves = new Waves();
const map = new FlashMap();
const story = new Story();
const flasher = new FlasherCard(act, complain);
const faults = new Faults(act);
const lesson = new LessonCard(act, speak);
const player = new Player(() => paint());
const selects = makeWiringList();

function shown() {
  return player.isOpen ? player.state : live;
}

function paint() {
  if (isPainting) return;
  isPainting = true;
  requestAnimationFrame(() => {
    isPainting = false;
    const state = shown();
    const now = player.isOpen ? player.now : Math.max(state.now, (clock + performance.now()) * 1e6);
    board.show(state);
    const pauses = [chip.show(state, now)];
    waves.show(state);
    pauses.push(map.show(state));
    story.show(state);
    flasher.show({ ...live, isPlaying: player.isOpen });
    faults.show(state);
    lesson.show(live);
    showWiringList(state);
    const about = [state.board.name, state.board.about].filter(Boolean).join(": ").split("\n")[0];
    // The first sentence; the list of wires has the rest.
    say($("boardName"), about.split(/(?<=\.) /)[0]);
    say($("boardAbout"), about);
    say($("power"), state.hookup?.supply === "on" ? "Supply off" : "Supply on");
    for (const id of ["power", "cycle"]) $(id).disabled = player.isOpen;
    // What moves by itself is painted again: what is fast at every frame, the rest seldom.
    const pause = Math.min(...pauses.filter((one) => one !== null));
    clearTimeout(next);
    if (pause === 0) paint();
    else if (Number.isFinite(pause)) next = setTimeout(paint, pause);
  });
}

// --- Events

function heard(event) {
  if (event.event === "welcome") clock = -Infinity;
  const at = event.atNanoseconds ?? event.status?.lineNanoseconds;
  if (Number.isFinite(at)) clock = Math.max(clock, at / 1e6 - performance.now());
  queue.push(event);
  // To measure how late an event comes.
  document.dispatchEvent(new CustomEvent("bench-event", { detail: event }));
  // A tab that nobody looks at has few turns.
  if (queue.length >= MOST_WAITING) turn();
  if (isTurning || !queue.length) return;
  isTurning = true;
  setTimeout(turn, Math.max(0, turnedAt + TURN - performance.now()));
}

function turn() {
  isTurning = false;
  turnedAt = performance.now();
  const events = queue;
  queue = [];
  const before = live;
  live = reduceAll(live, events);
  announce(before, live);
  warn(before, live);
  paint();
}

// Only what somebody waits for is read aloud.
function announce(before, now) {
  if (before.power !== now.power) speak(now.power === "on" ? "The chip has power." : "The chip has no power.");
  else if (stage(before) !== stage(now)) speak(stageInWords(now));
  if (now.flasher.ending && before.flasher.isRunning && !now.flasher.isRunning) {
    const { ending, diagnosis } = now.flasher;
    const why = diagnosis?.title || "";
    const words = { success: "The flasher ended well.", failure: `The flasher failed. ${why}` };
    speak(words[ending] || "The flasher was stopped.");
  }
  if (now.ended && !before.ended) complain("The bench has ended. Start it again with solderless workbench.");
}

// --- Requests

const connection = new Live(heard, (how, pause) => {
  const text = { connecting: "connecting …", open: "connected", lost: "Connection lost; trying again." }[how];
  say($("link"), text);
  $("link").dataset.how = how;
  document.body.classList.toggle("lost", how === "lost");
  if (how === "lost" && pause > 2000) say($("link"), `${text} Is solderless workbench still running?`);
});

function act(request) {
  if (player.isOpen) return;
  connection.ask(request).then(() => complain(""), (error) => complain(error.message));
}

function complain(text) {
  $("notice").hidden = !text;
  say($("noticeText"), text);
}

function speak(text) {
  say($("said"), text);
}

function hint(text) {
  caption(text);
  speak(text);
}

function caption(text) {
  say($("hint"), text);
  $("hint").classList.remove("danger");
}

// Under the drawing, where the hand is.
function warn(before, now) {
  if (before.lesson?.name !== now.lesson?.name) caption(usualHint);
  if (!now.warning || now.warning === before.warning) return;
  hint(now.warning[0].toUpperCase() + now.warning.slice(1) + ".");
  $("hint").classList.add("danger");
}

// --- The same wiring as a list, for whom a list is easier

function makeWiringList() {
  return new Map(WIRES.map((wire) => {
    const select = make("select");
    select.addEventListener("change", () => act(
      select.value ? { verb: "plug", wire: wire.name, to: select.value } : { verb: "unplug", wire: wire.name }));
    const title = wire.title[0].toUpperCase() + wire.title.slice(1);
    $("wires").append(make("label", "", make("span", `swatch ${wire.name}`), `${title} `, select));
    return [wire.name, select];
  }));
}

function showWiringList({ hookup, board: { pads }, isPlaying }) {
  for (const [wire, select] of selects) {
    if (select.dataset.pads !== pads.join()) {
      select.dataset.pads = pads.join();
      const options = PAD_ORDER.filter((pad) => pads.includes(pad)).map((pad) => new Option(PADS[pad].title, pad));
      select.replaceChildren(new Option("loose", ""), ...options);
    }
    const pad = hookup?.wires[wire] || "";
    if (select.value !== pad) select.value = pad;
    select.disabled = Boolean(isPlaying) || !hookup;
  }
}

// --- A recording

$("session").addEventListener("change", async () => {
  const [file] = $("session").files;
  if (!file) return;
  try {
    if (file.size > LARGEST_SESSION) throw new Error(`it has ${file.size} bytes, and 64 MB is the most`);
    const session = await post("/session", file);
    complain("");
    player.open(session, live);
    hint("A recording plays; the bench waits meanwhile.");
    scrollTo({ top: 0 });
  } catch (error) {
    complain(`${file.name} cannot be played: ${error.message}`);
  }
  $("session").value = "";
});

// --- Buttons, keys, colours

$("noticeClose").addEventListener("click", () => complain(""));
$("power").addEventListener("click", () => board.pressOutput());
$("cycle").addEventListener("click", () => act({ verb: "power", to: "cycle" }));
$("backup").addEventListener("click", (event) => {
  if (!live.hasBackup) event.preventDefault();
});
const changeTheme = makeTheme(() => {
  for (const part of [chip, waves, map]) part.recolour();
});
new ResizeObserver(() => chip.recolour()).observe($("chip"));
listenToKeys({ p: () => !player.isOpen && board.pressOutput(), h: () => waves.hold(!waves.isHeld), t: changeTheme });
paint();
