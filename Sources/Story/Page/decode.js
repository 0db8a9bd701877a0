"use strict";
// What the page holds, decoded into columns. Nothing here touches the document: tests run it in node.
// The writer is Sources/Story/Views/Page/SessionPage.swift.

const LANES = { host: 0, chip: 1, lines: 2, baud: 3, power: 4, faults: 5, notes: 6 };
const TONES = { plain: 0, again: 1, trouble: 2 };
const STATES = { power: 0, baud: 1, lines: 2, loader: 3, difference: 4 };

// Bytes of base64, without making a string of numbers of them.
function bytesOf(text) {
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < binary.length; i++) bytes[i] = binary.charCodeAt(i);
  return bytes;
}

// Reads numbers as PageNumbers writes them. They are nanoseconds at most: what a double cannot hold is beyond 104 days,
// and off by less than a microsecond there.
class Numbers {
  constructor(bytes) {
    this.bytes = bytes;
    this.place = 0;
  }
  next() {
    let value = 0;
    let scale = 1;
    for (;;) {
      const byte = this.bytes[this.place++];
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
      scale *= 128;
    }
  }
  nextSigned() {
    // The sign is the last bit, which a large double has lost.
    const isNegative = this.bytes[this.place] & 1;
    const value = this.next();
    return isNegative ? -(value + 1) / 2 : value / 2;
  }
  nextBytes(count) {
    return this.bytes.slice(this.place, (this.place += count));
  }
}

// One column a property of a row: a hundred thousand objects would be slow to make and to keep.
function columns(count) {
  const numbers = () => new Float64Array(count);
  const small = () => new Uint32Array(count);
  return {
    count,
    lane: new Uint8Array(count), tone: new Uint8Array(count), isMessage: new Uint8Array(count),
    kind: small(), text: small(), meaning: small(), fields: small(), pitfall: small(), advice: small(),
    start: numbers(), end: numbers(), drawn: numbers(), offset: numbers(),
    byteCount: small(), kept: small(), block: small(), keptAt: small(),
  };
}

// Rows of blocks: [{count, text}], in their order.
function decodeRows(blocks) {
  const rows = columns(blocks.reduce((sum, block) => sum + block.count, 0));
  const places = [0, 0];
  let index = 0;
  let last = 0;
  blocks.forEach((block, blockIndex) => {
    const numbers = new Numbers(bytesOf(block.text));
    let keptAt = 0;
    for (let i = 0; i < block.count; i++, index++) {
      const head = numbers.next();
      const lane = (rows.lane[index] = head & 7);
      rows.tone[index] = (head >> 3) & 3;
      rows.kind[index] = numbers.next();
      rows.text[index] = numbers.next();
      rows.meaning[index] = numbers.next();
      last += numbers.nextSigned();
      rows.start[index] = rows.end[index] = rows.drawn[index] = last;
      if (head & 64) {
        rows.isMessage[index] = 1;
        rows.start[index] = last - numbers.nextSigned();
        rows.drawn[index] = last - numbers.nextSigned();
        rows.offset[index] = places[lane] + numbers.nextSigned();
        rows.byteCount[index] = numbers.next();
        places[lane] = rows.offset[index] + rows.byteCount[index];
        rows.kept[index] = numbers.next();
        rows.block[index] = blockIndex;
        rows.keptAt[index] = keptAt;
        keptAt += rows.kept[index];
        rows.fields[index] = numbers.next();
      }
      if (head & 32) {
        rows.pitfall[index] = numbers.next();
        rows.advice[index] = numbers.next();
      }
    }
  });
  return rows;
}

// What lasts, and where the two ends of the line differ.
function decodeStates(blocks) {
  const states = { power: [], baud: [[], []], lines: [], loader: [], differences: [[], []], inOrder: [] };
  let time = 0;
  for (const block of blocks) {
    const numbers = new Numbers(bytesOf(block.text));
    for (let i = 0; i < block.count; i++) {
      const what = numbers.next();
      time += numbers.nextSigned();
      switch (what) {
        case STATES.power:
          states.power.push({ time, value: numbers.next() });
          break;
        case STATES.baud: {
          const end = numbers.next();
          states.baud[end].push({ time, value: numbers.next() });
          break;
        }
        case STATES.lines:
          states.lines.push({ time, value: numbers.next() });
          break;
        case STATES.loader:
          states.loader.push({ time, value: numbers.next() });
          break;
        default: {
          const direction = numbers.next();
          const difference = {
            time, direction, offset: numbers.next(), hostCount: numbers.next(), chipCount: numbers.next(),
            cause: numbers.next(),
          };
          difference.bytes = numbers.nextBytes(numbers.next());
          states.differences[direction].push(difference);
          states.inOrder.push(difference);
        }
      }
    }
  }
  // Those of a message are found by halving: in the order of their places, whatever a file of others has.
  for (const list of states.differences) list.sort((a, b) => a.offset - b.offset);
  return states;
}

// All of it, from blocks of texts, rows and states. Bytes are decoded when they are asked for.
function decodeSession(texts, rows, bytes, states) {
  const session = { texts: [""], rows: decodeRows(rows), states: decodeStates(states) };
  for (const text of texts) for (const one of JSON.parse(text)) session.texts.push(one);
  let decoded = -1;
  let current = null;
  session.bytes = (index) => {
    const block = session.rows.block[index];
    if (block !== decoded) [decoded, current] = [block, bytesOf(bytes[block])];
    const start = session.rows.keptAt[index];
    return current.subarray(start, start + session.rows.kept[index]);
  };
  return session;
}
