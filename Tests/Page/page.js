// The functions of a page that `solderless show --html` wrote, in node instead of a browser.
//
//   node page.js rows PAGE       its rows as lines of JSON, with the keys of `solderless show --json --hex`
//   node page.js functions PAGE  tries what finds, gathers and aligns; exits 1 with the first thing that is wrong
"use strict";
const assert = require("node:assert");
const { readFileSync } = require("node:fs");

const [, , command, path] = process.argv;
const html = readFileSync(path, "utf8");
const script = html.slice(html.lastIndexOf("<script>") + 8, html.lastIndexOf("</script>"));
const names = ["decodeSession", "makeModel", "makeLane", "boxes", "worst", "memberAt", "cells", "partsOf", "search",
  "seenSpans", "Numbers", "spans", "duration", "seconds", "tickStep", "firstIndex", "LANES", "TONES"];
const page = new Function(`${script}\nreturn { ${names.join(", ")} };`)();

function blocks(name) {
  const pattern = new RegExp(`<script type="text/plain" class="${name}"(?: data-count="(\\d+)")?>([^<]*)</script>`, "g");
  return Array.from(html.matchAll(pattern), (match) => ({ count: Number(match[1]), text: match[2] }));
}
const texts = (name) => blocks(name).map((block) => block.text);
const session = page.decodeSession(texts("texts"), blocks("rows"), texts("bytes"), blocks("states"));

if (command === "rows") printRows();
else tryFunctions();

function printRows() {
  const { rows } = session;
  for (let i = 0; i < rows.count; i++) {
    const line = { start: rows.start[i], kind: session.texts[rows.kind[i]], text: session.texts[rows.text[i]] };
    if (rows.isMessage[i]) {
      line.end = rows.end[i];
      line.direction = rows.lane[i] === page.LANES.host ? "host-to-chip" : "chip-to-host";
      line.offset = rows.offset[i];
      line.bytes = rows.byteCount[i];
      line.hex = Buffer.from(session.bytes(i)).toString("hex").toUpperCase().replace(/..(?!$)/g, "$& ");
    }
    if (rows.pitfall[i]) line.pitfall = session.texts[rows.advice[i]];
    console.log(JSON.stringify(line));
  }
}

// Rows as the decoder makes them, of [start, end, tone] in one lane.
function rowsOf(list) {
  return {
    count: list.length, lane: list.map(() => 0), drawn: list.map((one) => one[0]), end: list.map((one) => one[1]),
    tone: list.map((one) => one[2] || 0), pitfall: list.map(() => 0),
  };
}

function tryFunctions() {
  // A lane finds the same as a look at every member, for any view; times that go back are put in order.
  let seed = 1;
  const random = (n) => (seed = (seed * 48271) % 2147483647) % n;
  for (let round = 0; round < 200; round++) {
    const list = [];
    let time = 0;
    for (let i = random(60); i > 0; i--) {
      time += random(50) - (round % 4 === 0 ? 20 : 0);
      list.push([time, time + random(30), random(10) === 0 ? page.TONES.trouble : 0]);
      if (round % 4) time = list[list.length - 1][1];
    }
    const rows = rowsOf(list);
    const lane = page.makeLane(rows, 0);
    const from = random(200);
    const to = from + 1 + random(1000);
    const found = page.boxes(lane, from, to, 100, 1 + random(5));
    const inBoxes = found.reduce((sum, box) => sum + box.last - box.first + 1, 0);
    const seen = lane.rows.filter((row, i) => lane.end[i] >= from && lane.start[i] <= to).length;
    assert(inBoxes >= seen, "everything in sight is in a box");
    assert(found.length <= 101 + 100, "no more boxes than fit");
    found.forEach((box, i) => assert(i === 0 || box.first === found[i - 1].last + 1, "each once"));
    const troubles = found.reduce((sum, box) => sum + page.worst(lane, box).trouble, 0);
    let counted = 0;
    for (const box of found) {
      for (let i = box.first; i <= box.last; i++) counted += rows.tone[lane.rows[i]] === page.TONES.trouble ? 1 : 0;
    }
    assert.strictEqual(troubles, counted);
  }

  // A hundred thousand close together are as many boxes as fit, found in no time.
  const many = page.makeLane(rowsOf(Array.from({ length: 100000 }, (_, i) => [i * 10, i * 10 + 9])), 0);
  assert(page.boxes(many, 0, 1e6, 1000, 2).length <= 501);
  assert.strictEqual(page.boxes(many, 500, 519, 1000, 2).length, 2);
  assert.strictEqual(many.rows[page.memberAt(many, 123454, 0)], 12345);
  assert.strictEqual(page.memberAt(many, -50, 10), -1);

  // What was sent and what arrived, byte under byte.
  const show = (cells) => cells.map((cell) => `${cell.host ?? "-"}/${cell.chip ?? "-"}`).join(" ");
  const differs = (offset, hostCount, bytes) => ({ offset, hostCount, bytes: Uint8Array.from(bytes) });
  const bytes = Uint8Array.from([1, 2, 3, 4]);
  assert.strictEqual(show(page.cells(bytes, 10, [])), "1/1 2/2 3/3 4/4");
  assert.strictEqual(show(page.cells(bytes, 10, [differs(11, 1, [9])])), "1/1 2/9 3/3 4/4");
  assert.strictEqual(show(page.cells(bytes, 10, [differs(11, 2, [])])), "1/1 2/- 3/- 4/4");
  assert.strictEqual(show(page.cells(bytes, 10, [differs(12, 0, [8, 9])])), "1/1 2/2 -/8 -/9 3/3 4/4");
  assert.strictEqual(show(page.cells(bytes, 10, [differs(10, 4, [7])])), "1/7 2/- 3/- 4/-");
  // One that began in the message before, and one that goes on in the next.
  assert.strictEqual(show(page.cells(bytes, 10, [differs(8, 3, [5, 6, 7])])), "1/7 2/2 3/3 4/4");
  assert.strictEqual(show(page.cells(bytes, 10, [differs(13, 5, [])])), "1/1 2/2 3/3 4/-");

  assert.deepStrictEqual(page.partsOf("marker 1,data 0,sum 1", 6).map((part) => [part.name, part.start, part.count, part.isRest]),
    [["marker", 0, 1, false], ["data", 1, 4, true], ["sum", 5, 1, false]]);
  assert.deepStrictEqual(page.partsOf("", 6), []);

  const spans = page.spans(Array.from({ length: 1000 }, (_, i) => ({ time: i, value: i })), 1000);
  assert(page.seenSpans(spans, 0, 1000, 10).length <= 101);
  assert.deepStrictEqual(page.seenSpans(spans, 500.5, 501.5, 0.1).map((span) => span.value), [500, 501]);

  // As the command line says them.
  assert.strictEqual(page.duration(999), "999 ns");
  assert.strictEqual(page.duration(1500), "1.50 µs");
  assert.strictEqual(page.duration(12345678), "12.3 ms");
  assert.strictEqual(page.duration(2e9), "2 s");
  assert.strictEqual(page.seconds(1500000999), "1.500000");
  assert.strictEqual(page.seconds(-1000), "-0.000001");
  assert.strictEqual(page.tickStep(1000, 90), 100000);

  // Times a century away keep their sign (PageNumbers' form: −1 is 1, 1 is 2).
  const encoded = (value) => {
    const bytes = [];
    for (value = value < 0n ? -value * 2n - 1n : value * 2n; value > 127n; value >>= 7n) bytes.push(Number(value & 127n) | 128);
    return Uint8Array.from([...bytes, Number(value)]);
  };
  for (const value of [0n, 1n, -1n, 63n, -64n, 64n, -65n, 123456789012345n, -123456789012345n]) {
    assert.strictEqual(new page.Numbers(encoded(value)).nextSigned(), Number(value));
  }
  for (const value of [3155759999999999999n, -3155759999999999999n]) {
    assert(Math.abs(new page.Numbers(encoded(value)).nextSigned() / Number(value) - 1) < 1e-12);
  }

  // A search finds what a look at every row finds.
  const { rows } = session;
  const asked = (test) => Array.from({ length: rows.count }, (_, i) => i).filter((i) => test(i));
  assert.deepStrictEqual(Array.from(page.search(session, "Flash ID")),
    asked((i) => session.texts[rows.text[i]].includes("FLASH ID")));
  assert.deepStrictEqual(Array.from(page.search(session, "kind:sync-word")),
    asked((i) => session.texts[rows.kind[i]] === "sync-word"));
  assert.strictEqual(page.search(session, "  "), null);

  const model = page.makeModel(session);
  assert(model.start <= model.end && model.lanes.reduce((sum, lane) => sum + lane.rows.length, 0) === rows.count);
  console.log("good");
}
