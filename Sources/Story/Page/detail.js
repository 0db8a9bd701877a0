// What there is to say of one row. Everything comes from the trace, so it is set as text and never as markup.

function make(tag, name, text) {
  const element = document.createElement(tag);
  if (name) element.className = name;
  if (text !== undefined) element.textContent = text;
  return element;
}

const MOST_SHOWN = 4096;

function showDetail(place, model, row, choose) {
  const { rows, texts } = model.session;
  const isMessage = rows.isMessage[row];
  const title = make("h2", ["host", "chip"][rows.lane[row]] || (rows.lane[row] === LANES.faults ? "bad" : "plain"));
  if (isMessage) title.append(make("span", "arrow", directionOf(rows.lane[row])));
  else title.append(make("span", "arrow", texts[rows.kind[row]]));
  title.append(" ", texts[rows.text[row]]);
  const parts = [title, facts(model, row)];
  if (rows.pitfall[row]) {
    const box = make("section", "pitfall");
    box.append(make("h3", "", texts[rows.pitfall[row]]), make("p", "", texts[rows.advice[row]]));
    parts.push(box);
  }
  if (rows.meaning[row]) parts.push(make("p", "meaning", texts[rows.meaning[row]]));
  if (isMessage) parts.push(...bytesOfRow(model, row));
  const difference = isMessage ? undefined : differenceOfMark(model.session, row);
  if (difference) parts.push(...messageOf(model, difference, choose));
  place.replaceChildren(...parts);
  place.scrollTop = 0;
}

function directionOf(lane) {
  return lane === LANES.host ? "→ chip" : lane === LANES.chip ? "← chip" : "·";
}

// When, how long, where.
function facts(model, row) {
  const { rows, texts } = model.session;
  const list = make("dl", "facts");
  const add = (name, value) => {
    const pair = make("div");
    pair.append(make("dt", "", name), make("dd", "", value));
    list.append(pair);
  };
  add("time", `${seconds(rows.end[row] - model.origin)} s`);
  if (row > 0) add("after the one before", `+${duration(Math.max(0, rows.end[row] - rows.end[row - 1]))}`);
  if (model.epoch) add("date", dateOf(model.epoch, rows.end[row]));
  if (rows.isMessage[row]) {
    if (rows.end[row] > rows.drawn[row]) add("on the wire for", duration(rows.end[row] - rows.drawn[row]));
    add("bytes", `${rows.byteCount[row]}, from ${rows.offset[row]} on in its direction`);
  }
  add("kind", texts[rows.kind[row]]);
  return list;
}

// The message that a difference is about, and a way to it.
function messageOf(model, difference, choose) {
  let message = messageAt(model, difference.direction, difference.offset);
  // What was added behind the last byte.
  if (message < 0 && !difference.hostCount) message = messageAt(model, difference.direction, difference.offset - 1);
  if (message < 0) return [];
  const { rows, texts } = model.session;
  const button = make("button", "", `${directionOf(rows.lane[message])} ${texts[rows.text[message]]}`);
  button.type = "button";
  button.addEventListener("click", () => choose(message));
  const line = make("p", "", "It is about ");
  line.append(button);
  return [line, ...bytesOfRow(model, message)];
}

// The epoch has more digits than a double.
function dateOf(epoch, time) {
  const nanoseconds = epoch + BigInt(Math.round(time));
  const date = new Date(Number(nanoseconds / 1000000n));
  return Number.isNaN(date.getTime()) ? "–" : date.toISOString().replace("T", " ").replace("Z", " UTC");
}

// Parts, then the bytes, then what the other end has where it differs.
function bytesOfRow(model, row) {
  const { session } = model;
  const { rows, texts } = session;
  const made = [];
  const bytes = session.bytes(row);
  const parts = partsOf(texts[rows.fields[row]], rows.byteCount[row]).filter((part) => part.start < bytes.length);
  if (parts.length) {
    const list = make("div", "parts");
    parts.forEach((part, i) => {
      const box = make("div", `part p${i % 6}`);
      const own = bytes.subarray(part.start, part.start + part.count);
      box.append(make("span", "", part.name), make("code", "", ownText(own, part)));
      list.append(box);
    });
    made.push(list);
  }
  const differences = differencesOf(session, row);
  if (differences.length) {
    const isHost = rows.lane[row] === LANES.host;
    const causes = Array.from(new Set(differences.map((one) => texts[one.cause])));
    made.push(make("p", "bad", `What ${isHost ? "the chip received" : "the chip had sent"} differs: ${causes.join("; ")}.`));
  }
  const all = cells(bytes, rows.offset[row], differences);
  const { table, passed } = hexTable(all, rows.lane[row], rows.offset[row], parts, differences.length);
  made.push(table);
  const missing = rows.byteCount[row] - passed;
  if (missing > 0) {
    made.push(make("p", "hint", `${missing} more bytes; solderless show --hex prints all.`));
  }
  return made;
}

// A part's bytes, and the number that they are: those of a fixed size have their lowest byte first.
function ownText(own, { count, isRest }) {
  const shown = Array.from(own.subarray(0, 8), hexByte).join(" ") + (count > 8 ? " …" : "");
  if (isRest || count < 2 || count > 4 || own.length < count) return shown;
  let value = 0;
  for (let i = count - 1; i >= 0; i--) value = value * 256 + own[i];
  return `${shown} = 0x${value.toString(16).toUpperCase()}`;
}

// Rows of bytes in hexadecimal and as text, as many as a page bears. Where the ends differ, a row has two lines: what was sent stands above what
// arrived, byte under byte. `passed` is how many of the message's bytes are shown or alike.
function hexTable(all, lane, offset, parts, hasOther) {
  const table = make("div", "hex");
  table.setAttribute("role", "group");
  table.setAttribute("aria-label", "Bytes");
  const perRow = window.matchMedia("(max-width: 640px)").matches ? 8 : 16;
  const hostIsSender = lane === LANES.host;
  const isOtherAt = (start) => all.slice(Math.max(0, start), start + perRow).some((cell) => cell.isOther);
  let [place, shown, alike] = [0, 0, 0];
  for (let start = 0; start < all.length && shown < MOST_SHOWN; start += perRow) {
    const row = all.slice(start, start + perRow);
    const isOther = isOtherAt(start);
    const inHost = row.filter((cell) => cell.host !== null).length;
    // Of a message that differs, what is around the differences.
    if (hasOther && !isOther && !isOtherAt(start - perRow) && !isOtherAt(start + perRow)) {
      alike += row.length;
      place += inHost;
      continue;
    }
    tellAlike();
    shown += row.length;
    const line = make("div", isOther ? "row other" : "row");
    line.append(make("span", "place", (offset + place).toString(16).toUpperCase().padStart(6, "0")));
    const columns = make("div", "ends");
    const sent = (cell) => (hostIsSender ? cell.host : cell.chip);
    const arrived = (cell) => (hostIsSender ? cell.chip : cell.host);
    columns.append(byteLine(row, sent, isOther ? "sent" : "", parts, place));
    if (isOther) columns.append(byteLine(row, arrived, "arrived", parts, place));
    line.append(columns);
    table.append(line);
    place += inHost;
  }
  tellAlike();
  if (hasOther) table.classList.add("twofold");
  return { table, passed: place };

  function tellAlike() {
    if (alike) table.append(make("div", "hint", `… ${alike} bytes that are alike`));
    alike = 0;
  }
}

// `place` is that of the row's first byte in the message.
function byteLine(row, end, name, parts, place) {
  const line = make("div", `bytes ${name}`);
  if (name) line.append(make("b", "", name));
  const text = make("span", "text");
  for (const cell of row) {
    const value = end(cell);
    const part = cell.isOther ? -1 : partAt(parts, place);
    const box = make("i", cell.isOther ? (value === null ? "gone" : "changed") : part >= 0 ? `p${part % 6}` : "",
      value === null ? "··" : hexByte(value));
    line.append(box);
    text.append(value === null ? " " : value >= 0x20 && value < 0x7f ? String.fromCharCode(value) : ".");
    if (cell.host !== null) place++;
  }
  line.append(text);
  return line;

  function partAt(list, byte) {
    return list.findIndex((one) => byte >= one.start && byte < one.start + one.count);
  }
}
