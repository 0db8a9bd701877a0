// What the page knows, and how each event changes it: a pure function, the same for what happens now and for what was
// recorded. Events are those of docs/control.md and of the workbench's server; what is not known here is passed over.

// How long uboot listens for the sync word (ECR6600 facts §1.3), on the line's clock.
export const WINDOW = 99_996_000;
export const SECTOR = 4096;
// The sync word's beginning, as far as a wave shows it (ECR6600 facts §1.4), and what separates two attempts.
const SYNC = "636E79";
export const LONGEST_PAUSE = 600_000_000;
// What ROM and uboot speak (ECR6600 facts §1.3, §3); nothing tells of it until it changes.
const BOOT_BAUD = 115200;
// More than a wave has (its levels are 800 at most).
const LONGEST_WAVE = 4096;
// How much is kept of what comes without end.
export const LIMITS = { story: 2000, waves: 24, output: 400, operations: 256, marks: 400 };
export const DIRECTIONS = ["host-to-chip", "chip-to-host"];
// By which wire on which pad a direction goes (ECR6600 facts §12).
const PATHS = { "host-to-chip": ["adapter-tx", "gpio5"], "chip-to-host": ["adapter-rx", "gpio6"] };
// Whether a direction's wire is where it belongs; a recording says nothing of wires.
export function isJoined(hookup, direction) {
  const [wire, pad] = PATHS[direction];
  return !hookup || hookup.wires?.[wire] === pad;
}

// The wiring, the adapter's level and the faults; not the power.
export const wiringOf = (hookup) => [hookup?.wires, hookup?.adapterMillivolts, hookup?.faults];

export function initialState() {
  return {
    now: 0,
    board: { name: "", about: "", pads: ["gpio5", "gpio6", "gpio21", "gpio22", "gnd", "3v3"] },
    port: "", hookup: null,
    power: "off", isHeldInReset: false, program: null,
    hostBaud: null, chipBaud: null,
    // null where nothing was said of it, as in a recording that begins later.
    isPortOpen: null,
    // The last start: what ran from when on, when the host asked and when the chip answered.
    start: { power: null, programs: [], window: null, asked: [], answered: null },
    // When each end last sent something.
    sentAt: { "host-to-chip": -Infinity, "chip-to-host": -Infinity },
    story: [], told: 0,
    waves: { "host-to-chip": [], "chip-to-host": [] },
    // `isKnown`: what was in it before anything was done to it.
    flash: { byteCount: 0, sectors: new Uint8Array(0), partitions: [], operations: [], done: 0, isKnown: true },
    faults: [],
    // `begun` and `ended`: where the lesson was when it began, and how the bench was wired when it ended.
    flasher: {
      isRunning: false, program: null, task: null, lines: [], ending: null, diagnosis: null, begun: null, ended: null,
    },
    hasImage: false, hasBackup: false,
    lessons: [], lesson: null,
    // What somebody at the bench should not have done, in words.
    warning: null,
    ended: null,
  };
}

export const reduce = (state, event) => reduceAll(state, [event]);

// Many events at once cost one copy of what they change.
export function reduceAll(state, events) {
  if (!events.length) return state;
  const next = { ...state };
  const waves = { "host-to-chip": [], "chip-to-host": [] };
  const added = { story: [], output: [], waves, operations: [], sectors: null };
  for (const event of events) {
    if (Number.isFinite(event.atNanoseconds)) next.now = Math.max(next.now, event.atNanoseconds);
    const change = Object.hasOwn(changes, event.event) ? changes[event.event] : null;
    if (change) change(next, event, added);
  }
  merge(next, added);
  return next;
}

function merge(next, added) {
  const joined = (before, more, limit) => (more.length ? before.concat(more).slice(-limit) : before);
  next.story = joined(next.story, added.story, LIMITS.story);
  if (DIRECTIONS.some((direction) => added.waves[direction].length)) {
    next.waves = { ...next.waves };
    for (const direction of DIRECTIONS) {
      next.waves[direction] = joined(next.waves[direction], added.waves[direction], LIMITS.waves);
    }
  }
  if (added.output.length) {
    next.flasher = { ...next.flasher, lines: joined(next.flasher.lines, added.output, LIMITS.output) };
  }
  if (added.operations.length) {
    const { flash } = next;
    next.flash = {
      ...flash, sectors: added.sectors || flash.sectors, done: flash.done + added.operations.length,
      operations: joined(flash.operations, added.operations, LIMITS.operations),
    };
  }
}

// What an event does to a state that is already a copy; lists grow in `added`.
const changes = {
  welcome(next, event, added) {
    Object.assign(next, initialState());
    added.story = [];
    added.output = [];
    for (const direction of DIRECTIONS) added.waves[direction] = [];
    added.operations = [];
    added.sectors = null;
    const { status = {}, flash = {} } = event;
    next.now = status.lineNanoseconds || 0;
    next.port = status.link || status.port || "";
    next.power = status.power || "off";
    next.program = status.program || null;
    for (const name of ["isHeldInReset", "hostBaud", "chipBaud", "isPortOpen"]) next[name] = status[name] ?? next[name];
    for (const name of ["board", "hookup", "faults", "lessons", "lesson"]) next[name] = event[name] ?? next[name];
    for (const name of ["hasImage", "hasBackup"]) next[name] = Boolean(event[name]);
    next.flasher = { ...next.flasher, ...event.flasher };
    const byteCount = flash.byteCount || 0;
    const sectors = new Uint8Array(byteCount / SECTOR);
    for (let i = 0; i < sectors.length; i++) sectors[i] = (flash.sectors || "")[i] === "#" ? 1 : 0;
    next.flash = { byteCount, sectors, partitions: flash.partitions || [], operations: [], done: 0, isKnown: true };
    // The past is told; what it led to is in the status already.
    const before = { power: next.power, program: next.program, hookup: next.hookup, now: next.now };
    const rates = { hostBaud: next.hostBaud, chipBaud: next.chipBaud };
    for (const old of event.backlog || []) {
      if (BACKLOG.includes(old.event)) changes[old.event](next, old, added);
    }
    Object.assign(next, before, rates);
  },
  hookup(next, event, added) {
    next.warning = event.isWarning ? event.text : null;
    next.hookup = event.hookup;
    // An input that no sender's wire reaches is idle again.
    for (const direction of DIRECTIONS) {
      if (event.hookup && isJoined(event.hookup, direction)) continue;
      added.waves[direction] = [];
      if (next.waves[direction].length) next.waves = { ...next.waves, [direction]: [] };
    }
  },
  power(next, event) {
    next.power = event.power;
    if (event.power === "on") {
      begin(next, event.atNanoseconds);
    } else {
      // Without a stub a flasher has nothing to lose yet: it asks for the power to come.
      if (next.flasher.isRunning && stageOf(next.program) === "stub") next.flasher = { ...next.flasher, lostPower: true };
      next.program = null;
      next.chipBaud = null;
      const programs = next.start.programs.concat({ name: null, at: event.atNanoseconds });
      next.start = { ...next.start, programs, window: shut(next.start.window, event.atNanoseconds) };
    }
  },
  reset(next, event) {
    next.isHeldInReset = event.isHeld;
    if (event.isHeld) next.program = null;
    else begin(next, event.atNanoseconds);
  },
  program(next, event) {
    // A stub that jumps to the firmware starts the chip anew, though the power was never off.
    if (stageOf(next.program) === "stub" && ["rom", "uboot"].includes(stageOf(event.program))) begin(next, event.atNanoseconds);
    next.program = event.program;
    // What runs has power: a recording may begin after it came.
    next.power = "on";
    const at = event.atNanoseconds;
    const programs = next.start.programs.concat({ name: event.program, at }).slice(-8);
    let window = shut(next.start.window, at);
    if (stageOf(event.program) === "uboot") {
      // The server may say when it listens: 1.3.x looks at the application first.
      const { fromNanoseconds = at, toNanoseconds = fromNanoseconds + WINDOW } = event.window || {};
      window = { from: fromNanoseconds, to: toNanoseconds, due: toNanoseconds };
    }
    next.start = { ...next.start, programs, window };
  },
  baud(next, event) {
    next[event.end === "host" ? "hostBaud" : "chipBaud"] = event.baud;
  },
  port(next, event, added) {
    // What another program sent before is no answer to this one.
    if (event.isOpen && next.isPortOpen === false) {
      for (const direction of DIRECTIONS) added.waves[direction] = [];
      next.waves = { "host-to-chip": [], "chip-to-host": [] };
      // Nor is why the built-in one failed of any use to another program.
      if (!next.flasher.isRunning) next.flasher = { ...next.flasher, ending: null, diagnosis: null };
    }
    next.isPortOpen = event.isOpen;
  },
  story(next, event, added) {
    const { atNanoseconds: at, kind, direction = null, tone = "plain", text = "" } = event;
    next.told += 1;
    added.story.push({ id: next.told, at, kind, direction, tone, text, pitfall: event.pitfall?.text });
    if (direction && Object.hasOwn(next.sentAt, direction)) next.sentAt = { ...next.sentAt, [direction]: at };
    const { start } = next;
    // What goes on is told once in a while: "… 7 more sync words".
    if (kind === "sync-word" || (kind === "more" && text.includes("sync word"))) asks(next, at);
    const isSent = event.pitfall?.name !== "not-sent";
    if (kind === "sync-answer" && isSent && start.answered === null) next.start = { ...start, answered: at };
  },
  untold(next, event, added) {
    next.told += 1;
    added.story.push({
      id: next.told, at: event.atNanoseconds, kind: "untold", direction: null, tone: "plain",
      text: event.text || `${event.count} more events are only in the trace`,
    });
  },
  wave(next, event, added) {
    if (!Object.hasOwn(added.waves, event.direction) || !(event.millivolts?.length <= LONGEST_WAVE)) return;
    const isHost = event.direction === "host-to-chip";
    // Without power nobody samples.
    const isUnread = isHost && next.power === "off";
    const read = isUnread ? { samples: [], received: "", isUnread } : {};
    added.waves[event.direction].push({ ...event, ...read, senderBaud: isHost ? next.hostBaud : next.chipBaud });
    next.sentAt = { ...next.sentAt, [event.direction]: event.startNanoseconds };
    if (isHost && String(event.sent).replaceAll(" ", "").startsWith(SYNC)) asks(next, event.startNanoseconds);
  },
  flash(next, event, added) {
    for (const operation of event.operations || []) {
      added.operations.push(operation);
      if (operation.kind !== "erase" && operation.kind !== "program") continue;
      added.sectors = added.sectors || next.flash.sectors.slice();
      const last = Math.ceil((operation.address + operation.length) / SECTOR);
      added.sectors.fill(operation.kind === "program" ? 1 : 0, Math.floor(operation.address / SECTOR), last);
    }
  },
  flasher(next, event, added) {
    const begins = event.isRunning && !next.flasher.isRunning;
    if (begins) {
      added.output = [];
      const begun = { lesson: next.lesson?.name, step: next.lesson?.current };
      next.flasher = { ...next.flasher, lines: [], ending: null, diagnosis: null, lostPower: false, begun, ended: null };
    }
    if (event.isRunning === false && next.flasher.isRunning) {
      next.flasher = { ...next.flasher, ended: { wiring: JSON.stringify(wiringOf(next.hookup)) } };
    }
    next.flasher = { ...next.flasher };
    for (const name of ["isRunning", "program", "task", "ending", "diagnosis"]) {
      if (event[name] !== undefined) next.flasher[name] = event[name];
    }
    if (typeof event.line === "string") added.output.push(event.line);
    if (event.hasBackup !== undefined) next.hasBackup = event.hasBackup;
    if (event.hasImage !== undefined) next.hasImage = event.hasImage;
  },
  lesson(next, event) {
    // Another lesson has another flash, to which nothing was done.
    if (event.lesson && event.lesson.name !== next.lesson?.name) next.flash = { ...next.flash, operations: [], done: 0 };
    next.lesson = event.lesson;
    if (event.lessons) next.lessons = event.lessons;
    else if (event.lesson && event.lesson.isDone) {
      const { name } = event.lesson;
      next.lessons = next.lessons.map((one) => (one.name === name ? { ...one, isDone: true } : one));
    }
  },
  ended(next, event) {
    next.ended = event.reason;
  },
};

// What a welcome's backlog may change.
const BACKLOG = ["power", "reset", "program", "baud", "story", "wave", "untold"];

// The chip starts, from power-on or from a reset.
function begin(next, at) {
  next.chipBaud = BOOT_BAUD;
  next.start = { power: at, programs: [], window: null, asked: next.start.asked, answered: null };
}

// The host asks for the chip. A moment may be told late, and by the story as well as by a wave.
function asks(next, at) {
  const { asked } = next.start;
  if (!asked.includes(at)) next.start = { ...next.start, asked: asked.concat(at).slice(-LIMITS.marks) };
}

// From when to when the host asked without a longer pause: only some of its words are told.
export function spansOf(asked) {
  const spans = [];
  for (const at of [...asked].sort((a, b) => a - b)) {
    const last = spans[spans.length - 1];
    if (last && at - last.to <= LONGEST_PAUSE) last.to = at;
    else spans.push({ from: at, to: at });
  }
  return spans;
}

// A window ends early when its program does; `due` is when it would have ended.
const shut = (window, at) => (window && at < window.to ? { ...window, to: at } : window);

// Which of the stages of a start a program is: off, rom, uboot, application, stub.
export function stageOf(program) {
  if (!program) return "off";
  if (program.startsWith("mask ROM")) return "rom";
  if (program.startsWith("uboot")) return "uboot";
  return program.startsWith("stub") ? "stub" : "application";
}

export const stage = (state) => (state.power === "on" ? stageOf(state.program) : "off");
