// What is drawn, and what is found: still without the document.

// The first index in a sorted list for which `isBehind` holds; its length if there is none.
function firstIndex(count, isBehind) {
  let [low, high] = [0, count];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (isBehind(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}

// Rows of one lane in the order of time, with as many sums as it takes to say in no time how much trouble is between two.
function makeLane(rows, lane) {
  const members = [];
  for (let i = 0; i < rows.count; i++) if (rows.lane[i] === lane) members.push(i);
  let isSorted = true;
  for (let i = 1; i < members.length && isSorted; i++) isSorted = rows.drawn[members[i - 1]] <= rows.drawn[members[i]];
  if (!isSorted) members.sort((a, b) => rows.drawn[a] - rows.drawn[b] || a - b);
  const count = members.length;
  const made = {
    rows: Uint32Array.from(members), start: new Float64Array(count), end: new Float64Array(count),
    troubles: new Uint32Array(count + 1), pitfalls: new Uint32Array(count + 1), agains: new Uint32Array(count + 1),
  };
  let last = -Infinity;
  for (let i = 0; i < count; i++) {
    const row = members[i];
    made.start[i] = rows.drawn[row];
    // Ends that go back are what files of others hold; a search by halves needs them in order.
    made.end[i] = last = Math.max(last, rows.drawn[row], rows.end[row]);
    made.troubles[i + 1] = made.troubles[i] + (rows.tone[row] === TONES.trouble ? 1 : 0);
    made.agains[i + 1] = made.agains[i] + (rows.tone[row] === TONES.again ? 1 : 0);
    made.pitfalls[i + 1] = made.pitfalls[i] + (rows.pitfall[row] ? 1 : 0);
  }
  return made;
}

// What of a lane is seen between two moments: boxes {x, width, first, last} in pixels. What is closer together than
// `gap` pixels is one box, however many there are, so this costs as much as the view is wide and not as the session is long.
function boxes(lane, from, to, pixels, gap) {
  const scale = pixels / (to - from);
  const found = [];
  const count = lane.rows.length;
  let index = firstIndex(count, (i) => lane.end[i] >= from);
  while (index < count && lane.start[index] <= to) {
    const x = (lane.start[index] - from) * scale;
    const right = (lane.end[index] - from) * scale;
    let last = index;
    if (right - x < gap) {
      // All that ends within the same few pixels.
      const limit = from + (x + gap) / scale;
      last = Math.max(index, firstIndex(count, (i) => lane.end[i] > limit) - 1);
    }
    found.push({ x, width: (lane.end[last] - from) * scale - x, first: index, last });
    index = last + 1;
  }
  return found;
}

// What to say of a box of several: the worst that is in it.
function worst(lane, box) {
  const within = (sums) => sums[box.last + 1] - sums[box.first];
  return { trouble: within(lane.troubles), again: within(lane.agains), pitfall: within(lane.pitfalls) };
}

// The member of a lane that is at a moment, or as close to it as `reach`; -1 if there is none.
function memberAt(lane, time, reach) {
  const next = firstIndex(lane.rows.length, (i) => lane.start[i] > time);
  let [best, distance] = [-1, reach];
  for (const i of [next - 1, next]) {
    if (i < 0 || i >= lane.rows.length) continue;
    const away = Math.max(0, lane.start[i] - time, time - lane.end[i]);
    if (away <= distance && (best < 0 || away < distance)) [best, distance] = [i, away];
  }
  return best;
}

// Where the chip's end of the line differs within a message.
function differencesOf(session, row) {
  const { rows, states } = session;
  if (!rows.isMessage[row]) return [];
  const list = states.differences[rows.lane[row]];
  const [start, end] = [rows.offset[row], rows.offset[row] + rows.byteCount[row]];
  // Nothing says that they do not overlap, but each begins within 64 KB of where it ends.
  let index = firstIndex(list.length, (i) => list[i].offset >= start - 65536);
  const found = [];
  for (; index < list.length && list[index].offset < end; index++) {
    const one = list[index];
    if (one.offset + one.hostCount > start || (one.hostCount === 0 && one.offset >= start)) found.push(one);
  }
  return found;
}

// The difference that a mark tells of, and the message that it is about: marks and differences come in one order.
function differenceOfMark(session, row) {
  const { rows, states } = session;
  if (!session.differenceOfRow) {
    const marks = [];
    for (let i = 0; i < rows.count; i++) if (session.texts[rows.kind[i]] === "differs") marks.push(i);
    marks.sort((a, b) => rows.end[a] - rows.end[b] || a - b);
    const inTime = states.inOrder.map((one, i) => [one, i]).sort(([a, i], [b, j]) => a.time - b.time || i - j);
    session.differenceOfRow = new Map(marks.length === inTime.length ? marks.map((mark, i) => [mark, inTime[i][0]]) : []);
  }
  return session.differenceOfRow.get(row);
}

// The message that has a byte of a direction; -1 if none has.
function messageAt(model, direction, offset) {
  const { rows } = model.session;
  const members = model.byOffset[direction];
  const index = firstIndex(members.length, (i) => rows.offset[members[i]] > offset) - 1;
  if (index < 0) return -1;
  const row = members[index];
  return offset < rows.offset[row] + rows.byteCount[row] ? row : -1;
}

// A message byte by byte, what the host's end has and what the chip's has, one above the other: cells {host, chip, isOther},
// null where an end has nothing. Within a difference bytes stand side by side as they come.
function cells(bytes, offset, differences) {
  const made = [];
  let place = offset;
  const end = offset + bytes.length;
  const copy = (limit) => {
    for (; place < Math.min(limit, end); place++) {
      made.push({ host: bytes[place - offset], chip: bytes[place - offset], isOther: false });
    }
  };
  for (const one of differences) {
    copy(one.offset);
    const behind = one.offset + one.hostCount;
    // What began in the message before is not this one's.
    const skipped = Math.max(0, place - one.offset);
    for (let i = skipped; i < Math.max(one.hostCount, one.bytes.length); i++) {
      const inHost = i < one.hostCount && place < end;
      if (i < one.hostCount && !inHost) break;
      made.push({
        host: inHost ? bytes[place - offset] : null, chip: i < one.bytes.length ? one.bytes[i] : null, isOther: true,
      });
      if (inHost) place++;
    }
    place = Math.max(place, Math.min(behind, end));
  }
  copy(end);
  return made;
}

// Parts of a message by name: {name, start, count}.
function partsOf(fields, byteCount) {
  if (!fields) return [];
  const parts = fields.split(",").map((field) => {
    const blank = field.lastIndexOf(" ");
    return { name: field.slice(0, blank), count: Number(field.slice(blank + 1)) };
  });
  const fixed = parts.reduce((sum, part) => sum + part.count, 0);
  let start = 0;
  for (const part of parts) {
    part.isRest = part.count === 0;
    if (part.isRest) part.count = byteCount - fixed;
    part.start = start;
    start += part.count;
  }
  return parts.filter((part) => part.count > 0);
}

// Rows in which the question stands; `kind:NAME` asks for a kind.
function search(session, question) {
  const words = question.toLowerCase().split(/\s+/).filter(Boolean);
  if (!words.length) return null;
  const kinds = words.filter((word) => word.startsWith("kind:")).map((word) => word.slice(5));
  const rest = words.filter((word) => !word.startsWith("kind:")).join(" ");
  const { rows, texts } = session;
  // A text is looked at once, however many rows have it.
  const verdicts = new Map();
  const holds = (text) => {
    if (!verdicts.has(text)) verdicts.set(text, texts[text].toLowerCase().includes(rest));
    return verdicts.get(text);
  };
  const found = [];
  for (let i = 0; i < rows.count; i++) {
    if (kinds.length && !kinds.some((kind) => texts[rows.kind[i]] === kind)) continue;
    if (rest && !holds(rows.text[i]) && !holds(rows.kind[i]) && !holds(rows.advice[i])) continue;
    found.push(i);
  }
  return Uint32Array.from(found);
}

// Stretches of time in which a value lasts.
function spans(changes, end) {
  return changes.map((change, i) => ({
    start: change.time, end: i + 1 < changes.length ? changes[i + 1].time : end, value: change.value,
  }));
}

// Those of a list of stretches that are seen between two moments. Of those that are narrower than `least` one stands for all
// that lie in its place.
function seenSpans(list, from, to, least) {
  const seen = [];
  let index = firstIndex(list.length, (i) => list[i].end >= from);
  while (index < list.length && list[index].start <= to) {
    const span = list[index];
    seen.push(span);
    index = span.end - span.start >= least
      ? index + 1 : Math.max(index + 1, firstIndex(list.length, (i) => list[i].end > span.start + least));
  }
  return seen;
}

// Everything that is drawn of a session, made once.
function makeModel(session) {
  const { rows, states } = session;
  const lanes = Object.values(LANES).map((lane) => makeLane(rows, lane));
  let [start, end] = [Infinity, -Infinity];
  for (let i = 0; i < rows.count; i++) {
    start = Math.min(start, rows.drawn[i]);
    end = Math.max(end, rows.end[i]);
  }
  if (!rows.count) [start, end] = [0, 1e9];
  if (end - start < 1000) [start, end] = [start - 1e6, end + 1e6];
  // Times count from the first thing told, as in `solderless show`.
  const origin = rows.count ? rows.end[0] : 0;
  const byOffset = [0, 1].map((lane) => Array.from(lanes[lane].rows).sort((a, b) => rows.offset[a] - rows.offset[b]));
  const differences = [0, 1].map((direction) => makeDifferences(session, byOffset[direction], direction));
  const power = powerSpans(states, start, end);
  const baud = states.baud.map((list) => spans(list, end));
  return {
    session, lanes, start, end, origin, byOffset, differences, power, baud, lines: spans(states.lines, end), phases: [],
  };
}

// Differences as a lane: when the bytes were on the wire that they are about.
function makeDifferences(session, members, direction) {
  const { rows, states } = session;
  const list = states.differences[direction];
  // When the byte at a place began; where no message has it, when the difference was written.
  const timeOf = (offset, otherwise) => {
    const index = firstIndex(members.length, (i) => rows.offset[members[i]] > offset) - 1;
    if (index < 0) return otherwise;
    const row = members[index];
    const share = (offset - rows.offset[row]) / rows.byteCount[row];
    return share <= 1 ? rows.drawn[row] + share * (rows.end[row] - rows.drawn[row]) : otherwise;
  };
  const timed = list.map((one) => {
    const start = timeOf(one.offset, one.time);
    return { one, start, end: Math.max(start, one.hostCount ? timeOf(one.offset + one.hostCount - 1e-6, start) : start) };
  });
  timed.sort((a, b) => a.start - b.start);
  let last = -Infinity;
  return {
    list: timed.map((item) => item.one), rows: timed,
    start: Float64Array.from(timed, (item) => item.start),
    end: Float64Array.from(timed, (item) => (last = Math.max(last, item.end))),
  };
}

// What the chip is at: without power, or with a program that runs. Before it was switched on it was off.
function powerSpans(states, start, end) {
  const changes = [];
  if (states.power.length && states.power[0].value) changes.push({ time: start, value: { isOff: true, program: 0 } });
  const all = states.power.map((one) => ({ time: one.time, isOff: !one.value, program: 0 }))
    .concat(states.loader.map((one) => ({ time: one.time, isOff: false, program: one.value })));
  all.sort((a, b) => a.time - b.time);
  for (const one of all) changes.push({ time: one.time, value: { isOff: one.isOff, program: one.program } });
  return spans(changes, end).filter((span) => span.end > span.start);
}
